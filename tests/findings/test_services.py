"""Writing, changing, moving and removing findings, and publishing a round."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.findings import queries, services
from audit_app.findings.models import Finding
from audit_app.findings.queries import FindingRow
from audit_app.findings.rules import FindingKind, edition
from audit_app.history.queries import deeds_of_round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_partnership, an_agency
from tests.factories.actions import an_action, an_agency_lead
from tests.factories.findings import a_counted_round, a_finding, indicator_id
from tests.findings.conftest import Counted
from tests.fixtures import Clock, Together

AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
STRENGTH, AREA = FindingKind.STRENGTH, FindingKind.AREA_FOR_DEVELOPMENT


def write(counted: Counted, *codes: str, **changed: object) -> Finding:
    said: dict[str, object] = {"kind": AREA, "title": "Men were left out", "words": "In two of three cases."}
    asked = [indicator_id(counted.audit.id, code) for code in codes]
    with transaction():
        return services.write_finding(
            counted.audit.id,
            **{**said, "indicator_ids": asked, **changed},  # type: ignore[arg-type]
            by=counted.coordinator,
            at=AT,
        )


def change(counted: Counted, finding: Finding, *codes: str, version: int, **changed: object) -> Finding:
    said: dict[str, object] = {"kind": STRENGTH, "title": "Men were seen", "words": "In one case."}
    with transaction():
        return services.change_finding(
            counted.audit.id,
            finding.id,
            version=version,
            **{**said, **changed},  # type: ignore[arg-type]
            indicator_ids=[indicator_id(counted.audit.id, code) for code in codes],
            by=counted.coordinator,
        )


def remove(counted: Counted, finding: Finding, reason: str = "Said twice.") -> None:
    with transaction():
        services.remove_finding(counted.audit.id, finding.id, reason=reason, by=counted.coordinator)


def move(counted: Counted, finding: Finding, *, is_up: bool) -> None:
    with transaction():
        services.move_finding(counted.audit.id, finding.id, is_up=is_up, by=counted.coordinator)


def publish(counted: Counted, seen: str | None = None) -> None:
    with transaction():
        services.publish_round(counted.audit.id, edition=seen or shown(counted), by=counted.coordinator, at=AT)


def stored(counted: Counted) -> list[FindingRow]:
    return list(queries.findings_of_round(counted.partnership.id, counted.audit.id))


def shown(counted: Counted) -> str:
    return edition((one.id, one.version) for one in stored(counted))


def history(counted: Counted) -> list[str]:
    return [deed.words for deed in deeds_of_round(counted.partnership.id, counted.audit.id)]


def test_a_finding_rests_on_its_indicators_in_the_order_of_the_template(counted: Counted) -> None:
    write(counted, "B01", "A01")
    (finding,) = stored(counted)
    assert (finding.kind, finding.title, finding.version) == (AREA, "Men were left out", 1)
    assert list(finding.indicator_ids) == [indicator_id(counted.audit.id, code) for code in ("A01", "B01")]
    assert history(counted)[0] == "Cora wrote the finding “Men were left out”"


def test_strengths_come_first_and_each_kind_in_the_order_it_was_written(counted: Counted) -> None:
    for kind, title in ((AREA, "first"), (STRENGTH, "second"), (AREA, "third"), (STRENGTH, "fourth")):
        write(counted, "A01", kind=kind, title=title)
    assert [one.title for one in stored(counted)] == ["second", "fourth", "first", "third"]


@pytest.mark.parametrize(("changed", "field"), [({"title": ""}, "title"), ({"words": ""}, "words")])
def test_a_finding_without_words_is_refused(counted: Counted, changed: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        write(counted, "A01", **changed)
    assert refusal.value.field == field
    assert stored(counted) == []


def test_a_finding_that_rests_on_nothing_is_refused(counted: Counted) -> None:
    with pytest.raises(Refused, match="at least one indicator"):
        write(counted)


def test_a_finding_cannot_rest_on_another_rounds_indicator(counted: Counted) -> None:
    other = a_counted_round(counted.partnership, [counted.health, counted.police])
    with pytest.raises(Refused, match="indicators of this round"):
        write(counted, indicator_ids=[indicator_id(other.id, "A01")])


def test_a_changed_finding_says_the_new_words_and_rests_on_the_new_indicators(counted: Counted) -> None:
    finding = write(counted, "A01", "A04")
    change(counted, finding, "B01", version=1)
    (after,) = stored(counted)
    assert (after.kind, after.title, after.words, after.version) == (STRENGTH, "Men were seen", "In one case.", 2)
    assert after.indicator_ids == (indicator_id(counted.audit.id, "B01"),)
    assert history(counted)[0] == "Cora changed the finding “Men were seen”"


def test_a_stale_change_is_refused_with_what_is_stored(counted: Counted) -> None:
    finding = write(counted, "A01")
    change(counted, finding, "A01", version=1)
    with pytest.raises(Stale) as stale:
        change(counted, finding, "A04", version=1, title="Mine")
    assert stale.value.theirs == {"kind": "Strength", "title": "Men were seen", "words": "In one case."}
    assert stale.value.version == 2
    assert stored(counted)[0].title == "Men were seen"


def test_of_two_changes_at_once_one_is_refused(counted: Counted, together: Together) -> None:
    finding = write(counted, "A01")
    results = together(
        lambda: change(counted, finding, "A01", version=1, title="One"),
        lambda: change(counted, finding, "A04", version=1, title="Two"),
    )
    assert sorted(type(result).__name__ for result in results) == ["Finding", "Stale"]
    assert stored(counted)[0].version == 2


def test_a_finding_changes_places_with_its_neighbour_of_the_same_kind(counted: Counted) -> None:
    first = write(counted, "A01", title="first")
    write(counted, "A01", title="a strength", kind=STRENGTH)
    last = write(counted, "A01", title="last")
    move(counted, last, is_up=True)
    assert [one.title for one in stored(counted)] == ["a strength", "last", "first"]
    assert history(counted)[0] == "Cora moved the finding “last” up or down"
    move(counted, last, is_up=False)
    assert [one.title for one in stored(counted)] == ["a strength", "first", "last"]
    before = history(counted)
    move(counted, first, is_up=True)
    assert [one.title for one in stored(counted)] == ["a strength", "first", "last"]
    assert history(counted) == before


def test_a_removed_finding_leaves_its_title_and_the_reason_in_history(counted: Counted) -> None:
    finding = write(counted, "A01", "A04")
    remove(counted, finding)
    assert stored(counted) == []
    assert history(counted)[0] == "Cora removed the finding “Men were left out”: Said twice."


def test_a_finding_is_not_removed_without_a_reason(counted: Counted) -> None:
    finding = write(counted, "A01")
    with pytest.raises(Refused, match="Say why"):
        remove(counted, finding, reason="")
    assert len(stored(counted)) == 1


def test_a_finding_with_an_action_is_not_removed(counted: Counted) -> None:
    finding = write(counted, "A01")
    an_action(finding, counted.health, an_agency_lead(counted.partnership, counted.health))
    with pytest.raises(Refused, match="An action was written from this finding"):
        remove(counted, finding)
    assert [one.title for one in stored(counted)] == ["Men were left out"]
    assert not any("removed" in words for words in history(counted))


DEEDS: dict[str, Callable[[Counted, Finding], object]] = {
    "write": lambda counted, _: write(counted, "A01"),
    "change": lambda counted, finding: change(counted, finding, "A01", version=1),
    "move": lambda counted, finding: move(counted, finding, is_up=True),
    "remove": remove,
    "publish": lambda counted, _: publish(counted),
}


@pytest.mark.parametrize("state", [RoundState.PANEL, RoundState.PUBLISHED, RoundState.CLOSED, RoundState.WITHDRAWN])
@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_is_refused_unless_the_round_is_being_reported(
    counted: Counted, deed: str, state: RoundState
) -> None:
    finding = write(counted, "A01")
    counted.put(state)
    with pytest.raises(Refused):
        DEEDS[deed](counted, finding)
    assert shown(counted) == edition([(finding.id, 1)])


@pytest.mark.parametrize("deed", ["change", "move", "remove"])
def test_another_partnerships_or_rounds_finding_is_not_there(counted: Counted, deed: str) -> None:
    elsewhere = a_partnership()
    agencies = [an_agency(elsewhere), an_agency(elsewhere)]
    theirs = a_finding(a_counted_round(elsewhere, agencies))
    of_another_round = a_finding(a_counted_round(counted.partnership, [counted.health, counted.police]))
    for finding in (theirs, of_another_round):
        with pytest.raises(NotHere):
            DEEDS[deed](counted, finding)


def test_a_published_round_keeps_who_published_it_and_when(counted: Counted) -> None:
    write(counted, "A01")
    publish(counted)
    db.session.refresh(counted.audit)
    assert (counted.audit.state, counted.audit.published_at) == (RoundState.PUBLISHED, AT)
    assert counted.audit.published_by_id == counted.cora.id
    assert history(counted)[0] == f"Cora published {counted.audit.reference} {counted.audit.title}"


def test_a_round_without_a_finding_is_not_published(counted: Counted) -> None:
    with pytest.raises(Refused, match="at least one finding"):
        publish(counted)


def test_publishing_is_refused_when_the_findings_were_changed_after_the_check(counted: Counted) -> None:
    finding = write(counted, "A01")
    seen = shown(counted)
    change(counted, finding, "A01", version=1)
    with pytest.raises(Refused, match="Check them once more"):
        publish(counted, seen)
    db.session.refresh(counted.audit)
    assert counted.audit.state is RoundState.REPORTING


def test_a_finding_is_never_written_into_a_round_that_is_being_published(
    counted: Counted, together: Together, clock: Clock
) -> None:
    write(counted, "A01")
    seen = shown(counted)
    round_id, asked, by = counted.audit.id, [indicator_id(counted.audit.id, "A04")], counted.coordinator

    def publish_it() -> object:
        with transaction():
            return services.publish_round(round_id, edition=seen, by=by, at=AT)

    def write_late() -> object:
        with transaction():
            return services.write_finding(
                round_id, kind=AREA, title="Late", words="Too late?", indicator_ids=asked, by=by, at=AT
            )

    results = together(publish_it, write_late)
    assert [isinstance(result, Refused) for result in results].count(True) == 1, results
    db.session.refresh(counted.audit)
    is_published = counted.audit.state is RoundState.PUBLISHED
    assert [one.title for one in stored(counted)] == ["Men were left out", *([] if is_published else ["Late"])]
