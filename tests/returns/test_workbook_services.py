"""Loading a filled workbook: all of it or nothing, under the same locks as the pages."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select, text

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.queries import file_number
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.returns import queries, services
from audit_app.returns.models import ChronologyEvent, ReturnFile
from audit_app.returns.rules import Change, Known, ReturnState, Tag
from tests.factories.accounts import a_member, a_partnership, as_actor
from tests.factories.indicators import the_templates
from tests.factories.returns import (
    Asked,
    a_level,
    a_round_with_agencies,
    an_event,
    fill_in,
    hand_over,
    ratings_of,
    say,
    submit,
    the_return,
)
from tests.factories.rounds import SMALL
from tests.factories.workbooks import (
    ALL,
    EVENTS,
    KNOWN,
    RATINGS,
    WHOLE,
    YES,
    YOURS,
    a_file,
    doors,
    history,
    keep,
    load,
    looked_at,
    rated,
    the_paper,
)
from tests.fixtures import Clock, Together


@pytest.fixture
def own(asked: Asked) -> int:
    return asked.returns[asked.health][0]


@pytest.fixture
def auditor(asked: Asked) -> Viewer:
    return asked.actor(asked.health_auditor)


@pytest.fixture
def coordinator(asked: Asked) -> Viewer:
    return asked.actor(asked.coordinator)


def files() -> int:
    found = len(db.session.scalars(select(ReturnFile.id)).all())
    db.session.rollback()
    return found


# --- taken whole


def test_everything_in_a_file_is_taken_in_one_go(app: Flask, asked: Asked, own: int, auditor: Viewer) -> None:
    cells = {
        **ALL,
        (KNOWN, "Known 4", YOURS): "Example Practice",
        (KNOWN, "Known 6", YOURS): "I had a part in it",
        (KNOWN, "Known 7", YOURS): "I led the team until May.",
        (KNOWN, "Known 8", YOURS): "SC/2026/0417",
        (RATINGS, "A01", "Strength or concern"): "strength",
        (EVENTS, "", "Date"): "3/3/2026",
        (EVENTS, "", "What happened"): "Not brought to the dentist",
        (WHOLE, "Whole 3", YOURS): "They were patient.",
        (WHOLE, "Whole 7", YOURS): 95.0,
    }
    assert load(own, cells, auditor) == 15
    found = the_return(own)
    assert (found.state, found.on_behalf_of, found.own_part) == (ReturnState.IN_PROGRESS, "Example Practice", "some")
    assert (found.own_part_words, found.file_confirmed_by_id) == ("I led the team until May.", auditor.id)
    assert file_number(asked.partnership_id, found.case_id, asked.health) == "SC/2026/0417"
    assert (found.worked_well, found.minutes_spent, found.version) == ("They were patient.", 95, 2)
    assert (found.overall_level_id is None, found.overall_reason) == (False, "She was heard, and it showed.")
    assert [row.evidence for row in ratings_of(own)] == ["Seen on 3 March."] * 4
    assert [row.tag for row in ratings_of(own)] == [Tag.STRENGTH, None, None, None]
    event = db.session.scalars(select(ChronologyEvent)).one()
    assert (event.happened_on, event.event, event.saved_by_id) == (
        date(2026, 3, 3),
        "Not brought to the dentist",
        auditor.id,
    )
    db.session.rollback()
    assert files() == 0
    assert history("return_loaded") == [("return_loaded", auditor.name, {"answers": "15 answers"})]
    deeds = ("return_known", "file_number_noted", "file_confirmed", "ratings_saved", "return_summary_saved")
    assert [name for name, *_ in history(*deeds, "chronology_pasted")] == [*deeds, "chronology_pasted"]
    content = a_file(auditor, own, {})
    with zipfile.ZipFile(BytesIO(content)) as book:
        assert not any(b"0417" in book.read(name) for name in book.namelist()), "it belongs to the identity key"
    submit(own, auditor)


def test_a_child_that_is_not_known_needs_nothing_else(app: Flask, own: int, auditor: Viewer) -> None:
    said = {"Known 1": "no", "Known 2": "Looked in both systems.", "Known 3": "We cannot say"}
    cells = {(KNOWN, line, YOURS): words for line, words in said.items()}
    assert load(own, cells, auditor) == 3
    found = the_return(own)
    assert (found.state, found.reason, found.should_have_known) == (
        ReturnState.NOT_KNOWN,
        "Looked in both systems.",
        "cannot_say",
    )


def test_nothing_but_the_first_answer_is_taken_before_the_right_file_is_open(
    app: Flask, own: int, auditor: Viewer
) -> None:
    closed = {**ALL, (KNOWN, "Known 5", YOURS): "No", (EVENTS, "", "Date"): "3/3/2026"}
    assert load(own, {**closed, (EVENTS, "", "What happened"): "A visit"}, auditor) == 1
    found = the_return(own)
    assert (found.state, found.file_confirmed_at, found.overall_reason) == (ReturnState.IN_PROGRESS, None, "")
    assert {row.level_id for row in ratings_of(own)} == {None}
    assert db.session.scalars(select(ChronologyEvent)).all() == []
    db.session.rollback()
    load(own, ALL, auditor)
    load(own, {(KNOWN, "Known 1", YOURS): "no", (KNOWN, "Known 2", YOURS): "The wrong file.",
               (KNOWN, "Known 3", YOURS): "no"}, auditor)  # fmt: skip
    found = the_return(own)
    assert (found.state, found.file_confirmed_at, found.own_part) == (ReturnState.NOT_KNOWN, None, None)
    assert {row.level_code for row in ratings_of(own)} == {"good"}, "what was rated stays, as on screen"


def test_events_are_changed_and_added_by_the_deeds_of_the_chronology(app: Flask, own: int, auditor: Viewer) -> None:
    say(own, Known.KNOWN, auditor)
    its_id = an_event(own, auditor, date(2026, 1, 5), "A visit")
    cells = {
        (EVENTS, f"Event {its_id}", "Impact on the child"): "Fear",
        (EVENTS, "", "Date"): "1/2/2100",
        (EVENTS, "", "What happened"): "Not brought",
    }
    assert load(own, cells, auditor) == 2, "a doubtful date is taken once it was looked at"
    rows = db.session.scalars(select(ChronologyEvent).order_by(ChronologyEvent.id)).all()
    assert [(row.event, row.impact, row.version, row.happened_on.year) for row in rows] == [
        ("A visit", "Fear", 2, 2026),
        ("Not brought", "", 1, 2100),
    ]
    db.session.rollback()
    assert [name for name, *_ in history("chronology_saved", "chronology_pasted")][-1] == "chronology_pasted"


def test_a_load_after_a_return_was_sent_back_leaves_what_was_kept(
    app: Flask, asked: Asked, own: int, auditor: Viewer
) -> None:
    hand_over(own, auditor)
    coordinator = asked.actor(asked.coordinator)
    first = ratings_of(own)[0].indicator_id
    with transaction():
        services.send_back(
            own, reason="Look again.", comments={first: "Which day?"}, link="x", by=coordinator, at=clock.now()
        )
    content = a_file(auditor, own, {**rated("A01", evidence="On 3 March."), (WHOLE, "Whole 3", YOURS): "Patience."})
    sha = keep(own, content, auditor)
    read, comparison = looked_at(own, content, auditor)
    with transaction():
        services.take_return_file(own, sha, read=read, mark=comparison.mark, stands={}, by=auditor, at=clock.now())
    submit(own, auditor)
    (version,) = queries.versions_of_return(asked.partnership_id, own)
    entries = queries.entries_of_version(asked.partnership_id, own, version.id)
    assert "Seen on 3 March." in str(entries)
    assert "On 3 March." not in str(entries).replace("Seen on 3 March.", "")
    (comment,) = queries.comments_of_version(asked.partnership_id, own, version.id, has_current=True)
    assert (comment.words, comment.is_changed) == ("Which day?", True)
    db.session.rollback()
    assert [row.evidence for row in ratings_of(own)][:2] == ["On 3 March.", "Seen on 3 March."]


@pytest.mark.parametrize(("minutes", "why"), [(0, "200 hours"), (12_001, "200 hours"), (90, None), (None, None)])
def test_the_time_is_kept_by_the_rule_of_the_page(
    app: Flask, asked: Asked, own: int, auditor: Viewer, minutes: int | None, why: str | None
) -> None:
    with pytest.raises(Refused, match="Say first"), transaction():
        services.save_minutes(own, minutes_spent=minutes, by=auditor)
    with pytest.raises(NotHere), transaction():
        services.save_minutes(own, minutes_spent=minutes, by=asked.actor(asked.police_auditor))
    say(own, Known.KNOWN, auditor)
    if why:
        with pytest.raises(Refused, match=why), transaction():
            services.save_minutes(own, minutes_spent=minutes, by=auditor)
    else:
        with transaction():
            services.save_minutes(own, minutes_spent=minutes, by=auditor)
        assert the_return(own).minutes_spent == minutes


def test_what_is_recorded_about_the_child_is_taken_too(app: Flask) -> None:
    the_templates()
    recording = replace(SMALL, code="recording", title="Recording", attributes=("P07", "P18"))
    asked = a_round_with_agencies(template=recording)
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    paper = the_paper(auditor, own)
    many = [line.key for line in paper.lines if line.key.startswith("P07 ")]
    assert paper.line["P18"].offered, "the sample says the plan already"
    cells = {**YES, **{("About the child", key, YOURS): "yes" for key in many[:2]}}
    load(own, cells, auditor)
    kept = {one.attribute.code: one for one in queries.attributes_asked(asked.partnership_id, asked.round_id, own)}
    db.session.rollback()
    assert [len(kept[code].chosen) for code in ("P07", "P18")] == [2, 1]
    load(own, {("About the child", many[0], YOURS): None}, auditor)
    kept = {one.attribute.code: one for one in queries.attributes_asked(asked.partnership_id, asked.round_id, own)}
    assert (len(kept["P07"].chosen), kept["P07"].version, kept["P18"].version) == (1, 2, 1)


def test_what_was_saved_meanwhile_stands_or_falls_by_the_choice(
    app: Flask, asked: Asked, own: int, auditor: Viewer
) -> None:
    say(own, Known.KNOWN, auditor)
    contents = [a_file(auditor, own, rated("A01", "A04", level="Outstanding"))] * 2
    fill_in(own, auditor)
    for stands, levels in (("saved", ["good", "good"]), ("file", ["outstanding", "outstanding"])):
        content = contents.pop()
        sha = keep(own, content, auditor)
        read, comparison = looked_at(own, content, auditor)
        assert [one.key for one in comparison.clashes] == ["A01", "A04"]
        deed = {"read": read, "mark": comparison.mark, "by": auditor, "at": clock.now()}
        with pytest.raises(Refused, match="Choose which answer should stand"), transaction():
            services.take_return_file(own, sha, stands={"A01": stands}, **deed)  # type: ignore[arg-type]
        with transaction():
            services.take_return_file(own, sha, stands=dict.fromkeys(("A01", "A04"), stands), **deed)  # type: ignore[arg-type]
        assert [row.level_code for row in ratings_of(own)][:2] == levels


def test_nothing_is_taken_when_something_moved_since_the_preview(
    app: Flask, asked: Asked, own: int, auditor: Viewer
) -> None:
    say(own, Known.KNOWN, auditor)
    content = a_file(auditor, own, {**rated("A01"), (WHOLE, "Whole 3", YOURS): "Ours."})
    sha = keep(own, content, auditor)
    read, comparison = looked_at(own, content, auditor)
    first = ratings_of(own)[0]
    with transaction():
        services.save_ratings(
            own, {first.indicator_id: Change(a_level(asked.round_id, "inadequate"), 1)}, by=auditor, at=clock.now()
        )
    with pytest.raises(Refused, match="Something was saved on screen"), transaction():
        services.take_return_file(own, sha, read=read, mark=comparison.mark, stands={}, by=auditor, at=clock.now())
    assert (the_return(own).worked_well, ratings_of(own)[0].level_code, files()) == ("", "inadequate", 1)


def test_a_load_and_a_save_at_the_same_time_lose_nothing(
    app: Flask, asked: Asked, own: int, auditor: Viewer, together: Together
) -> None:
    say(own, Known.KNOWN, auditor)
    content = a_file(auditor, own, rated("A01", evidence="From the file."))
    sha = keep(own, content, auditor)
    read, comparison = looked_at(own, content, auditor)
    change = {ratings_of(own)[0].indicator_id: Change(a_level(asked.round_id, "inadequate", "On screen."), 1)}

    def take() -> int:
        with transaction():
            return services.take_return_file(
                own, sha, read=read, mark=comparison.mark, stands={}, by=auditor, at=clock.now()
            )

    def save() -> frozenset[int]:
        with transaction():
            return services.save_ratings(own, change, by=auditor, at=clock.now())

    taken, clashes = together(take, save)
    kept = ratings_of(own)[0].evidence
    assert (taken == 1 and clashes == set(change) and kept == "From the file.") or (
        isinstance(taken, Refused) and clashes == frozenset() and kept == "On screen."
    ), (taken, clashes, kept)


# --- the file that waits


def test_a_file_waits_encrypted_for_its_own_person_and_for_an_hour(
    app: Flask, clock: Clock, asked: Asked, own: int, auditor: Viewer
) -> None:
    content = a_file(auditor, own, ALL)
    keep(own, content, auditor)
    sha = keep(own, content, auditor)  # the second makes the first go
    assert files() == 1
    raw = bytes(db.session.execute(text("SELECT content FROM return_file")).scalar_one())
    assert not raw.startswith(b"PK")
    assert b"Seen on" not in raw
    partnership, agency = (
        db.session.get_one(Partnership, asked.partnership_id),
        db.session.get_one(Agency, asked.health),
    )
    colleague = asked.actor(a_member(partnership, Role.AUDITOR, agency=agency).id)
    assert queries.waiting_file(colleague, own, at=clock.at) is None
    read, comparison = looked_at(own, content, auditor)
    for by, later in ((colleague, 0), (auditor, 60)):
        with pytest.raises(Refused, match="no longer here"), transaction():
            services.take_return_file(
                own, sha, read=read, mark=comparison.mark, stands={}, by=by, at=clock.at + timedelta(minutes=later)
            )
    clock.forward(minutes=59)
    services.destroy_expired_return_files()
    assert files() == 1
    clock.forward(minutes=1)
    services.destroy_expired_return_files()
    assert files() == 0
    assert [name for name, *_ in history("return_file_read", "return_file_discarded")] == [
        *["return_file_read"] * 2,
        "return_file_discarded",
    ]


# --- every door


@pytest.mark.parametrize(
    ("state", "values", "why"),
    [
        (ReturnState.SUBMITTED, {}, "was submitted"),
        (ReturnState.CLOSED, {}, "closed this return"),
        (ReturnState.IN_PROGRESS, {"state": CaseState.PAUSED}, "is paused"),
        (ReturnState.NOT_STARTED, {"state": CaseState.WITHDRAWN}, "withdrawn from the sample"),
        (ReturnState.NOT_KNOWN, {"released_at": clock.now(), "released_by_id": 1}, "released to its panel"),
    ],
)
def test_a_locked_return_takes_nothing_from_a_file(
    app: Flask, asked: Asked, own: int, auditor: Viewer, state: ReturnState, values: dict[str, object], why: str
) -> None:
    shown = queries.own_return(auditor, asked.cases[0], asked.health)
    with transaction():
        found, case, _ = queries.return_and_case_for_change(asked.partnership_id, own)
        found.state = state
        if state is ReturnState.SUBMITTED:
            found.submitted_at, found.submitted_by_id = clock.now(), auditor.id
        for name, value in values.items():
            setattr(case, name, value)
    late: list[Callable[[], object]] = [lambda: services.workbook_taken(shown, by=auditor)]
    for deed in (*doors(own, auditor), *late):
        with pytest.raises(Refused, match=why), transaction():
            deed()
    assert files() == 0


def test_nobody_loads_the_return_of_another_agency_or_partnership(
    app: Flask, asked: Asked, own: int, auditor: Viewer
) -> None:
    shown = queries.own_return(auditor, asked.cases[0], asked.health)
    elsewhere = a_partnership("elsewhere")
    strangers = [asked.actor(asked.police_auditor), as_actor(a_member(elsewhere, Role.COORDINATOR), elsewhere)]
    for by in strangers:
        late: list[Callable[[], object]] = [
            lambda by=by: services.keep_return_file(own, content=b"x", by=by, at=clock.now()),  # type: ignore[misc]
            lambda by=by: services.workbook_taken(shown, by=by),  # type: ignore[misc]
            lambda by=by: services.submit_for_agency(own, is_declared=True, by=by, at=clock.now()),  # type: ignore[misc]
            lambda by=by: queries.offline_return(by, asked.cases[0], asked.health),  # type: ignore[misc]
            lambda by=by: queries.return_to_print(by, asked.cases[0], asked.health),  # type: ignore[misc]
        ]
        for deed in late:
            with pytest.raises(NotHere), transaction():
                deed()


# --- paper


def test_printing_reads_what_the_printer_may_read(app: Flask, asked: Asked, own: int, auditor: Viewer) -> None:
    hand_over(own, auditor)
    coordinator = asked.actor(asked.coordinator)
    shown = queries.return_to_print(coordinator, asked.cases[0], asked.health)
    with transaction():
        assert services.return_printed(shown, by=coordinator, at=clock.now()).startswith(b"%PDF")
    assert [(name, actor) for name, actor, _ in history("return_printed")] == [("return_printed", coordinator.name)]
    with pytest.raises(NotHere):
        queries.return_to_print(asked.actor(asked.police_auditor), asked.cases[0], asked.health)
