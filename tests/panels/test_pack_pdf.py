"""The pack of a case as a PDF: where the round allows it, for whom, and no more in it than on screen."""

from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from sqlalchemy import update

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.history.models import HistoryEvent
from audit_app.panels.rules import why_not_print
from audit_app.panels.services import printing
from audit_app.returns.models import ChronologyEvent
from audit_app.rounds.models import Round
from reports.return_pdf import PrintedReturn, write_return_pdf
from tests.factories.accounts import a_member, saved
from tests.factories.panels import Sitting, agree_all
from tests.factories.rooms import Room, a_room, agree_in_room, ask, item_id, rate, show
from tests.fixtures import Prepared
from tests.pages import PageClient
from tests.reports.test_return_pdf import inside

BUTTON = "Take this pack as a PDF"
NOT_SHOWN = "What it chose is shown when the panel has given its own ratings."


def allow_prints(sitting: Sitting) -> None:
    with transaction():
        db.session.execute(update(Round).where(Round.id == sitting.asked.round_id).values(is_pack_printed=True))


@pytest.fixture
def rated(prepared: Prepared) -> Room:
    """An open room whose agencies rated everything, one level apart, and whose packs may be printed."""

    def build() -> Room:
        room = a_room(police="requires_improvement")
        allow_prints(room)
        return room

    return prepared("a room whose pack may be printed", build)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[PrintedReturn]:
    """What was given to the printer, beside the real PDFs that it makes."""
    given: list[PrintedReturn] = []

    def note(paper: PrintedReturn) -> bytes:
        given.append(paper)
        return write_return_pdf(paper)

    monkeypatch.setattr(printing, "write_return_pdf", note)
    return given


def as_(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def texts(paper: PrintedReturn) -> Iterator[str]:
    """Every text that stands on a pack."""
    for part in paper.parts:
        for one in part.answers:
            yield from (part.title, one.title, one.question, *one.help)
            for label, words in one.answers:
                yield from (label, words)


def answers(paper: PrintedReturn, code: str) -> Sequence[tuple[str, str]]:
    return next(one.answers for part in paper.parts for one in part.answers if one.code == code)


def test_where_the_round_does_not_print_there_is_no_button_and_a_sentence(
    prepared: Prepared, client: PageClient
) -> None:
    room = prepared("a room with an open case", a_room)
    chair = as_(client, room.chair)
    assert BUTTON not in chair.get(room.at()).main
    page = chair.post(room.at("/print"), status=409)
    assert "This audit's packs are read on screen." in page.main
    assert db.session.query(HistoryEvent).filter_by(event="pack_printed").count() == 0


def test_a_chair_takes_the_pack_and_it_is_written_down(rated: Room, client: PageClient) -> None:
    chair = as_(client, rated.chair)
    page = chair.send(chair.get(rated.at()), action="/print", status=200)
    assert page.headers["Content-Type"] == "application/pdf"
    assert page.headers["Content-Disposition"] == f"attachment; filename={rated.asked.cases[0]}-pack.pdf"
    assert page.headers["Cache-Control"] == "no-store"
    whole = inside(page.data)
    assert page.data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in whole
    assert b"<pdfuaid:part>1</pdfuaid:part>" in whole
    deed = db.session.query(HistoryEvent).filter_by(event="pack_printed").one()
    assert (deed.actor_id, deed.case_id, deed.facts) == (rated.chair, rated.cases[0], {})


def test_each_page_says_for_whom_it_is_and_when(rated: Room, client: PageClient, printed: list[PrintedReturn]) -> None:
    as_(client, rated.member).post(rated.at("/print"), status=200)
    (paper,) = printed
    assert paper.mark.startswith("Only for Mo Member, ")
    assert "do not pass it on" in paper.mark
    assert paper.printed_by == "Mo Member"
    assert paper.case_reference == rated.asked.cases[0]


def test_what_is_hidden_on_screen_is_not_in_it(rated: Room, client: PageClient, printed: list[PrintedReturn]) -> None:
    as_(client, rated.chair).post(rated.at("/print"), status=200)
    (paper,) = printed
    said = list(texts(paper))
    assert any("Seen on 3 March." in text for text in said)
    assert sum(NOT_SHOWN in text for text in said) == 9
    assert "Good" not in {text.split("\n")[0] for text in said}
    assert [one.title for one in paper.parts][-1] == "The case over all"


def test_the_case_its_chronologies_and_what_was_recorded_are_in_it(
    rated: Room, client: PageClient, printed: list[PrintedReturn]
) -> None:
    known = {"saved_at": clock.now(), "saved_by_id": 0, "impact": "She was cold.", "response": ""}
    saved(
        ChronologyEvent(
            partnership_id=rated.asked.partnership_id,
            return_id=rated.asked.returns[rated.asked.police][0],
            happened_on=date(2026, 1, 5),
            event="Home without heating",
            **known,
        )
    )
    with transaction():
        db.session.execute(update(Case).where(Case.id == rated.cases[0]).values(summary="A girl of six."))
    as_(client, rated.chair).post(rated.at("/print"), status=200)
    parts = {part.title: part for part in printed[0].parts}
    assert parts["The case"].answers[0].answers == [("Summary", "A girl of six.")]
    event = parts["Chronology of all agencies"].answers[0]
    assert event.title.startswith("5 January 2026, Police")
    assert event.answers == [("What happened", "Home without heating"), ("Impact on the child", "She was cold.")]
    assert dict(printed[0].facts)["Case reference"] == rated.asked.cases[0]


def test_what_is_shown_is_in_it_with_each_persons_own_rating(
    prepared: Prepared, client: PageClient, printed: list[PrintedReturn]
) -> None:
    room = prepared("a room with an open case", a_room)
    allow_prints(room)
    item = item_id(room)
    ask(room, item)
    rate(room, item, room.police_member, "inadequate", why="Nobody went in.")
    as_(client, room.note_taker).post(room.at("/print"), status=200)
    show(room, item)
    agree_in_room(room, item, better="A visit.", dissent={room.guest: "School saw it."})
    as_(client, room.note_taker).post(room.at("/print"), status=200)
    before, after = printed
    assert not [text for text in texts(before) if "Nobody went in." in text]
    said = dict(answers(after, "A04"))
    own = next(words for label, words in said.items() if label.startswith("Own rating of Pat Police"))
    assert own == "Inadequate\nNobody went in."
    assert said["Agreed"].startswith("Requires improvement\nBoth saw the same.")
    assert said["What would have made it better"] == "A visit."
    assert said["Gus Guest sees it differently"] == "School saw it."


def test_a_panel_on_paper_prints_its_pack_with_everything(
    sitting: Sitting, client: PageClient, printed: list[PrintedReturn]
) -> None:
    allow_prints(sitting)
    agree_all(sitting)
    chair = as_(client, sitting.chair)
    assert BUTTON in chair.get(sitting.at()).main
    chair.post(sitting.at("/print"), status=200)
    said = list(texts(printed[0]))
    assert not [text for text in said if NOT_SHOWN in text]
    assert any(text.startswith("Requires improvement") for text in said)
    assert "Agreed" in said


def test_others_do_not_print_it(rated: Room, client: PageClient) -> None:
    as_(client, rated.asked.health_auditor).post(rated.at("/print"), status=403)
    here = db.session.get_one(Partnership, rated.asked.partnership_id)
    outside = a_member(here, Role.PANEL_MEMBER, agency=None)
    as_(client, outside.id).post(rated.at("/print"), status=404)
    for who in (rated.asked.coordinator, rated.note_taker):
        assert as_(client, who).post(rated.at("/print"), status=200).status == 200


def test_an_auditor_who_reads_it_once_it_is_agreed_does_not_take_it_away() -> None:
    assert why_not_print(is_printed=True, is_close=False) == (
        "Only those who sit on the panel, and those who run or check the audit, may take its pack away."
    )
    assert why_not_print(is_printed=True, is_close=True) is None
