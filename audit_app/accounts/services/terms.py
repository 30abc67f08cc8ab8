"""A partnership's own words for roles, plans of children, kinds of agency and parts of the workforce."""

from collections.abc import Mapping

from audit_app.accounts import queries, rules
from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Service, TermGroup, Terms, TermSet, Viewer
from audit_app.core.db import db
from audit_app.core.errors import Refused, Stale
from audit_app.history.services import record


def change_terms(group: TermGroup, words: Mapping[str, str], *, version: int, by: Viewer | Service) -> None:
    """Give the words of one group, by code, all of them. Only what differs from the delivered words is kept.

    Raises:
        Refused: a word is missing, too long, or the same as another of the group; it names the code as its field.
        Stale: someone else changed the partnership's words meanwhile; `theirs` has this group's words as they are.
        ValueError: the codes are not those of the group.
    """
    partnership = queries.partnership_for_change(by.partnership_id)
    wanted = rules.tidied_terms(words)
    if refusal := rules.why_not_terms(group, wanted):
        raise Refused(*refusal)
    kept = Terms(partnership.terms)
    if partnership.terms_version != version:
        raise Stale(kept.of(group), version=partnership.terms_version)
    _keep(partnership, {group: wanted}, by=by)


def use_terms(chosen: TermSet, *, version: int, by: Viewer | Service) -> None:
    """Take over a delivered set of words. Words of which it says nothing stay as they are.

    Raises:
        Refused: a word of the set is another's already.
        Stale: someone else changed the partnership's words meanwhile.
    """
    partnership = queries.partnership_for_change(by.partnership_id)
    if partnership.terms_version != version:
        raise Stale({}, version=partnership.terms_version)
    wanted = rules.terms_of_set(chosen, Terms(partnership.terms))
    for group, words in wanted.items():
        if refusal := rules.why_not_terms(group, words):
            raise Refused(refusal[0])
    _keep(partnership, wanted, by=by)


def _keep(partnership: Partnership, wanted: Mapping[TermGroup, Mapping[str, str]], *, by: Viewer | Service) -> None:
    before = Terms(partnership.terms)
    own = {group: rules.own_terms(group, wanted.get(group, before.of(group))) for group in TermGroup}
    after = Terms({group.value: words for group, words in own.items() if words})
    changed = [
        f"{title}: {words}"
        for group, title in rules.TERM_GROUP_WORDS.items()
        if (words := rules.changed_terms(before.of(group), after.of(group)))
    ]
    if changed:
        partnership.terms = {group: dict(words) for group, words in after.own.items()}
        partnership.terms_version += 1
        record("words_changed", by=by, of=partnership, words=". ".join(changed))
    db.session.flush()
