"""A template that goes into a file and comes back is the same template."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from audit_app.indicators.rules import AuditTemplate, as_toml
from tests.factories.indicators import the_catalogue
from tests.indicators.exchanged import OURS, as_xlsx, read, templates, without_empties

FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@FEW
@given(templates())
def test_any_template_comes_back_from_toml(template: AuditTemplate) -> None:
    assert read(as_toml(template).encode()) == template


@FEW
@given(templates())
def test_any_template_comes_back_from_a_workbook(template: AuditTemplate) -> None:
    assert read(as_xlsx(template)) == template


@pytest.mark.parametrize("template", the_catalogue().templates, ids=lambda template: template.code)
def test_every_delivered_template_comes_back_from_both(template: AuditTemplate) -> None:
    stored = without_empties(template)
    assert read(as_toml(stored).encode()) == stored
    assert read(as_xlsx(stored)) == stored


@pytest.mark.parametrize("code", ["joint-evaluation", "signs-of-safety-scaling"])
def test_a_workbook_that_libreoffice_saved_comes_back(office: Callable[..., Path], code: str) -> None:
    template = without_empties(next(one for one in the_catalogue().templates if one.code == code))
    saved = office(BytesIO(as_xlsx(template)), "xlsx") / "book.xlsx"
    assert read(saved.read_bytes()) == template


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_toml_may_be_saved_with_the_line_ends_and_the_mark_of_windows(line_end: str) -> None:
    text = as_toml(OURS).replace("\n", line_end)
    assert read(b"\xef\xbb\xbf" + text.encode()) == OURS
