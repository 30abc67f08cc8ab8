"""What agencies recorded about the children of a round, counted by case."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn, AttributeAnswer, AttributeChoice
from audit_app.returns.rules import HANDED_OVER
from audit_app.rounds.models import RoundAttribute, RoundAttributeOption
from audit_app.rounds.rules import NOT_KNOWN


@dataclass(frozen=True)
class Recorded:
    """In how many agreed cases of a round at least one agency recorded an option of an attribute."""

    attribute: str
    option: str
    cases: int


def recorded_in_round(partnership_id: int, round_id: int) -> Sequence[Recorded]:
    """What was recorded about the children of a round, in the order of the page that asked it. One query.

    A case counts once, whoever recorded it. “Not known” is left out: that one agency does not know says nothing against
    what another knows.
    """
    rows = db.session.execute(
        select(RoundAttribute.title, RoundAttributeOption.words, func.count(AgencyReturn.case_id.distinct()))
        .select_from(AgencyReturn)
        .join(Case, and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id))
        .join(AttributeAnswer, AttributeAnswer.return_id == AgencyReturn.id)
        .join(AttributeChoice, AttributeChoice.answer_id == AttributeAnswer.id)
        .join(RoundAttributeOption, RoundAttributeOption.id == AttributeChoice.option_id)
        .join(RoundAttribute, RoundAttribute.id == AttributeAnswer.attribute_id)
        .where(
            AgencyReturn.partnership_id == partnership_id,
            AgencyReturn.round_id == round_id,
            RoundAttributeOption.code != NOT_KNOWN,
            AgencyReturn.state.in_(HANDED_OVER),
            Case.state == CaseState.AGREED,
        )
        .group_by(
            RoundAttribute.position, RoundAttribute.title, RoundAttributeOption.position, RoundAttributeOption.words
        )
        .order_by(RoundAttribute.position, RoundAttributeOption.position)
    )
    return [Recorded(*row) for row in rows]
