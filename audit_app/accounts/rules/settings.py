"""What a partnership's settings are held to, beside its words."""

import re


def why_not_colour(colour: str) -> str | None:
    """The reason a colour cannot carry white text, or None. `colour` is `#rrggbb`.

    The contrast is WCAG 2.2's (relative luminance, success criterion 1.4.3) and must reach 4.5 to 1.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return "Enter a colour as # and six digits or letters from a to f, such as #0b5c5c."
    if contrast_with_white(colour) < 4.5:
        return "White words are hard to read on this colour. Choose a darker one."
    return None


def why_not_retention(*, years: int | None, months: int | None) -> tuple[str, str] | None:
    """The reason retention periods cannot be set, with the setting it is about, or None."""
    if years is None or not 1 <= years <= 25:
        return "Keep rounds for 1 to 25 years.", "round_retention_years"
    if months is None or not 1 <= months <= 60:
        return "Keep identities for 1 to 60 months.", "identity_retention_months"
    return None


def why_not_acknowledge_minutes(minutes: int | None) -> str | None:
    """The reason this cannot be the working time within which an immediate concern is acknowledged, or None."""
    if minutes is None or not 5 <= minutes <= 480:
        return "Enter 5 to 480 working minutes: eight hours are one working day."
    return None


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of `#rrggbb` with white, from 1 to 21 (WCAG 2.2, relative luminance)."""

    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
