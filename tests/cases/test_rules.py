"""The rules about identity sheets and immediate concerns."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from audit_app.cases.rules import (
    IdentitySheet,
    case_reference,
    mail_body,
    still_missing,
    why_not_save_sheet,
    why_not_told_at,
)
from tests.factories.cases import SHEET

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_a_sheet_needs_a_name_a_date_of_birth_an_address_and_a_carer() -> None:
    assert list(still_missing(IdentitySheet())) == ["a name", "a date of birth", "an address", "a parent or carer"]
    assert list(still_missing(SHEET)) == []
    assert why_not_save_sheet(SHEET, "") is None


def test_a_gap_of_blanks_is_a_gap() -> None:
    assert list(still_missing(replace(SHEET, names="  "))) == ["a name"]


def test_a_reason_lets_a_sheet_with_a_gap_be_saved() -> None:
    assert why_not_save_sheet(replace(SHEET, carers=""), " ") is not None
    assert why_not_save_sheet(replace(SHEET, carers=""), "Not recorded.") is None


def test_a_sheet_survives_being_stored_and_forgets_what_it_does_not_know() -> None:
    assert IdentitySheet.from_json(SHEET.to_json()) == SHEET
    assert IdentitySheet.from_json('{"names": "R", "shoe_size": "3"}') == IdentitySheet(names="R")
    assert IdentitySheet.from_json(None) == IdentitySheet()


def test_a_minute_of_difference_between_clocks_is_no_future() -> None:
    assert why_not_told_at(NOW + timedelta(seconds=50), now=NOW) is None
    assert why_not_told_at(NOW + timedelta(minutes=2), now=NOW) is not None


def test_a_mail_without_a_name_still_greets() -> None:
    assert mail_body(recipient="", partnership="P", link="L").startswith("Dear colleague,")


def test_references_keep_their_order_when_sorted_as_text() -> None:
    assert [case_reference("N26", position) for position in (1, 9, 10)] == ["N26-01", "N26-09", "N26-10"]
