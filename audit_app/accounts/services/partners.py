"""Who acts for the lead safeguarding partners: told when a return is very late, or a concern unanswered."""

from collections.abc import Mapping

from audit_app.accounts import queries, rules
from audit_app.accounts.models import DelegatedPartner
from audit_app.accounts.rules import Service, Viewer
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.history.services import record

PARTNER_DETAILS = {
    "name": "name",
    "organisation": "organisation",
    "email": "e-mail address",
    "phone": "telephone number",
}
"""What `change_delegated_partner` may change, with the words by which history names it."""


def add_delegated_partner(details: Mapping[str, str], *, by: Viewer | Service) -> DelegatedPartner:
    """Add a delegated partner to the actor's partnership; `details` by the names in PARTNER_DETAILS.

    Raises:
        Refused: a needed detail is missing, the e-mail address is none or is taken.
    """
    partner = DelegatedPartner(partnership_id=by.partnership_id, **_checked(details))
    db.session.add(partner)
    db.session.flush()
    record("delegated_partner_added", by=by, of=partner)
    return partner


def change_delegated_partner(partner_id: int, details: Mapping[str, str], *, by: Viewer | Service) -> None:
    """Change a delegated partner's details; see `add_delegated_partner`.

    Raises:
        NotHere: the partnership has no such delegated partner.
        Refused: a needed detail is missing, the e-mail address is none or is taken.
    """
    checked = _checked(details)
    queries.partnership_for_change(by.partnership_id)
    partner = queries.delegated_partner_for_change(by.partnership_id, partner_id)
    changed = [name for name, value in checked.items() if getattr(partner, name) != value]
    for name in changed:
        setattr(partner, name, checked[name])
    if changed:
        words = ", ".join(PARTNER_DETAILS[name] for name in changed)
        record("delegated_partner_changed", by=by, of=partner, fields=words)
    db.session.flush()


def set_delegated_partner_ended(partner_id: int, *, is_ended: bool, by: Viewer | Service) -> DelegatedPartner:
    """End a delegated partner from today, or bring them back. An ended one is told nothing more.

    Raises:
        NotHere: the partnership has no such delegated partner.
    """
    queries.partnership_for_change(by.partnership_id)
    partner = queries.delegated_partner_for_change(by.partnership_id, partner_id)
    if (partner.ended_on is not None) != is_ended:
        partner.ended_on = clock.today() if is_ended else None
        record("place_ended" if is_ended else "place_brought_back", by=by, of=partner)
        db.session.flush()
    return partner


def _checked(details: Mapping[str, str]) -> dict[str, str]:
    known = {name: details.get(name, "").strip() for name in PARTNER_DETAILS}
    for field, sentence in (("name", "Enter a name."), ("organisation", "Enter the organisation.")):
        if not known[field]:
            raise Refused(sentence, field)
    known["email"] = rules.tidy_email(known["email"])
    if reason := rules.why_not_email(known["email"]):
        raise Refused(reason, "email")
    return known
