"""The round with which the coordinator's grid is measured, in a partnership of its own: 15 cases x 8 agencies x 69."""

from datetime import date, datetime, timedelta
from secrets import token_hex

from flask_security import hash_password

from audit_app.accounts.models import Agency, Membership, Partnership, Person
from audit_app.accounts.rules import AgencyKind, Role
from audit_app.cases.models import Case, Identity, IdentityRelease
from audit_app.cases.rules import CaseState
from audit_app.indicators.rules import AgeBand, Band, PlanStatus, Rated
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import AnswerKind, ReturnState
from audit_app.rounds.models import Round, RoundAgency, RoundDomain, RoundIndicator, RoundLevel
from audit_app.rounds.rules import RoundState
from benchmarks.bulk import Bulk
from benchmarks.world import (
    GRID_AGENCIES,
    GRID_CASES,
    GRID_COORDINATOR,
    GRID_INDICATORS,
    GRID_ROUND,
    GRID_SLUG,
    PASSWORD,
)


class GridRound:
    """Its rows. Every return is being written, two of three ratings are there, and half of the returns are late."""

    def __init__(self, bulk: Bulk, at: datetime) -> None:
        self.bulk, self.at = bulk, at
        self.password = hash_password(PASSWORD)  # once: it takes long on purpose
        known = {"slug": GRID_SLUG, "name": "Gridshire safeguarding children partnership"}
        partnership = bulk.add(Partnership, token_secret=token_hex(16), created_at=at, **known)
        self.of = {"partnership_id": partnership}

    def add(self) -> None:
        """Add everything."""
        self.coordinator = self._person(GRID_COORDINATOR, Role.COORDINATOR, None)
        self.round_id = self._round()
        self.mine = {"round_id": self.round_id, **self.of}
        level = {"code": "good", "letter": "G", "words": "Good", "rank": 1, "read_at": 1, "band": Band.STRONG}
        self.level_id = self.bulk.add(RoundLevel, **level, **self.mine)
        domain_id = self.bulk.add(RoundDomain, position=1, title="Everything", **self.mine)
        self.indicators = [self._indicator(domain_id, n) for n in range(1, GRID_INDICATORS + 1)]
        self.agencies = [self._agency(number) for number in range(1, GRID_AGENCIES + 1)]
        for position in range(1, GRID_CASES + 1):
            self._case(position)

    def _person(self, email: str, role: Role, agency_id: int | None) -> int:
        known = {"name": email.partition("@")[0], "created_at": self.at, "active": True}
        secret = {"password": self.password, "fs_uniquifier": token_hex(16)}
        person_id = self.bulk.add(Person, email=email, **known, **secret)
        since = {"from_day": date(2020, 1, 1), **self.of}
        self.bulk.add(Membership, person_id=person_id, role=role, agency_id=agency_id, **since)
        return person_id

    def _round(self) -> int:
        return self.bulk.add(
            Round,
            reference=GRID_ROUND,
            title="Neglect, every indicator",
            state=RoundState.RETURNS,
            created_at=self.at,
            created_by_id=self.coordinator,
            opened_at=self.at,
            opened_by_id=self.coordinator,
            **self.of,
        )

    def _indicator(self, domain_id: int, number: int) -> tuple[int, str]:
        code = f"G{number:02}"
        words = dict.fromkeys(("title", "question", "why", "look_for", "example"), f"Indicator {number}")
        place = {"domain_id": domain_id, "position": number, "code": code, "is_panel": False}
        rated = {"rated": Rated.CHILD_EXPERIENCE, "is_narrative": False}
        return self.bulk.add(RoundIndicator, **words, **place, **rated, **self.mine), code

    def _agency(self, number: int) -> tuple[int, int]:
        kind = list(AgencyKind)[number % len(AgencyKind)]
        agency_id = self.bulk.add(Agency, name=f"Agency {number}", short_name=f"A{number}", kind=kind, **self.of)
        self.bulk.add(RoundAgency, agency_id=agency_id, **self.mine)
        return agency_id, self._person(f"grid-auditor-{number}@bench.example", Role.AUDITOR, agency_id)

    def _case(self, position: int) -> None:
        known = {"plan_status": PlanStatus.CHILD_PROTECTION, "age_band": AgeBand.FROM_5_TO_9, "stratum": "All"}
        name = f"{GRID_ROUND}-{position:02}"
        state = {"state": CaseState.WITH_AGENCIES, "created_at": self.at}
        case_id = self.bulk.add(Case, position=position, reference=name, **known, **state, **self.mine)
        child = {"token": f"{case_id:064d}", "number": str(20_000_000 + case_id), "born_on": "2019-05-03"}
        self.bulk.add(Identity, case_id=case_id, **child, **self.mine)
        for agency_id, auditor_id in self.agencies:
            released = {"released_at": self.at, "released_by_id": self.coordinator}
            self.bulk.add(IdentityRelease, case_id=case_id, agency_id=agency_id, **released, **self.of)
            self._return(case_id, name, agency_id, auditor_id)

    def _return(self, case_id: int, case: str, agency_id: int, auditor_id: int) -> None:
        is_late = (case_id + agency_id) % 2
        return_id = self.bulk.add(
            AgencyReturn,
            case_id=case_id,
            agency_id=agency_id,
            auditor_id=auditor_id,
            name=f"{case} {agency_id}",
            state=ReturnState.IN_PROGRESS,
            due_on=self.at.date() + timedelta(days=-4 if is_late else 10),
            started_at=self.at,
            **self.mine,
        )
        its = {"return_id": return_id, "agency_id": agency_id, **self.mine}
        for number, (indicator_id, code) in enumerate(self.indicators):
            is_there = number % 3 > 0
            self.bulk.add(
                Rating,
                indicator_id=indicator_id,
                indicator_code=code,
                answer=AnswerKind.LEVEL if is_there else None,
                level_id=self.level_id if is_there else None,
                level_code="good" if is_there else None,
                evidence="Seen in the chronology and in two visits of that month." if is_there else "",
                answered_at=self.at if is_there else None,
                answered_by_id=auditor_id if is_there else None,
                **its,
            )
