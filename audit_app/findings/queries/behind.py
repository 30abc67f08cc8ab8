"""The cases behind a count, for those who may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.core.db import db
from audit_app.indicators.rules import Band
from audit_app.panels.models import AgreedRating, PanelItem
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import Round, RoundLevel


@dataclass(frozen=True)
class CaseBehind:
    """One answer behind a count. `words` say why: the panel's reason, or the agency's evidence. `agency` is empty where
    the panel agreed one rating for the case; `rank` and `band` are None for answers that are no level."""

    reference: str
    agency: str
    agency_id: int | None
    answer: AnswerKind
    level: str
    letter: str
    rank: int | None
    band: Band | None
    words: str


def agreed_behind(
    viewer: Viewer, round_id: int, indicator_id: int, said: tuple[AnswerKind, int | None] | None = None
) -> Sequence[CaseBehind]:
    """What the panel agreed on an indicator, case by case, as far as the viewer may see it.

    `said` keeps to the cases of one answer, as its kind and its level's id.
    """
    query = (
        select(
            Case.reference,
            Agency.name,
            PanelItem.agency_id,
            AgreedRating.answer,
            RoundLevel.words.label("level"),
            RoundLevel.letter,
            RoundLevel.rank,
            RoundLevel.band,
            AgreedRating.reason,
        )
        .select_from(AgreedRating)
        .join(
            PanelItem,
            and_(PanelItem.partnership_id == AgreedRating.partnership_id, PanelItem.id == AgreedRating.item_id),
        )
        .join(Case, and_(Case.partnership_id == PanelItem.partnership_id, Case.id == PanelItem.case_id))
        .join(Round, and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id))
        .outerjoin(Agency, and_(Agency.partnership_id == PanelItem.partnership_id, Agency.id == PanelItem.agency_id))
        .outerjoin(RoundLevel, RoundLevel.id == AgreedRating.level_id)
        .where(
            AgreedRating.partnership_id == viewer.partnership_id,
            AgreedRating.is_current,
            AgreedRating.round_id == round_id,
            AgreedRating.indicator_id == indicator_id,
            sees(viewer, Thing.AGREED_RATINGS),
        )
        .order_by(Case.position, Agency.name)
    )
    if said is not None:
        answer, level_id = said
        query = query.where(AgreedRating.answer == answer, AgreedRating.level_id.is_not_distinct_from(level_id))
    return [_behind(*row) for row in db.session.execute(query)]


def rated_behind(viewer: Viewer, round_id: int, indicator_id: int, agency_id: int) -> Sequence[CaseBehind]:
    """What an agency submitted on an indicator, case by case, as far as the viewer may see it. Worst first."""
    query = (
        select(
            Case.reference,
            Agency.name,
            Rating.agency_id,
            Rating.answer,
            RoundLevel.words.label("level"),
            RoundLevel.letter,
            RoundLevel.rank,
            RoundLevel.band,
            Rating.evidence,
        )
        .select_from(Rating)
        .join(
            AgencyReturn,
            and_(AgencyReturn.partnership_id == Rating.partnership_id, AgencyReturn.id == Rating.return_id),
        )
        .join(Case, and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id))
        .join(Round, and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id))
        .join(Agency, and_(Agency.partnership_id == Rating.partnership_id, Agency.id == Rating.agency_id))
        .outerjoin(RoundLevel, RoundLevel.id == Rating.level_id)
        .where(
            Rating.partnership_id == viewer.partnership_id,
            Rating.is_submitted,
            Rating.round_id == round_id,
            Rating.indicator_id == indicator_id,
            Rating.agency_id == agency_id,
            Rating.answer.is_not(None),
            sees(viewer, Thing.OTHER_RETURN),
        )
        .order_by(RoundLevel.rank.is_(None), RoundLevel.rank.desc(), Case.position)
    )
    return [_behind(*row) for row in db.session.execute(query)]


def _behind(
    reference: str,
    agency: str | None,
    agency_id: int | None,
    answer: AnswerKind | None,
    level: str | None,
    letter: str | None,
    rank: int | None,
    band: Band | None,
    words: str,
) -> CaseBehind:
    if answer is None:  # neither query asks for ratings without an answer
        raise ValueError(f"{reference} has no answer")
    return CaseBehind(reference, agency or "", agency_id, answer, level or "", letter or "", rank, band, words)
