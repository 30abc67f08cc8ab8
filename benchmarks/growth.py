"""Whether a write costs more because there is more data: the same deeds on two databases, one ten times the other.

The deeds run through the services, each in its own transaction, committed. The two databases take turns, so that
whatever else the machine does at the time falls on both.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cached_property
from statistics import median

from flask import Flask
from sqlalchemy import select

from audit_app.accounts import queries as accounts
from audit_app.accounts import services as sign_ins
from audit_app.accounts.models import Person
from audit_app.accounts.rules import Viewer
from audit_app.actions import services as actions
from audit_app.actions.models import Action
from audit_app.actions.rules import Brag
from audit_app.cases import services as cases
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.findings import services as findings
from audit_app.findings.models import Finding
from audit_app.findings.rules import FindingKind
from audit_app.panels import services as panels
from audit_app.panels.models import PanelItem
from audit_app.panels.rules import Decision
from audit_app.returns import services as returns
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import (
    KNOWN_STATES,
    Answer,
    AnswerKind,
    Change,
    Known,
    Overall,
    ReturnState,
    ShouldHaveKnown,
)
from audit_app.rounds import services as rounds
from audit_app.rounds.models import RoundIndicator, RoundLevel
from benchmarks.saving import EVIDENCE
from benchmarks.world import CHAIR, COORDINATOR, DOMAINS, PARTNERSHIP_ID, SLUG, Size, auditor, lead, return_of

RUNS, DEEDS_A_RUN = 5, 20
AT_MOST = 1.25
Deed = Callable[[], object]


@dataclass
class Cast:
    """Who does what, in one database. `turn` counts on, so that no deed meets what an earlier one did."""

    app: Flask
    size: Size
    turn: int = 0

    def person(self, email: str) -> Viewer:
        found = db.session.scalars(select(Person.id).where(Person.email == email)).one()
        viewer = accounts.viewer(found, SLUG, today=clock.today())
        assert viewer is not None
        return viewer

    @cached_property
    def auditor(self) -> Viewer:
        return self.person(auditor(1, 1))

    @cached_property
    def coordinator(self) -> Viewer:
        return self.person(COORDINATOR)

    def own_return(self, number: int) -> int:
        """A return of the auditor's agency that is in progress."""
        return return_of(self.size.open_cases()[number][0], 1)

    def rows(self, table: type[RoundIndicator] | type[RoundLevel] | type[Finding], round_id: int) -> list[int]:
        mine = table.partnership_id == PARTNERSHIP_ID
        return sorted(db.session.scalars(select(table.id).where(mine, table.round_id == round_id)))


def save_domain(cast: Cast) -> Deed:
    return_id, round_id = cast.own_return(0), cast.size.open_numbers[0]
    level = cast.rows(RoundLevel, round_id)[cast.turn % 4]
    asked = cast.rows(RoundIndicator, round_id)[: DOMAINS[0]]
    kept = select(Rating.indicator_id, Rating.version).where(
        Rating.partnership_id == PARTNERSHIP_ID, Rating.return_id == return_id, Rating.indicator_id.in_(asked)
    )
    answer = Answer(AnswerKind.LEVEL, level, evidence=f"{EVIDENCE} {cast.turn}")
    changes = {indicator: Change(answer, version) for indicator, version in db.session.execute(kept)}
    return lambda: returns.save_ratings(return_id, changes, by=cast.auditor, at=clock.now())


def say_known(cast: Cast) -> Deed:
    return_id = cast.own_return(1)
    seen = db.session.get_one(AgencyReturn, return_id).state
    known = Known.NOT_KNOWN if seen is ReturnState.IN_PROGRESS else Known.KNOWN
    assert seen is not KNOWN_STATES[known]
    at = clock.now()
    said = {"reason": "We looked.", "should_have_known": ShouldHaveKnown.NO}
    return lambda: returns.say_known(return_id, known=known, seen=seen, by=cast.auditor, at=at, **said)  # type: ignore[arg-type]


def save_words(cast: Cast) -> Deed:
    return_id = cast.own_return(2)
    version, words = db.session.get_one(AgencyReturn, return_id).version, f"{EVIDENCE} {cast.turn}"
    said = asdict(Overall(overall_reason=words, worked_well=words))
    return lambda: returns.save_words(return_id, **said, version=version, by=cast.auditor)


def submit_and_send_back(cast: Cast) -> Deed:
    """Submit, then send back, so that it can be submitted again."""
    return_id, at = cast.own_return(3), clock.now()

    def deed() -> None:
        returns.submit_return(return_id, is_declared=True, by=cast.auditor, at=at)
        returns.send_back(return_id, reason="Say more about school.", link="/", by=cast.coordinator, at=at)

    return deed


def raise_concern(cast: Cast) -> Deed:
    case_id, at = cast.size.open_cases()[4][0], clock.now()
    words = {"worry": "Alone at night.", "told_whom": "The front door", "agreed": "A visit today.", "link": "/"}
    known = {"token": f"turn {cast.turn}", "told_at": at - timedelta(minutes=5), "agency_id": 1, **words}
    return lambda: cases.raise_concern(case_id, **known, by=cast.auditor, at=at)  # type: ignore[arg-type]


def agree_rating(cast: Cast) -> Deed:
    case_id = cast.size.cases_of(cast.size.at_panel)[0][0]
    level = cast.rows(RoundLevel, cast.size.at_panel)[cast.turn % 4]
    of_case = select(PanelItem).where(PanelItem.partnership_id == PARTNERSHIP_ID, PanelItem.case_id == case_id)
    item = min(db.session.scalars(of_case), key=lambda row: row.id)
    reason, because = f"{EVIDENCE} {cast.turn}", "The panel looked again."
    decision = Decision(item.id, item.version, AnswerKind.LEVEL, level, reason, changed_because=because)
    chair = cast.person(CHAIR)
    return lambda: panels.agree_ratings(case_id, [decision], by=chair, at=clock.now())


def write_finding(cast: Cast) -> Deed:
    round_id = cast.size.in_reporting
    rests_on = cast.rows(RoundIndicator, round_id)[:3]
    words = {"title": f"Finding {cast.turn}", "words": EVIDENCE, "kind": FindingKind.STRENGTH}
    known = {"indicator_ids": rests_on, "by": cast.coordinator, "at": clock.now(), **words}
    return lambda: findings.write_finding(round_id, **known)  # type: ignore[arg-type]


def propose_action(cast: Cast) -> Deed:
    finding_id = cast.rows(Finding, cast.size.in_reporting)[0]
    leads = {"agency_id": 1, "lead_id": cast.person(lead(1)).id, "by": cast.coordinator, "at": clock.now()}
    words = {"title": f"Action {cast.turn}", "outcome_measure": "Nine of ten files.", "brag": Brag.GREEN}
    due = clock.today() + timedelta(days=90)
    return lambda: actions.propose_action(finding_id, due_on=due, **words, **leads)  # type: ignore[arg-type]


def post_progress(cast: Cast) -> Deed:
    of_round = Action.partnership_id == PARTNERSHIP_ID, Action.round_id == cast.size.in_reporting
    mine = select(Action.id).where(*of_round, Action.agency_id == 1)
    action_id, by = min(db.session.scalars(mine)), cast.person(lead(1))
    words = {"words": f"{EVIDENCE} {cast.turn}", "impact": EVIDENCE, "brag": Brag.AMBER}
    return lambda: actions.post_progress(action_id, **words, by=by, at=clock.now())  # type: ignore[arg-type]


def begin_round(cast: Cast) -> Deed:
    known = {"title": f"Round {cast.turn}", "reference": f"G{cast.turn}"}
    return lambda: rounds.create_round(**known, by=cast.coordinator, at=clock.now())


def sign_in(cast: Cast) -> Deed:
    return lambda: sign_ins.note_sign_in(cast.coordinator.id)


DEEDS: dict[str, Callable[[Cast], Deed]] = {
    "Save a domain: 12 ratings": save_domain,
    "Say whether the child is known": say_known,
    "Save the overall words": save_words,
    "Submit a return, and send it back": submit_and_send_back,
    "Raise an immediate concern": raise_concern,
    "Record an agreed rating": agree_rating,
    "Write a finding": write_finding,
    "Write an action": propose_action,
    "Post progress": post_progress,
    "Begin a round": begin_round,
    "Sign in (what it writes)": sign_in,
}


def milliseconds(cast: Cast, prepare: Callable[[Cast], Deed]) -> float:
    """The median time of one deed over a run of them, its transaction included, what it is made from left out."""
    times = []
    for _ in range(DEEDS_A_RUN):
        cast.turn += 1
        with cast.app.app_context():
            deed = prepare(cast)
            db.session.remove()
            began = time.perf_counter()
            with transaction():
                deed()
            times.append(time.perf_counter() - began)
    return 1000 * median(times)


def print_growth(once: tuple[Flask, Size], larger: tuple[Flask, Size]) -> None:
    """Print what each write takes on both databases, and their ratio: medians of alternating runs."""
    pair = Cast(*once), Cast(*larger)
    sizes = f"{once[1].ratings:,} ratings | {larger[1].ratings:,} ratings"
    print(f"\n### Growth\n\n| | ms with {sizes} | times | at most {AT_MOST} |\n| --- | ---: | ---: | ---: | --- |")
    for name, prepare in DEEDS.items():
        runs = [[milliseconds(cast, prepare) for cast in pair] for _ in range(RUNS)]
        before, after = (median(column) for column in zip(*runs, strict=True))
        verdict = "met" if after / before <= AT_MOST else "MISSED"
        print(f"| {name} | {before:.2f} | {after:.2f} | {after / before:.2f} | {verdict} |", flush=True)
