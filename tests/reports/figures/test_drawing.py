import subprocess
import sys

import pytest

from reports.figures.drawing import BAND_TONES, FOUR_TONES, label, whole_steps


@pytest.mark.parametrize(("most", "step"), [(0, 1), (12, 1), (13, 2), (24, 2), (25, 5), (60, 5), (61, 10), (900, 100)])
def test_an_axis_of_counts_is_marked_in_whole_numbers_and_at_most_twelve_times(most: int, step: int) -> None:
    assert whole_steps(most) == step


def test_a_label_breaks_between_words_and_is_never_empty() -> None:
    assert label("Fathers & other men", 10) == "Fathers &amp;<br>other men"
    assert label("", 10) == " "


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("fill", "ink"), FOUR_TONES)
def test_the_words_on_a_level_can_be_read(fill: str, ink: str) -> None:
    assert contrast(fill, ink) >= 4.5


def test_bands_that_touch_differ_by_three_to_one() -> None:
    strong, adequate, weak = (BAND_TONES[band][0] for band in ("strong", "adequate", "weak"))
    assert contrast(strong, adequate) >= 3
    assert contrast(adequate, weak) >= 3


def test_making_figures_does_not_load_plotly() -> None:
    code = "import sys, reports.figures; print('plotly' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
