"""What a return still needs before it can be submitted: one list, for the page and for the deed."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import exists, select

from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn
from audit_app.returns.queries.attributes import attributes_open
from audit_app.returns.queries.domains import gaps_of_return
from audit_app.returns.rules import GAP_WORDS, OVERALL_WORDS, Gap, Need, Overall, overall_needs, parts_open
from audit_app.rounds.models import RoundLevel


def needs_of_return(partnership_id: int, round_id: int, return_id: int) -> Sequence[Need]:
    """Everything that a return still needs, in the order of its pages."""
    return [need for part in _PARTS for need in part(partnership_id, round_id, return_id)]


def _attributes(partnership_id: int, round_id: int, return_id: int) -> Iterable[Need]:
    for one in attributes_open(partnership_id, round_id, return_id):
        it = one.attribute
        parts = parts_open(it, one.chosen) if one.chosen else ()
        words = f"Not answered yet: {', '.join(parts).lower()}" if parts else GAP_WORDS[Gap.ANSWER]
        yield Need("About the child", it.question, words, "about_child", f"attribute-{it.id}")


def _ratings(partnership_id: int, _round_id: int, return_id: int) -> Iterable[Need]:
    for row in gaps_of_return(partnership_id, return_id):
        yield Need(
            row.domain,
            f"{row.code} {row.title}",
            GAP_WORDS[row.gap],
            "score_domain",
            f"rating-{row.indicator_id}",
            {"position": row.position},
        )


def _overall(partnership_id: int, round_id: int, return_id: int) -> Iterable[Need]:
    of_round = RoundLevel.partnership_id == partnership_id, RoundLevel.round_id == round_id
    texts = (getattr(AgencyReturn, name) for name in OVERALL_WORDS)
    *said, has_levels = db.session.execute(
        select(*texts, exists().where(*of_round)).where(
            AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id
        )
    ).one()
    return overall_needs(Overall(*said), has_levels=has_levels)


_PARTS: tuple[Callable[[int, int, int], Iterable[Need]], ...] = (_attributes, _ratings, _overall)
"""What asks for something before a return is submitted, part by part. A further part is one more function here."""
