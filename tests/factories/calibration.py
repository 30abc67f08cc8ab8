"""Practice cases for tests: a round before its returns, its auditors, and what they answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import AgencyKind, Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.panels import services
from audit_app.panels.models import Calibration
from audit_app.panels.rules import PracticeAnswer
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import Round
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor
from tests.factories.findings import indicator_id
from tests.factories.returns import level_id
from tests.factories.rounds import an_open_round

STORY = "Robin is four. The health visitor saw mould twice.\n\nNobody asked Robin."


@dataclass(frozen=True)
class Practising:
    """A round of a health agency and a police force before its returns, each with an auditor, and a coordinator."""

    partnership: Partnership
    audit: Round
    health: Agency
    police: Agency
    coordinator: Person
    nurse: Person
    officer: Person

    @property
    def at(self) -> str:
        """The address of the round's practice case."""
        return f"/p/{self.partnership.slug}/rounds/{self.audit.reference}/practice-case"


def practising(**more: object) -> Practising:
    """A round that is sampling, unless told otherwise, without a practice case."""
    partnership = a_partnership()
    health = an_agency(partnership, AgencyKind.HEALTH, name="Health")
    police = an_agency(partnership, AgencyKind.POLICE, name="Police")
    return Practising(
        partnership,
        an_open_round(partnership, [health, police], **more),  # type: ignore[arg-type]
        health,
        police,
        a_member(partnership, Role.COORDINATOR, name="Cora"),
        a_member(partnership, Role.AUDITOR, agency=health, name="Nora Nurse"),
        a_member(partnership, Role.AUDITOR, agency=police, name="Otis Officer"),
    )


def a_practice_case(here: Practising, **more: Any) -> Calibration:
    """The coordinator sets the round's practice case."""
    words: dict[str, Any] = {"title": "Robin, aged four", "story": STORY, "due_on": date(2026, 3, 20), **more}
    with transaction():
        return services.set_practice_case(
            here.audit.id, **words, by=as_actor(here.coordinator, here.partnership), at=clock.now()
        )


def said(here: Practising, answers: Mapping[str, str], reasoning: str = "") -> dict[int, PracticeAnswer]:
    """Answers by the indicator's id, from levels' codes (or not_applicable, no_evidence) by the indicator's code."""
    found = {}
    for code, word in answers.items():
        kind = AnswerKind(word) if word in {"not_applicable", "no_evidence"} else AnswerKind.LEVEL
        level = level_id(here.audit.id, word) if kind is AnswerKind.LEVEL else None
        found[indicator_id(here.audit.id, code)] = PracticeAnswer(kind, level, reasoning)
    return found


def score(here: Practising, practice: Calibration, by: Person, reasoning: str = "", **answers: str) -> int:
    """An auditor answers on a practice case: score(here, practice, nurse, A01="good")."""
    given = said(here, answers, reasoning)
    with transaction():
        return services.score_practice_case(practice.id, given, by=as_actor(by, here.partnership), at=clock.now())


def close(here: Practising, practice: Calibration) -> None:
    """The coordinator closes a practice case."""
    with transaction():
        services.close_practice_case(practice.id, by=as_actor(here.coordinator, here.partnership), at=clock.now())
    db.session.rollback()
