"""How far an interval reaches: quantiles of Student's t, without a library of statistics."""

import math
from functools import lru_cache

HALVINGS = 60
"""Each halves the space in which the angle lies: sixty leave less than a double can hold."""


def share_within(t: float, df: int) -> float:
    """The share of Student's t distribution with `df` (1 or more) degrees of freedom between -t and t.

    The finite series of Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 for odd and 26.7.4
    for even degrees of freedom. They are exact for whole numbers of degrees.
    """
    return _share_at(math.atan2(t, math.sqrt(df)), df)


@lru_cache(maxsize=4096)
def reach(df: int, share: float = 0.95) -> float:
    """The t between whose negative and itself lies this share of the distribution: 2.201 for 11 degrees and 0.95."""
    low, high = 0.0, math.pi / 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _share_at(middle, df) < share:
            low = middle
        else:
            high = middle
    return math.sqrt(df) * math.tan((low + high) / 2)


def _share_at(angle: float, df: int) -> float:
    sine, cosine = math.sin(angle), math.cos(angle)
    is_odd = df % 2 == 1
    term = cosine if is_odd else 1.0
    total = 0.0 if df == 1 else term
    for step in range(3 if is_odd else 2, df, 2):  # 3, 5, ... or 2, 4, ... below df
        term *= cosine * cosine * (step - 1) / step
        if term == 0.0:
            break
        total += term
    return 2 / math.pi * (angle + sine * total) if is_odd else sine * total
