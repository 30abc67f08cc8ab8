"""What agencies recorded about the child: the page of one return, and the whole case side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from audit_app.accounts.models import Agency, Person
from audit_app.cases.models import Case
from audit_app.core.db import db
from audit_app.returns import rules
from audit_app.returns.models import AgencyReturn, AttributeAnswer, AttributeChoice
from audit_app.returns.rules import HANDED_OVER, AttributeAsked
from audit_app.rounds.models import RoundAttribute, RoundAttributeOption
from audit_app.rounds.queries import frozen_attributes

_ITS_CHOICES = AttributeChoice.answer_id == AttributeAnswer.id


def attributes_asked(partnership_id: int, round_id: int, return_id: int) -> Sequence[AttributeAsked]:
    """The attributes that a return records, in order, with what is saved. Four queries; none without attributes."""
    attributes = frozen_attributes(partnership_id, round_id)
    if not attributes:
        return ()
    kept = kept_answers(partnership_id, return_id)
    names = select(AttributeAnswer.attribute_id, Person.name).join(Person, Person.id == AttributeAnswer.answered_by_id)
    by = dict(db.session.execute(names.where(*_of(partnership_id, return_id))).all())
    return [
        AttributeAsked(it, kept[it.id].chosen, kept[it.id].version, by[it.id]) if it.id in kept else AttributeAsked(it)
        for it in attributes
    ]


def from_the_sample(partnership_id: int, case_id: int, asked: Sequence[AttributeAsked]) -> Mapping[int, frozenset[int]]:
    """The options that the sample says already of a case, by the attribute's id. One query."""
    plan_status, age_band = db.session.execute(
        select(Case.plan_status, Case.age_band).where(Case.partnership_id == partnership_id, Case.id == case_id)
    ).one()
    return {one.attribute.id: rules.from_the_sample(one.attribute, plan_status, age_band) for one in asked}


@dataclass(frozen=True)
class KeptAttribute:
    """What is saved of one attribute."""

    id: int
    version: int
    chosen: frozenset[int]


def kept_answers(partnership_id: int, return_id: int) -> Mapping[int, KeptAttribute]:
    """What is saved of the attributes of a return, by the attribute's id. One query."""
    chosen: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for *answer, option_id in db.session.execute(
        select(AttributeAnswer.attribute_id, AttributeAnswer.id, AttributeAnswer.version, AttributeChoice.option_id)
        .outerjoin(AttributeChoice, _ITS_CHOICES)
        .where(*_of(partnership_id, return_id))
    ):
        attribute_id, answer_id, version = answer
        chosen[attribute_id, answer_id, version].update({option_id} - {None})
    return {
        attribute_id: KeptAttribute(answer_id, version, frozenset(options))
        for (attribute_id, answer_id, version), options in chosen.items()
    }


def _of(partnership_id: int, return_id: int) -> tuple[ColumnElement[bool], ...]:
    return AttributeAnswer.partnership_id == partnership_id, AttributeAnswer.return_id == return_id


@dataclass(frozen=True)
class AttributeShown:
    """What one agency recorded of one attribute, in words: one for each option it chose."""

    code: str
    title: str
    agency: str
    words: tuple[str, ...]


def attributes_of_return(partnership_id: int, return_id: int) -> Sequence[AttributeShown]:
    """What a return records about the child, in order. Ask only for a viewer who may read it."""
    return _shown(partnership_id, AgencyReturn.id == return_id)


def attributes_of_case(partnership_id: int, case_id: int) -> Sequence[AttributeShown]:
    """What the returns that were handed over on a case record, attribute by attribute, by agency."""
    return _shown(partnership_id, AgencyReturn.case_id == case_id, AgencyReturn.state.in_(HANDED_OVER))


def _shown(partnership_id: int, *which: ColumnElement[bool]) -> Sequence[AttributeShown]:
    rows = db.session.execute(
        select(RoundAttribute.code, RoundAttribute.title, Agency.name, RoundAttributeOption.words)
        .select_from(AgencyReturn)
        .join(AttributeAnswer, AttributeAnswer.return_id == AgencyReturn.id)
        .join(AttributeChoice, _ITS_CHOICES)
        .join(RoundAttributeOption, RoundAttributeOption.id == AttributeChoice.option_id)
        .join(RoundAttribute, RoundAttribute.id == AttributeAnswer.attribute_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .where(AgencyReturn.partnership_id == partnership_id, *which)
        .order_by(RoundAttribute.position, Agency.name, RoundAttributeOption.position)
    )
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for code, title, agency, words in rows:
        found[code, title, agency].append(words)
    return [AttributeShown(*about, words=tuple(words)) for about, words in found.items()]


def attributes_open(partnership_id: int, round_id: int, return_id: int) -> Sequence[AttributeAsked]:
    """The attributes that a return has not answered whole yet, in order."""
    return [one for one in attributes_asked(partnership_id, round_id, return_id) if not one.is_answered]
