"""Rooms of panels that are rating: each with a case of its own, eight people, and what they rated before."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from secrets import token_hex

from flask_security import hash_password

from audit_app.accounts.models import Membership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.indicators.rules import Rated
from audit_app.panels.models import (
    AgreedRating,
    ItemNote,
    Panel,
    PanelItem,
    PanelMember,
    PanelRoom,
    ParkedPoint,
    Vote,
)
from audit_app.panels.rules import AgreedHow, Attendance, ItemKind, ItemState, RoomStep, VoteKind
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.rules import RoundState
from benchmarks.loaded_round import MINE, NOTE, LoadedRound
from benchmarks.world import AGENCIES, PASSWORD, ROOM_SEATS, in_room

RATED_BEFORE = 6
"""Items of each case that the room rated twice and agreed before."""


@dataclass
class LoadedRooms(LoadedRound):
    """A round at panel of which each case is open in a room of its own: a chair, a note-taker and six members."""

    rooms: int = 0
    seats: list[tuple[int, int | None]] = field(default_factory=list)  # of the room that is added: person and agency

    def add(self) -> None:
        """Add everything."""
        self.state, self.is_released, self.is_agreed = RoundState.PANEL, True, False
        self.password = hash_password(PASSWORD)  # once: it takes long on purpose
        self._add_plan()
        self._freeze()
        self._freeze_attributes()
        for number in range(1, self.rooms + 1):
            self._add_room(number)

    def _add_room(self, number: int) -> None:
        self.seats = [self._person(number, seat) for seat in range(1, ROOM_SEATS + 1)]
        chair_id = self.seats[0][0]
        known = {"held_on": self.at.date() + timedelta(days=42), "place": "Online", "created_at": self.at}
        panel_id = self.bulk.add(Panel, chair_id=chair_id, is_on_paper=False, **known, **self.mine)
        for person_id, agency_id in self.seats[1:]:
            its = {"person_id": person_id, "agency_id": agency_id, "attendance": Attendance.PRESENT}
            self.bulk.add(PanelMember, panel_id=panel_id, **its, **MINE)
        self._add_case(number, panel_id)
        opened = {"opened_at": self.at, "opened_by_id": chair_id, "step": RoomStep.AGENDA}
        self.bulk.add(PanelRoom, panel_id=panel_id, case_id=self.bulk.count(Case), **opened, **MINE)
        parked = {"parked_at": self.at, "parked_by_id": chair_id}
        self.bulk.add(ParkedPoint, panel_id=panel_id, words="Who pays for taxis?", **parked, **MINE)

    def _person(self, room: int, seat: int) -> tuple[int, int | None]:
        """Somebody at the table: the first seat is the chair's, the second the note-taker's."""
        role = {1: Role.PANEL_CHAIR, 2: Role.NOTE_TAKER}.get(seat, Role.PANEL_MEMBER)
        agency_id = 1 + seat % len(AGENCIES) if role is Role.PANEL_MEMBER else None
        email = in_room(room, seat)
        known = {"name": email.partition("@")[0], "created_at": self.at, "active": True}
        person_id = self.bulk.add(Person, email=email, password=self.password, fs_uniquifier=token_hex(16), **known)
        since = {"from_day": date(2020, 1, 1), **MINE}
        self.bulk.add(Membership, person_id=person_id, role=role, agency_id=agency_id, **since)
        return person_id, agency_id

    def _add_items(self, case_id: int, _case: str) -> None:
        """Every item of the case and its level over all; what is not discussed yet still waits."""
        for number, (indicator_id, it) in enumerate(self.asked):
            is_own = it.rated is Rated.OWN_WORK
            for agency_id in range(1, len(AGENCIES) + 1) if is_own else (None,):
                is_agreed = number < RATED_BEFORE
                its = {"indicator_id": indicator_id, "agency_id": agency_id, "kind": ItemKind.INDICATOR}
                item_id = self._item(case_id, is_agreed=is_agreed, **its)
                if is_agreed:
                    self._rate(item_id, indicator_id)
        self._item(case_id, is_agreed=False, indicator_id=None, agency_id=None, kind=ItemKind.OVERALL)

    def _item(self, case_id: int, *, is_agreed: bool, **its: object) -> int:
        state = {"state": ItemState.AGREED if is_agreed else ItemState.WAITING, "is_shown": is_agreed}
        return self.bulk.add(PanelItem, case_id=case_id, ballot=2 if is_agreed else 0, **state, **its, **MINE)

    def _rate(self, item_id: int, indicator_id: int) -> None:
        """Each member's rating when they were asked again, what was noted and what was agreed."""
        levels = list(self.level_ids.values())
        for person_id, agency_id in self.seats:
            if agency_id is not None:
                said = {"answer": VoteKind.LEVEL, "level_id": self.chance.choice(levels), "reasoning": NOTE}
                by = {"person_id": person_id, "agency_id": agency_id, "given_at": self.at}
                self.bulk.add(Vote, item_id=item_id, ballot=2, **said, **by, **MINE)
        written = {"written_at": self.at, "written_by_id": self.seats[1][0], "reason": NOTE}
        self.bulk.add(ItemNote, item_id=item_id, **written, **MINE)
        decided = {"answer": AnswerKind.LEVEL, "level_id": self.chance.choice(levels), "reason": NOTE}
        when = {"agreed_at": self.at, "agreed_by_id": self.seats[0][0], "is_current": True, "how": AgreedHow.VOTED}
        self.bulk.add(AgreedRating, item_id=item_id, indicator_id=indicator_id, **decided, **when, **self.mine)
