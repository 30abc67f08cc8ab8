"""How long returns took, as it is typed, kept in minutes and told."""

HOURS_AT_MOST = 200
"""Of one return. Who types more has typed minutes for hours."""


def minutes_of(hours: int | None, minutes: int | None) -> int | None:
    """The minutes of a time in hours and minutes; None where it was left empty, or is no time at all."""
    return (hours or 0) * 60 + (minutes or 0) or None


def why_not_minutes(minutes: int | None) -> str | None:
    """The reason a return cannot have taken so long, or None."""
    if minutes is not None and not 0 < minutes <= HOURS_AT_MOST * 60:
        return f"The time spent on one return must be {HOURS_AT_MOST} hours or less."
    return None


def time_in_words(minutes: float) -> str:
    """A time in hours and minutes, such as “2 hours 5 minutes”, to the nearest minute."""
    hours, left = divmod(round(minutes), 60)
    parts = [(hours, "hour"), (left, "minute")]
    told = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(told) or "0 minutes"
