"""What people type into the forms about cases."""

from datetime import time

import pytest

from audit_app.core.forms import time_in


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:05", time(14, 5)),
        ("9:40", time(9, 40)),
        ("1405", time(14, 5)),
        ("905", time(9, 5)),
        ("2.05pm", time(14, 5)),
        ("2:05 PM", time(14, 5)),
        ("2 pm", time(14, 0)),
        ("12am", time(0, 0)),
        ("12.30 pm", time(12, 30)),
        ("2 p.m.", time(14, 0)),
    ],
)
def test_a_time_is_understood_as_people_write_it(typed: str, meant: time) -> None:
    assert time_in(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", None, "half ten", "25:00", "14", "9:75", "13pm", "0 am", "\u0661\u0664:\u0660\u0665"]
)
def test_what_is_no_time_is_none(typed: str | None) -> None:
    assert time_in(typed) is None
