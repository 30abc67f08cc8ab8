"""What each person is told to do next."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.accounts.rules import Role
from audit_app.cases.rules import ConcernDeed, ConcernState
from audit_app.home import rules
from audit_app.home.rules import (
    ActionCounts,
    AuditorCounts,
    ConcernToFollow,
    NextStep,
    OfficeCounts,
    PanelAhead,
    PanelCounts,
    Published,
    RoundProgress,
    ToCheck,
    Urgency,
)
from audit_app.rounds.rules import RoundState

OPEN_CONCERN = (ConcernState.RAISED, ConcernState.ACKNOWLEDGED, ConcernState.OUTCOME_RECORDED)
EMPTY = RoundProgress(
    id=1,
    reference="N26",
    title="Neglect",
    state=RoundState.SAMPLING,
    returns_due_on=None,
    panel_on=None,
    report_due_on=None,
    children=0,
    is_drawn=False,
    cases=0,
    sheets_missing=0,
    returns=0,
    returns_open=0,
    returns_late=0,
    returns_handed_over=0,
    cases_to_send=0,
    cases_to_release=0,
    cases_without_panel=0,
    cases_at_panel=0,
    cases_agreed=0,
    findings=0,
    actions_open=0,
    actions_overdue=0,
)
WITH_AGENCIES = replace(EMPTY, state=RoundState.RETURNS, children=50, is_drawn=True, cases=9, returns=36)
TODAY = date(2026, 3, 4)
CHECKING = replace(
    WITH_AGENCIES, state=RoundState.ACCURACY_CHECK, accuracy_due_on=date(2026, 3, 18), agencies_checking=1
)


@pytest.mark.parametrize(
    ("progress", "role", "words"),
    [
        (replace(EMPTY, state=RoundState.DRAFT), Role.COORDINATOR, "Finish planning N26"),
        (EMPTY, Role.KEY_HOLDER, "Import the population for N26"),
        (replace(EMPTY, children=50), Role.COORDINATOR, "Draw the sample of N26"),
        (replace(EMPTY, children=50, is_drawn=True), Role.COORDINATOR, "Check and confirm the sample of N26"),
        (
            replace(EMPTY, children=50, cases=9, sheets_missing=1),
            Role.KEY_HOLDER,
            "Complete 1 identity sheet for N26",
        ),
        (
            replace(EMPTY, children=50, cases=9, cases_to_send=9),
            Role.COORDINATOR,
            "Send 9 cases of N26 to the agencies",
        ),
        (replace(WITH_AGENCIES, returns_open=4, returns_late=2), Role.COORDINATOR, "2 returns of N26 are late"),
        (
            replace(WITH_AGENCIES, cases_to_send=1, sheets_missing=1),
            Role.KEY_HOLDER,
            "Complete 1 identity sheet for N26",
        ),
        (replace(WITH_AGENCIES, cases_to_send=1), Role.COORDINATOR, "Send 1 case of N26 to the agencies"),
        (replace(WITH_AGENCIES, cases_without_panel=9), Role.COORDINATOR, "Plan the panel for 9 cases of N26"),
        (replace(WITH_AGENCIES, cases_to_release=1), Role.COORDINATOR, "1 case of N26 can be released to the panel"),
        (replace(WITH_AGENCIES, state=RoundState.REPORTING), Role.COORDINATOR, "Write the findings of N26"),
        (
            replace(WITH_AGENCIES, state=RoundState.MODERATION),
            Role.COORDINATOR,
            "Name who reads the cases of N26 with the chair",
        ),
        (
            replace(CHECKING, corrections_open=2),
            Role.COORDINATOR,
            "Decide 2 corrections that agencies asked for in N26",
        ),
        (replace(CHECKING, agencies_checking=0), Role.COORDINATOR, "End the accuracy check of N26"),
        (replace(CHECKING, accuracy_due_on=date(2026, 3, 3)), Role.COORDINATOR, "End the accuracy check of N26"),
        (
            replace(WITH_AGENCIES, state=RoundState.REPORTING, findings=3),
            Role.COORDINATOR,
            "Review the findings of N26 and publish it",
        ),
    ],
)
def test_a_round_has_one_next_step_for_whoever_takes_it(progress: RoundProgress, role: Role, words: str) -> None:
    step = rules.step_of_round(progress, {role}, today=TODAY)
    assert step is not None
    assert step.words == words
    assert rules.step_of_round(progress, {Role.BOARD_MEMBER, Role.SCRUTINEER, Role.AUDITOR}, today=TODAY) is None


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (EMPTY, "Waiting for the key holder to import the population."),
        (replace(EMPTY, children=50), "Waiting for the coordinator to draw the sample."),
        (replace(EMPTY, children=50, cases=9, sheets_missing=2), "Waiting for 2 identity sheets from the key holder."),
        (replace(EMPTY, children=50, cases=9), "Waiting for the coordinator to send the cases to the agencies."),
        (replace(WITH_AGENCIES, returns_open=1), "Waiting for 1 return from the agencies."),
        (replace(WITH_AGENCIES, cases_agreed=8), "Waiting for the panel to agree 1 case."),
        (
            replace(WITH_AGENCIES, state=RoundState.MODERATION),
            "Waiting for the coordinator to name who reads the cases with the chair.",
        ),
        (
            replace(WITH_AGENCIES, state=RoundState.MODERATION, has_reader=True),
            "Waiting for the chair and one other to read all cases side by side.",
        ),
        (CHECKING, "Agencies can correct facts until the end of 18 March 2026."),
        (replace(WITH_AGENCIES, state=RoundState.REPORTING), "Waiting for the coordinator to publish the findings."),
        (replace(WITH_AGENCIES, state=RoundState.PUBLISHED, actions_open=1), "1 action of its plan is open."),
        (replace(WITH_AGENCIES, state=RoundState.CLOSED), ""),
    ],
)
def test_a_round_says_what_it_waits_for(progress: RoundProgress, words: str) -> None:
    assert rules.waits_for(progress) == words


def test_an_auditor_is_told_of_late_returns_first() -> None:
    counts = AuditorCounts(late=1, sent_back=2, open=5, next_due_on=date(2026, 3, 1))
    steps = rules.steps_of_auditor(counts)
    assert [step.words for step in steps] == [
        "1 return of your agency is late",
        "2 returns were sent back to you with questions",
        "4 returns to complete",
    ]


def test_nothing_to_do_is_no_step() -> None:
    nothing = ActionCounts(overdue=0, due_soon=0, open=3, to_sign_off=0)
    assert not rules.steps_of_auditor(AuditorCounts(late=0, sent_back=0, open=0, next_due_on=None))
    assert not rules.steps_of_panel(PanelCounts(to_score=0, to_read=0))
    assert not rules.steps_of_agency_lead(nothing)
    assert not rules.steps_of_board(nothing, [])
    assert not rules.steps_of_coordinator(nothing)
    assert not rules.steps_of_administrator(OfficeCounts(0, 0, 0))


def test_a_board_member_signs_off_and_reads_what_is_new() -> None:
    counts = ActionCounts(overdue=1, due_soon=0, open=3, to_sign_off=2)
    steps = rules.steps_of_board(counts, [Published("N26", "Neglect", date(2026, 11, 3))])
    assert [step.words for step in steps] == [
        "2 actions reported as done and waiting to be signed off",
        "1 action of the plan is overdue",
        "Read the findings of N26 Neglect",
    ]
    assert steps[-1].hint == "Published on 3 November 2026"


PANEL = PanelAhead(id=4, round_reference="N26", held_on=date(2026, 11, 27), place="Town hall", to_release=0)


@pytest.mark.parametrize(
    ("to_release", "words"),
    [(0, []), (1, ["Release 1 case of N26 to your panel"]), (2, ["Release 2 cases of N26 to your panel"])],
)
def test_a_chair_releases_cases_whose_returns_are_all_in(to_release: int, words: list[str]) -> None:
    steps = rules.steps_to_release([replace(PANEL, to_release=to_release)])
    assert [step.words for step in steps] == words
    assert all((step.endpoint, step.values) == ("panels.show_panel", {"panel_id": 4}) for step in steps)


@pytest.mark.parametrize(
    ("today", "words", "urgency"),
    [
        (date(2026, 11, 26), "Your next panel, of N26, is on 27 November 2026", Urgency.SOON),
        (date(2026, 11, 27), "Your next panel, of N26, is today", Urgency.NOW),
    ],
)
def test_the_next_panel_says_when_and_where(today: date, words: str, urgency: Urgency) -> None:
    step = rules.step_of_next_panel(PANEL, today=today)
    assert (step.words, step.urgency, step.hint) == (words, urgency, "Town hall")


def test_a_panel_that_is_in_its_room_leads_into_it() -> None:
    step = rules.step_of_next_panel(replace(PANEL, is_open=True), today=date(2026, 12, 1))
    assert (step.words, step.endpoint) == ("Your panel of N26 is in its room now", "panels.room")


@pytest.mark.parametrize(
    ("led", "due", "words"),
    [
        (0, None, []),
        (1, None, []),  # overdue: said already
        (1, date(2027, 3, 4), ["You lead 1 open action; it is due on 4 March 2027"]),
        (3, date(2027, 3, 4), ["You lead 3 open actions; the next is due on 4 March 2027"]),
    ],
)
def test_a_lead_is_told_what_they_lead(led: int, due: date | None, words: list[str]) -> None:
    counts = ActionCounts(overdue=0, due_soon=0, open=3, to_sign_off=0, led=led, next_due_on=due)
    assert [step.words for step in rules.steps_of_agency_lead(counts)] == words


@pytest.mark.parametrize(
    ("returns", "words"),
    [
        (1, "1 return of N26 waits to be accepted or sent back"),
        (5, "5 returns of N26 wait to be accepted or sent back"),
    ],
)
def test_a_coordinator_checks_what_was_submitted(returns: int, words: str) -> None:
    nothing = ActionCounts(overdue=0, due_soon=0, open=0, to_sign_off=0)
    (step,) = rules.steps_of_coordinator(nothing, [ToCheck("N26", returns)])
    assert (step.words, step.endpoint) == (words, "returns.round_returns")


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (1, "1 mail is kept in the outbox, because no mail server is set"),
        (9, "9 mails are kept in the outbox, because no mail server is set"),
    ],
)
def test_an_administrator_reads_mails_that_nobody_else_gets(kept: int, words: str) -> None:
    (step,) = rules.steps_of_administrator(OfficeCounts(0, 0, 0, kept))
    assert (step.words, step.endpoint) == (words, "messages.outbox")


def test_an_administrator_is_told_of_other_routes_that_lead_to_nobody() -> None:
    (step,) = rules.steps_of_administrator(OfficeCounts(0, 0, 0, routes_without_contact=2))
    assert (step.words, step.endpoint) == ("2 other routes have no contact", "cases.other_routes")


@given(st.lists(st.tuples(st.sampled_from(Urgency), st.text(max_size=2), st.sampled_from(["a", "b"]))))
def test_the_most_pressing_comes_first_and_nothing_twice(given_steps: list[tuple[Urgency, str, str]]) -> None:
    steps = [NextStep(urgency, words, endpoint) for urgency, words, endpoint in given_steps]
    ordered = rules.most_pressing_first(steps)
    assert [step.urgency for step in ordered] == sorted(step.urgency for step in ordered)
    assert {(step.words, step.endpoint) for step in ordered} == {(step.words, step.endpoint) for step in steps}
    assert len(ordered) == len({(step.words, step.endpoint) for step in ordered})


@pytest.mark.parametrize(
    ("state", "deed", "words"),
    [
        (ConcernState.RAISED, ConcernDeed.ACKNOWLEDGE, "Say that you have the immediate concern about N26-01"),
        (ConcernState.ACKNOWLEDGED, ConcernDeed.CHOOSE_HOLDER, "Say which agency holds N26-01"),
        (ConcernState.ACKNOWLEDGED, ConcernDeed.RECORD_OUTCOME, "Record what came of the immediate concern"),
        (ConcernState.OUTCOME_RECORDED, ConcernDeed.AGREE, "Say whether you agree with the outcome"),
    ],
)
def test_what_an_open_concern_waits_for_comes_before_anything_late(
    state: ConcernState, deed: ConcernDeed, words: str
) -> None:
    late = NextStep(Urgency.LATE, "1 return is late", "returns.my_returns")
    two = [ConcernToFollow(concern_id, "N26-01", state, deed) for concern_id in (1, 2)]
    first, second, last = rules.most_pressing_first([late, *rules.steps_of_concerns(two)])
    assert first.words.startswith(words)
    assert [first.values, second.values, last] == [{"concern_id": 1}, {"concern_id": 2}, late]


def test_a_concern_that_waits_for_others_comes_last_and_says_for_whom() -> None:
    news = NextStep(Urgency.NEWS, "Read the findings", "findings.thematic")
    waiting = [ConcernToFollow(1, "N26-01", state, None) for state in OPEN_CONCERN]
    steps = rules.most_pressing_first([*rules.steps_of_concerns(waiting[:1]), news])
    assert steps[0] == news
    (ringing,) = rules.steps_of_concerns([replace(waiting[0], must_ring=True)])
    assert (ringing.urgency, ringing.words.split()[0]) == (Urgency.FIRST, "Ring")
    hints = [step.hint for step in rules.steps_of_concerns(waiting)]
    assert all(hint.startswith("Waiting for ") for hint in hints)
    assert len(set(hints)) == 3
