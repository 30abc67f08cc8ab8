"""Returns for tests: a round whose cases were sent, a return that is known, filled in, submitted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import AgencyKind, Role, Viewer
from audit_app.cases.models import Case, Identity
from audit_app.cases.rules import CaseState, IdentitySheet
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.indicators.rules import AgeBand, AuditTemplate, PlanStatus
from audit_app.returns import queries, services
from audit_app.returns.models import AgencyReturn, ChronologyEvent, Rating, Voice
from audit_app.returns.rules import (
    Answer,
    AnswerKind,
    AttributeChange,
    Change,
    Consent,
    Contact,
    Event,
    Known,
    OwnPart,
    ShouldHaveKnown,
    VoiceOf,
    VoiceTold,
    WordsKind,
    WordsUse,
    seen_confirmed,
)
from audit_app.rounds.models import Round, RoundLevel
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor, number, saved
from tests.factories.rounds import SMALL, an_open_round

IN_WORDS = Answer(AnswerKind.IN_WORDS, evidence="She was asked twice, and drew her room.")

SHEET = IdentitySheet(names="Robin Example", born_on="2018-05-01", addresses="1 Made Up Lane", carers="Kim Example")


@dataclass(frozen=True)
class Asked:
    """A round with two agencies. `cases` and `returns` are in the order of the sample, `returns` by agency's id."""

    slug: str
    partnership_id: int
    round_id: int
    reference: str
    health: int
    police: int
    coordinator: int
    health_auditor: int
    police_auditor: int
    cases: tuple[str, ...]
    returns: Mapping[int, tuple[int, ...]]

    def actor(self, person_id: int) -> Viewer:
        """One of these people, as services see them."""
        return as_actor(db.session.get_one(Person, person_id), db.session.get_one(Partnership, self.partnership_id))

    def at(self, agency_id: int, case: int = 0) -> str:
        """The address of one return."""
        return f"/p/{self.slug}/cases/{self.cases[case]}/return/{agency_id}"


def a_waiting_case(round_: Round, *, has_sheet: bool = True, **more: object) -> Case:
    """A sampled case with its line in the identity key, and its identity sheet unless told otherwise."""
    one = next(number)
    known = {
        "position": one,
        "reference": f"{round_.reference}-{one:02}",
        "state": CaseState.SAMPLED,
        "plan_status": PlanStatus.CHILD_PROTECTION,
        "age_band": AgeBand.FROM_5_TO_9,
        "created_at": clock.now(),
    }
    case = saved(Case(partnership_id=round_.partnership_id, round_id=round_.id, **{**known, **more}))
    saved(
        Identity(
            partnership_id=round_.partnership_id,
            round_id=round_.id,
            case_id=case.id,
            token=f"{one:064}",
            number=f"C{one}",
            sheet=SHEET.to_json() if has_sheet else None,
            sheet_saved_at=clock.now() if has_sheet else None,
            sheet_saved_by_id=0 if has_sheet else None,
        )
    )
    return case


def send(round_: Round, coordinator: Viewer) -> None:
    """Send every waiting case of a round to its agencies."""
    with transaction():
        services.send_to_agencies(
            round_.id, due_on=date(2100, 3, 1), link="http://service.example/returns", by=coordinator, at=clock.now()
        )


def a_round_with_agencies(
    partnership: Partnership | None = None,
    *,
    cases: int = 1,
    template: AuditTemplate = SMALL,
    has_sheets: bool = True,
    is_sent: bool = True,
    **more: object,
) -> Asked:
    """A round of a health agency and a police force, with its cases sent to both unless told otherwise."""
    partnership = partnership or a_partnership()
    health = an_agency(partnership, AgencyKind.HEALTH, name=f"Health {next(number)}")
    police = an_agency(partnership, AgencyKind.POLICE, name=f"Police {next(number)}")
    round_ = an_open_round(partnership, [health, police], template, **more)
    coordinator = a_member(partnership, Role.COORDINATOR, name="Cora Ordinator")
    references = tuple(a_waiting_case(round_, has_sheet=has_sheets).reference for _ in range(cases))
    people = [a_member(partnership, Role.AUDITOR, agency=agency) for agency in (health, police)]
    if is_sent:
        send(round_, as_actor(coordinator, partnership))
    return Asked(
        slug=partnership.slug,
        partnership_id=partnership.id,
        round_id=round_.id,
        reference=round_.reference,
        health=health.id,
        police=police.id,
        coordinator=coordinator.id,
        health_auditor=people[0].id,
        police_auditor=people[1].id,
        cases=references,
        returns={agency.id: _returns_of(round_, agency) for agency in (health, police)},
    )


def _returns_of(round_: Round, agency: Agency) -> tuple[int, ...]:
    rows = db.session.scalars(
        select(AgencyReturn.id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .where(AgencyReturn.round_id == round_.id, AgencyReturn.agency_id == agency.id)
        .order_by(Case.position)
    ).all()
    db.session.rollback()
    return tuple(rows)


def say(return_id: int, known: Known, by: Viewer, reason: str = "", *, is_file_found: bool = True) -> None:
    """Answer the first question of a return, and where the child is known, say that the right file is open."""
    seen, said = the_return(return_id).state, {}
    if known is Known.NOT_KNOWN:
        reason, said = reason or "We looked under both names.", {"should_have_known": ShouldHaveKnown.NO}
    with transaction():
        services.say_known(return_id, known=known, reason=reason, seen=seen, by=by, at=clock.now(), **said)
    if known is Known.KNOWN and is_file_found:
        find_file(return_id, by)


def find_file(return_id: int, by: Viewer, own_part: str = "", file_number: str = "") -> None:
    """Say that the right file is open, and name the part that the auditor had, if any."""
    seen = seen_confirmed(the_return(return_id).file_confirmed_at)
    part = OwnPart.SOME if own_part else OwnPart.NONE
    said = {"own_part_words": own_part, "file_number": file_number, "seen": seen}
    with transaction():
        services.confirm_file(return_id, own_part=part, **said, by=by, at=clock.now())


def the_return(return_id: int) -> AgencyReturn:
    """A return as it is kept now."""
    db.session.rollback()
    found = db.session.get_one(AgencyReturn, return_id, populate_existing=True)
    db.session.rollback()
    return found


def ratings_of(return_id: int) -> Sequence[Rating]:
    """The ratings of a return as they are kept now, in the order of its pages."""
    db.session.rollback()
    query = select(Rating).where(Rating.return_id == return_id).order_by(Rating.indicator_id)
    rows = db.session.scalars(query.execution_options(populate_existing=True)).all()
    db.session.rollback()
    return rows


def level_id(round_id: int, code: str = "good") -> int:
    """The id of one level of a round's scale."""
    found = db.session.scalars(select(RoundLevel.id).where(RoundLevel.round_id == round_id, RoundLevel.code == code))
    wanted = found.one()
    db.session.rollback()
    return wanted


def a_level(round_id: int, code: str = "good", evidence: str = "Seen on 3 March.") -> Answer:
    """An answer that is a level with its evidence."""
    return Answer(AnswerKind.LEVEL, level_id(round_id, code), evidence=evidence)


def fill_in(return_id: int, by: Viewer, code: str = "good") -> None:
    """Answer every indicator of a return alike, and over all: with one level, or with "in_words" in words."""
    answer = IN_WORDS if code == AnswerKind.IN_WORDS else a_level(the_return(return_id).round_id, code)
    changes = {row.indicator_id: Change(answer, row.version) for row in ratings_of(return_id)}
    with transaction():
        services.save_ratings(return_id, changes, by=by, at=clock.now())
    say_overall(return_id, by, code)


def say_overall(return_id: int, by: Viewer, code: str = "good", **more: object) -> None:
    """Say what a return needs over the whole: a level, or with "in_words" none, and the reason. The rest stays."""
    found = the_return(return_id)
    known = asdict(queries.overall_of(found))
    level = None if code == AnswerKind.IN_WORDS else level_id(found.round_id, code)
    said: dict[str, Any] = {"overall_level_id": level, "overall_reason": "She was heard, and it showed.", **more}
    with transaction():
        services.save_words(return_id, **{**known, **said}, version=found.version, by=by)


def describe(return_id: int, by: Viewer) -> None:
    """Record something of every case attribute that is asked."""
    found = the_return(return_id)
    asked = queries.attributes_asked(found.partnership_id, found.round_id, return_id)
    changes = {
        one.attribute.id: AttributeChange(frozenset({one.attribute.options[0].id}), one.version) for one in asked
    }
    with transaction():
        services.save_attributes(return_id, changes, by=by, at=clock.now())


def submit(return_id: int, by: Viewer, **more: Any) -> None:
    """Submit a return that lacks nothing."""
    with transaction():
        services.submit_return(return_id, is_declared=True, by=by, at=clock.now(), **more)


def hand_over(return_id: int, by: Viewer, code: str = "good", **more: Any) -> None:
    """Take a return that was not started all the way to submitted, every indicator at one level."""
    say(return_id, Known.KNOWN, by)
    fill_in(return_id, by, code)
    describe(return_id, by)
    submit(return_id, by, **more)


TOLD = VoiceTold(
    VoiceOf.CHILD,
    Contact.SAFE,
    "Her social worker",
    asked_by="Her school nurse",
    information="The leaflet, read out",
    consent=Consent.AGREED,
    said_on=date(2026, 2, 20),
    kind=WordsKind.QUOTE,
    words="Somebody could have asked me.",
    use=WordsUse.PARTNERSHIP,
)


def an_event(return_id: int, by: Viewer, day: date = date(2026, 1, 5), event: str = "Home without heating") -> int:
    """Add an event to the chronology of a return that is being written."""
    told = Event(day, event, "She slept in her coat.", "A heater was lent.")
    with transaction():
        services.add_event(return_id, told, is_sure=True, by=by, at=clock.now())
    wanted = (ChronologyEvent.return_id == return_id, ChronologyEvent.event == event)
    return _newest(select(ChronologyEvent.id).where(*wanted).order_by(ChronologyEvent.id.desc()))


def a_voice(return_id: int, by: Viewer, told: VoiceTold = TOLD) -> int:
    """Record a voice in a return that is being written."""
    with transaction():
        services.add_voice(return_id, told, by=by, at=clock.now())
    return _newest(select(Voice.id).where(Voice.return_id == return_id).order_by(Voice.id.desc()))


def _newest(ids: Select[int]) -> int:
    found = db.session.scalars(ids.limit(1)).one()
    db.session.rollback()
    return found
