"""The pages on which findings are written, changed, moved, removed, and a round is published."""

import pytest

from audit_app.accounts.rules import Role
from audit_app.core.db import transaction
from audit_app.findings import queries, services
from audit_app.findings.rules import FindingKind
from audit_app.rounds.rules import RoundState
from tests.factories.actions import an_action, an_agency_lead
from tests.factories.findings import a_counted_round, a_finding, indicator_id
from tests.factories.rounds import a_round
from tests.findings.conftest import Counted
from tests.pages import PageClient

STRENGTH = FindingKind.STRENGTH


def typed(counted: Counted, **changed: object) -> dict[str, object]:
    said: dict[str, object] = {
        "kind": "area_for_development",
        "title": "Men were left out",
        "words": "In two of three cases nobody asked who else lived there.",
        "indicator_ids": [str(indicator_id(counted.audit.id, code)) for code in ("A01", "A04")],
    }
    return {**said, **changed}


def titles(counted: Counted) -> list[str]:
    return [one.title for one in queries.findings_of_round(counted.partnership.id, counted.audit.id)]


def test_a_coordinator_writes_the_first_finding(counted: Counted, client: PageClient) -> None:
    coordinator = client.as_(counted.cora)
    page = coordinator.get(coordinator.get(counted.at).links["Write the first finding"])
    assert page.h1 == "Write a finding"
    assert "A01 Signs were seen Good 1, Inadequate 2 (3 ratings); no evidence 1" in page.main
    page = coordinator.send(page, typed(counted))
    assert page.notices == ["The finding is written."]
    assert "Areas for development Men were left out In two of three cases" in page.main
    assert "A04 Harm was weighed: Good 2, Requires improvement 1 (3 cases)" in page.main


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"kind": None}, "Choose whether this is a strength or an area for development."),
        ({"title": " "}, "Enter a title."),
        ({"title": "t" * 201}, "The title must be 200 characters or fewer."),
        ({"words": ""}, "Say what was found."),
        ({"indicator_ids": None}, "Choose at least one indicator that the finding rests on."),
        ({"indicator_ids": ["999999"]}, "Choose from the answers shown."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    counted: Counted, client: PageClient, changed: dict[str, object], error: str
) -> None:
    coordinator = client.as_(counted.cora)
    sent = typed(counted, **changed)
    page = coordinator.send(coordinator.get(f"{counted.at}/new"), sent, status=200)
    assert page.errors == [error]
    assert titles(counted) == []
    kept = page.form().values
    for name in ("kind", "title", "words", "indicator_ids"):
        if name not in changed:
            assert kept[name] == (sent[name] if isinstance(sent[name], list) else [sent[name]])


def test_a_finding_is_changed_and_a_stale_save_shows_both(counted: Counted, client: PageClient) -> None:
    finding = a_finding(counted.audit, "A01", title="First words")
    coordinator = client.as_(counted.cora)
    page = coordinator.get(coordinator.get(counted.at).links["Change: First words"])
    assert page.form().values["indicator_ids"] == [str(indicator_id(counted.audit.id, "A01"))]
    with transaction():
        services.change_finding(
            counted.audit.id,
            finding.id,
            version=1,
            kind=STRENGTH,
            title="Their words",
            words=finding.words,
            indicator_ids=[indicator_id(counted.audit.id, "B01")],
            by=counted.coordinator,
        )
    page = coordinator.send(page, {"title": "My words"}, status=200)
    assert page.errors == ["Someone else saved this while you were working. Compare the two, then save again."]
    assert page.tables[0][1:] == [
        ["What kind of finding is it?", "Strength", "Area for development"],
        ["What did you find, in a line?", "Their words", "My words"],
        ["Which indicators does it rest on?", "B01 The child was heard", "A01 Signs were seen"],
    ]
    assert page.form().values["title"] == ["My words"]
    assert titles(counted) == ["Their words"]
    page = coordinator.send(page)
    assert page.notices == ["The finding is changed."]
    assert titles(counted) == ["My words"]


def test_findings_are_moved_with_a_button(counted: Counted, client: PageClient) -> None:
    for title in ("One", "Two"):
        a_finding(counted.audit, title=title)
    coordinator = client.as_(counted.cora)
    page = coordinator.send(coordinator.get(counted.at), button="Move up: Two")
    assert page.notices == ["Moved: Two"]
    assert titles(counted) == ["Two", "One"]
    coordinator.send(page, button="Move down: Two")
    assert titles(counted) == ["One", "Two"]


def test_a_finding_is_removed_with_a_reason(counted: Counted, client: PageClient) -> None:
    a_finding(counted.audit, title="Said twice")
    coordinator = client.as_(counted.cora)
    page = coordinator.get(coordinator.get(counted.at).links["Remove: Said twice"])
    assert "Said twice" in page.main
    page = coordinator.send(page, status=200)
    assert page.errors == ["Say why the finding is removed."]
    page = coordinator.send(page, {"reason": "It is in the next one."})
    assert page.notices == ["The finding is removed."]
    assert titles(counted) == []


def test_a_finding_with_an_action_says_why_it_stays(counted: Counted, client: PageClient) -> None:
    finding = a_finding(counted.audit)
    an_action(finding, counted.health, an_agency_lead(counted.partnership, counted.health))
    coordinator = client.as_(counted.cora)
    page = coordinator.get(f"{counted.at}/{finding.id}/remove")
    page = coordinator.send(page, {"reason": "Not needed."}, status=200)
    assert page.errors[0].startswith("An action was written from this finding, so the finding stays.")
    assert page.form().values["reason"] == ["Not needed."]


def test_a_round_is_published_after_a_check_of_who_will_see_what(counted: Counted, client: PageClient) -> None:
    a_finding(counted.audit, title="Men were left out")
    coordinator, board = client.as_(counted.cora), client.as_(counted.member(Role.BOARD_MEMBER))
    page = coordinator.get(coordinator.get(counted.at).links["Check and publish"])
    assert page.h1 == "Check and publish"
    assert "Never a case, a reason or evidence." in page.main
    assert "Men were left out" in page.main
    board.get(counted.at, status=404)
    page = coordinator.send(page)
    assert page.notices == [f"{counted.audit.reference} is published: board members and agency leads can read it."]
    assert "Published on" in page.main
    assert "Men were left out" in board.get(counted.at).main


def test_a_round_without_a_finding_says_what_it_still_needs(counted: Counted, client: PageClient) -> None:
    page = client.as_(counted.cora).get(f"{counted.at}/publish")
    assert "Write at least one finding before you publish this round." in page.main
    assert not page.forms
    page = client.as_(counted.cora).post(f"{counted.at}/publish", {"edition": ""}, status=200)
    assert page.errors == ["Write at least one finding before you publish this round."]


def test_findings_that_changed_after_the_check_are_shown_before_they_are_published(
    counted: Counted, client: PageClient
) -> None:
    a_finding(counted.audit)
    coordinator = client.as_(counted.cora)
    page = coordinator.get(f"{counted.at}/publish")
    a_finding(counted.audit, title="Written meanwhile")
    page = coordinator.send(page, status=200)
    assert page.errors == ["The findings were changed while you were checking them. Check them once more."]
    assert "Written meanwhile" in page.main
    assert "is published" in coordinator.send(page).notices[0]


def test_a_published_round_is_locked_on_every_door(counted: Counted, client: PageClient) -> None:
    finding = a_finding(counted.audit, title="Men were left out")
    coordinator = client.as_(counted.cora)
    opened = {
        at: coordinator.get(f"{counted.at}/{at}") for at in ("new", f"{finding.id}/change", f"{finding.id}/remove")
    }
    counted.put(RoundState.PUBLISHED)
    page = coordinator.get(counted.at)
    assert not {"Write another finding", "Change: Men were left out", "Check and publish"} & set(page.links)
    for at, before in opened.items():
        assert "published" in coordinator.get(f"{counted.at}/{at}", status=409).main
        changes = typed(counted) if at == "new" else {"reason": "Because."} if at.endswith("remove") else {}
        page = coordinator.send(before, changes, status=200)
        assert page.errors == ["This round is published: its findings can no longer be changed."]
    coordinator.post(f"{counted.at}/{finding.id}/move", {"to": "up"}, status=409)
    assert "This round is published already." in coordinator.get(f"{counted.at}/publish").main
    assert titles(counted) == ["Men were left out"]


def test_what_was_written_while_the_round_was_withdrawn_comes_back_with_the_reason(
    counted: Counted, client: PageClient
) -> None:
    finding = a_finding(counted.audit, title="Men were left out")
    coordinator = client.as_(counted.cora)
    typed_at: dict[str, dict[str, object]] = {
        "new": typed(counted),
        f"{finding.id}/change": {"words": "Nobody asked."},
        f"{finding.id}/remove": {"reason": "It was said twice."},
    }
    opened = {at: coordinator.get(f"{counted.at}/{at}") for at in typed_at}
    counted.put(RoundState.WITHDRAWN)
    for at, changes in typed_at.items():
        assert "Withdrawn" in coordinator.get(f"{counted.at}/{at}", status=409).main
        page = coordinator.send(opened[at], changes, status=200)
        assert page.errors == ["Findings are written while a round is being reported. This one is at “Withdrawn”."]
        kept = page.form().values
        assert all(kept[name] == (said if isinstance(said, list) else [said]) for name, said in changes.items())
    assert titles(counted) == ["Men were left out"]
    assert "nothing in it is counted" in coordinator.get(f"{counted.at}/publish", status=409).main


def test_nothing_is_written_on_a_round_that_was_withdrawn_before_it_had_questions(
    counted: Counted, client: PageClient
) -> None:
    never_opened = a_round(counted.partnership, state=RoundState.WITHDRAWN)
    at = f"/p/{counted.partnership.slug}/rounds/{never_opened.reference}/findings/new"
    page = client.as_(counted.cora).post(at, typed(counted), status=409)
    assert "nothing in it is counted" in page.main


@pytest.mark.parametrize("role", [Role.SCRUTINEER, Role.BOARD_MEMBER, Role.AGENCY_LEAD])
def test_only_the_coordinator_writes(counted: Counted, client: PageClient, role: Role) -> None:
    finding = a_finding(counted.audit)
    reader = client.as_(counted.member(role, agency=counted.health))
    for at in ("new", "publish", f"{finding.id}/change", f"{finding.id}/remove"):
        reader.get(f"{counted.at}/{at}", status=403)
    if role is Role.SCRUTINEER:
        page = reader.get(counted.at)
        assert not page.forms
        assert "Change: Finding 1" not in page.links


@pytest.mark.parametrize("deed", ["change", "remove"])
def test_a_finding_of_another_round_is_not_there(counted: Counted, client: PageClient, deed: str) -> None:
    other = a_finding(a_counted_round(counted.partnership, [counted.health, counted.police]))
    page = client.as_(counted.cora).get(f"{counted.at}/{other.id}/{deed}", status=404)
    assert page.h1 == "Page not found"
