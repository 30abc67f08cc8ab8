"""How far one agency's ratings lie from what was agreed, and on which side."""

from collections.abc import Iterable
from dataclasses import dataclass

from audit_app.panels.rules.agreement.measures import UNITS_AT_LEAST


@dataclass(frozen=True)
class Distance:
    """The mean of levels between what one rater gave and what was agreed, over n ratings.

    Positive: the rater gave better levels than were agreed. Negative: worse ones.
    """

    mean: float
    n: int


def signed_distance(pairs: Iterable[tuple[int, int]]) -> Distance | None:
    """The mean signed distance of pairs (rank given, rank agreed); rank 1 is best. None where there is no pair."""
    steps = [agreed - given for given, agreed in pairs]
    return Distance(sum(steps) / len(steps), len(steps)) if steps else None


def distance_in_words(distance: Distance | None) -> str:
    """What an agency is told of its own ratings beside the agreed ones."""
    if distance is None:
        return "None of these ratings can be compared with an agreed level yet."
    over = f"on average over {distance.n} {'rating' if distance.n == 1 else 'ratings'}"
    caution = " That is few: do not read much into it." if distance.n < UNITS_AT_LEAST else ""
    size = f"{abs(distance.mean):.1f}"
    if distance.mean == 0:
        return f"Neither better nor worse than what was agreed, {over}.{caution}"
    side = "better" if distance.mean > 0 else "worse"
    if size == "0.0":
        return f"Less than a tenth of a level {side} than what was agreed, {over}.{caution}"
    return f"{size} {'level' if size == '1.0' else 'levels'} {side} than what was agreed, {over}.{caution}"
