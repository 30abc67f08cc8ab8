"""Reads of reflective discussions, of who is named on a return, and of what they answered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from audit_app.accounts.models import Person
from audit_app.accounts.queries import PersonChoice, people_with_role
from audit_app.accounts.rules import Role
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn, Discussion, PractitionerAnswer, ReturnPractitioner
from audit_app.returns.rules import HANDED_OVER, PROMPT_WORDS, PractitionerPart, Prompt, ReplyShown, Talk
from audit_app.rounds.models import RoundIndicator

WHOLE = 0
"""Stands for the whole return where replies are found by the indicator that they answer."""

# By their keys alone, so that no plan begins with all rows of a partnership.
_NAMED_ON_RETURN = ReturnPractitioner.return_id == AgencyReturn.id
_ANSWERED = PractitionerAnswer.named_id == ReturnPractitioner.id


@dataclass(frozen=True)
class DiscussionShown:
    """The discussion of a return as it is kept. `version` is 0 where there is none yet."""

    talk: Talk = field(default_factory=Talk)
    saved_by: str = ""
    saved_at: datetime | None = None
    version: int = 0

    @property
    def is_held(self) -> bool:
        return self.talk.held_on is not None


@dataclass(frozen=True)
class Practice:
    """What the practitioner's side of one return is: the discussion, and replies by indicator (WHOLE: to it all)."""

    discussion: DiscussionShown = field(default_factory=DiscussionShown)
    replies: Mapping[int, Sequence[ReplyShown]] = field(default_factory=dict)

    @property
    def to_it_all(self) -> Sequence[ReplyShown]:
        return self.replies.get(WHOLE, ())


def discussion_of_return(partnership_id: int, return_id: int) -> DiscussionShown:
    """The discussion of one return. Ask only for a viewer who may read it."""
    found = _discussions(AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id)
    return next(iter(found.values()), DiscussionShown())


def practice_of_return(partnership_id: int, return_id: int) -> Practice:
    """The discussion of one return and what was answered to it. Two queries. Ask only for a viewer who may read it."""
    of_return = (AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id)
    return next(iter(_practice(*of_return).values()), Practice())


def practice_of_case(partnership_id: int, case_id: int) -> Mapping[int, Practice]:
    """The same of the returns that were handed over on a case, by the agency's id. Two queries."""
    of_case = (AgencyReturn.partnership_id == partnership_id, AgencyReturn.case_id == case_id)
    return _practice(*of_case, AgencyReturn.state.in_(HANDED_OVER))


def replies_of_case(partnership_id: int, case_id: int) -> Mapping[int, Mapping[int, Sequence[ReplyShown]]]:
    """What was answered to the returns that were handed over on a case, by the agency's id and by indicator."""
    of_case = (AgencyReturn.partnership_id == partnership_id, AgencyReturn.case_id == case_id)
    return _replies(*of_case, AgencyReturn.state.in_(HANDED_OVER))


def _practice(*which: ColumnElement[bool]) -> Mapping[int, Practice]:
    discussions, replies = _discussions(*which), _replies(*which)
    return {
        agency_id: Practice(discussions.get(agency_id, DiscussionShown()), replies.get(agency_id, {}))
        for agency_id in discussions.keys() | replies.keys()
    }


def _discussions(*which: ColumnElement[bool]) -> Mapping[int, DiscussionShown]:
    query = (
        select(AgencyReturn.agency_id, Discussion, Person.name)
        .join(Discussion, Discussion.return_id == AgencyReturn.id)
        .outerjoin(Person, Person.id == Discussion.saved_by_id)
        .where(*which)
        .execution_options(populate_existing=True)
    )
    return {
        agency_id: DiscussionShown(talk_of(found), name or "", found.saved_at, found.version)
        for agency_id, found, name in db.session.execute(query)
    }


def talk_of(found: Discussion) -> Talk:
    """What a row says of its discussion."""
    notes = {prompt: str(getattr(found, prompt)) for prompt in Prompt}
    return Talk(found.held_on, found.with_whom, found.not_held_reason, notes)


def _replies(*which: ColumnElement[bool]) -> Mapping[int, Mapping[int, Sequence[ReplyShown]]]:
    query = (
        select(
            AgencyReturn.agency_id,
            PractitionerAnswer.indicator_id,
            RoundIndicator.code,
            ReturnPractitioner.part,
            PractitionerAnswer.words,
            PractitionerAnswer.answered_at,
        )
        .select_from(AgencyReturn)
        .join(ReturnPractitioner, _NAMED_ON_RETURN)
        .join(PractitionerAnswer, _ANSWERED)
        .outerjoin(RoundIndicator, RoundIndicator.id == PractitionerAnswer.indicator_id)
        .where(*which, PractitionerAnswer.words != "")
        .order_by(
            PractitionerAnswer.indicator_id.is_not(None),  # the whole first, on every database
            RoundIndicator.position,
            ReturnPractitioner.part.desc(),  # the practitioner before the manager
            ReturnPractitioner.id,
        )
    )
    found: dict[int, dict[int, list[ReplyShown]]] = defaultdict(lambda: defaultdict(list))
    for agency_id, indicator_id, code, part, words, answered_at in db.session.execute(query):
        found[agency_id][indicator_id or WHOLE].append(ReplyShown(code or "", part, words, answered_at))
    return found


def discussion_for_change(partnership_id: int, return_id: int) -> Discussion | None:
    """The discussion of a return that is locked."""
    query = select(Discussion).where(Discussion.partnership_id == partnership_id, Discussion.return_id == return_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


@dataclass(frozen=True)
class NamedShown:
    """Someone named on a return, for those who name them."""

    id: int
    person_id: int
    name: str
    part: PractitionerPart
    named_at: datetime


def named_on_return(partnership_id: int, return_id: int) -> Sequence[NamedShown]:
    """Who may read a return because they are named on it, in the order in which they were named."""
    query = (
        select(
            ReturnPractitioner.id,
            ReturnPractitioner.person_id,
            Person.name,
            ReturnPractitioner.part,
            ReturnPractitioner.named_at,
        )
        .join(Person, Person.id == ReturnPractitioner.person_id)
        .where(
            ReturnPractitioner.partnership_id == partnership_id,
            ReturnPractitioner.return_id == return_id,
            ReturnPractitioner.ended_at.is_(None),
        )
        .order_by(ReturnPractitioner.id)
    )
    return [NamedShown(*row) for row in db.session.execute(query)]


def people_to_name(partnership_id: int, agency_id: int, *, today: date) -> Sequence[PersonChoice]:
    """The people of an agency who hold the practitioner's role today and audit for nobody: auditors judge, and a
    practitioner answers."""
    auditors = {person.id for person in people_with_role(partnership_id, Role.AUDITOR, today=today)}
    practitioners = people_with_role(partnership_id, Role.PRACTITIONER, today=today, agency_id=agency_id)
    return [person for person in practitioners if person.id not in auditors]


def naming_for_change(partnership_id: int, return_id: int, person_id: int) -> ReturnPractitioner | None:
    """How someone is or was named on a return that is locked."""
    query = select(ReturnPractitioner).where(
        ReturnPractitioner.partnership_id == partnership_id,
        ReturnPractitioner.return_id == return_id,
        ReturnPractitioner.person_id == person_id,
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def texts_of_discussion(partnership_id: int, return_id: int) -> Sequence[tuple[str, str, str]]:
    """What was typed around the practitioner of a return: where in words, the anchor on its page, and the text.

    For the check of names: discussion, answers of practitioners. Two queries. Empty texts are left out.
    """
    practice = practice_of_return(partnership_id, return_id)
    talk = practice.discussion.talk
    said = [("Reflective discussion: with whom", "with_whom", talk.with_whom)]
    said.append(("Reflective discussion: why none was held", "not_held_reason", talk.not_held_reason))
    said += [(f"Reflective discussion: {PROMPT_WORDS[one]}", one.value, words) for one, words in talk.notes.items()]
    for indicator, replies in practice.replies.items():
        said += [
            (f"Practitioner's answer to {one.code or 'the whole return'}", f"replies-{indicator}", one.words)
            for one in replies
        ]
    return [one for one in said if one[2]]
