"""What is said of how far raters agree: the measures together, when there is none, and the sentences of each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from audit_app.panels.rules.agreement.coefficients import (
    Coefficient,
    Ratings,
    compared,
    counts_of,
    fleiss_kappa,
    gwet,
    identity_weights,
    interval_difference,
    krippendorff_alpha,
    nominal_difference,
    ordinal_difference,
    ordinal_weights,
    percentage_agreement,
)

UNITS_AT_LEAST = 5
"""Units that two or more must have rated before a coefficient is given.

With four the interval rests on three degrees of freedom and reaches 3.2 standard errors to each side, which mostly
covers the whole scale: the figure would look like knowledge and hold none. The percentage, a count, is always said.
"""


class Outcome(StrEnum):
    """What can be said of the agreement in a table of ratings."""

    MEASURED = "measured"
    NO_PAIRS = "no_pairs"
    TOO_FEW = "too_few"
    ALL_EQUAL = "all_equal"


@dataclass(frozen=True)
class Things:
    """What the sentences call those who rate, and what they rate."""

    rater: str = "rater"
    raters: str = "raters"
    unit: str = "unit"
    units: str = "units"


AS_IN_A_FILE = Things()
CASES = Things("agency", "agencies", "case", "cases")
RATINGS_OF_CASES = Things("agency", "agencies", "case and question", "cases and questions")


@dataclass(frozen=True)
class Alphas:
    """Krippendorff's alpha by what two levels apart are taken to mean."""

    nominal: float
    ordinal: float
    interval: float


@dataclass(frozen=True)
class Agreement:
    """How far raters agree. `units` are those that two or more rated, `ratings` the ratings of them.

    The percentage is a share of 1, and None only where there are no pairs. The coefficients are there exactly when the
    outcome is that it was measured.
    """

    outcome: Outcome
    units: int
    raters: int
    ratings: int
    percentage: float | None = None
    ac2: Coefficient | None = None
    ac1: Coefficient | None = None
    alpha: Alphas | None = None
    kappa: Coefficient | None = None


def measure(ratings: Ratings, levels: int) -> Agreement:
    """Measure how far raters agree, in a table of ranks (1 to `levels`, None for missing), a row a unit.

    Not applicable, no evidence and answers in words are no levels: hand them in as missing.

    Raises:
        ValueError: there are fewer than two levels, or a rank is none of them.
    """
    counts = counts_of(ratings, levels)
    units = compared(counts)
    raters = sum(any(rank is not None for rank in column) for column in _columns(ratings))
    found = Agreement(Outcome.NO_PAIRS, len(units), raters, sum(map(sum, units)))
    if not units:
        return found
    found = replace(found, percentage=percentage_agreement(counts))
    if len(units) < UNITS_AT_LEAST:
        return replace(found, outcome=Outcome.TOO_FEW)
    nominal, ordinal, interval = (
        krippendorff_alpha(counts, difference)
        for difference in (nominal_difference, ordinal_difference, interval_difference)
    )
    if nominal is None or ordinal is None or interval is None:
        return replace(found, outcome=Outcome.ALL_EQUAL)
    identity = identity_weights(levels)
    return replace(
        found,
        outcome=Outcome.MEASURED,
        ac2=gwet(counts, ordinal_weights(levels)),
        ac1=gwet(counts, identity),
        alpha=Alphas(nominal, ordinal, interval),
        kappa=fleiss_kappa(counts, identity),
    )


def _columns(ratings: Ratings) -> Sequence[Sequence[int | None]]:
    width = max(map(len, ratings), default=0)
    return [[unit[at] for unit in ratings if at < len(unit)] for at in range(width)]


@dataclass(frozen=True)
class Said:
    """One figure in words: its name, the figure, what it tells a reader, and how it was found, with its source."""

    name: str
    figure: str
    sentence: str
    method: str


PERCENTAGE_METHOD = (
    "The share of pairs of ratings that are the same level, for each unit that two or more rated, then the mean over "
    "units. Source: K. L. Gwet, Handbook of Inter-Rater Reliability, 4th edition, 2014."
)
AC2_METHOD = (
    "Gwet's AC2 with ordinal weights: levels next to each other count as partly agreed, and what chance alone would "
    "give is taken off. The 95% interval takes Student's t, for units drawn from a large number and these raters. "
    "Source: K. L. Gwet, British Journal of Mathematical and Statistical Psychology 61, 2008, and Handbook of "
    "Inter-Rater Reliability, 4th edition, 2014."
)
ALPHA_METHOD = (
    "Krippendorff's alpha for ordered levels. Its author asks for 0.80 before anything is concluded, and for 0.67 at "
    "the least before anything is concluded with care. Source: K. Krippendorff, Computing Krippendorff's "
    "Alpha-Reliability, 2011."
)


def in_words(agreement: Agreement, things: Things) -> Sequence[Said]:
    """Each figure with a sentence that somebody on a board understands. Empty where no figure can be given at all."""
    said = []
    if agreement.percentage is not None:
        said.append(
            Said(
                "Percentage agreement",
                as_percentage(agreement.percentage),
                f"Take any {things.unit} that two or more {things.raters} rated, and any two of its ratings: they are "
                f"the same level {as_times(agreement.percentage)}.",
                PERCENTAGE_METHOD,
            )
        )
    if agreement.ac2 is not None:
        said.append(Said("Gwet's AC2", as_decimal(agreement.ac2.value), _ac2_in_words(agreement, things), AC2_METHOD))
    if agreement.alpha is not None:
        said.append(
            Said(
                "Krippendorff's alpha",
                as_decimal(agreement.alpha.ordinal),
                "A second measure, which reckons with chance in another way. Where it is far below the first, nearly "
                "all ratings are of the same one or two levels, so a few that differ weigh heavily.",
                ALPHA_METHOD,
            )
        )
    return said


def _ac2_in_words(agreement: Agreement, things: Things) -> str:
    found = agreement.ac2
    interval = found.interval if found else None
    sentence = (
        "1 is full agreement and 0 is what chance alone would give. Levels next to each other count as partly agreed."
    )
    if interval is None:
        return sentence
    low, high = map(as_decimal, interval)
    return f"{sentence} From {agreement.units} {things.units} the true figure may be anywhere from {low} to {high}."


def why_no_coefficient(agreement: Agreement, things: Things) -> str:
    """What to tell a reader in place of a figure that chance was taken off. Empty where there is one."""
    match agreement.outcome:
        case Outcome.NO_PAIRS:
            return f"No {things.unit} was rated by two or more {things.raters} yet, so there is nothing to compare."
        case Outcome.TOO_FEW:
            many = things.unit if agreement.units == 1 else things.units
            return (
                f"Only {agreement.units} {many} had ratings of two or more {things.raters}. Below {UNITS_AT_LEAST} "
                "nothing is given beyond the percentage: chance alone could make it anything."
            )
        case Outcome.ALL_EQUAL:
            return (
                f"Everybody gave the same level on every {things.unit}. Agreement is complete, but a measure that "
                "takes chance off can say nothing where no level but one was used."
            )
        case Outcome.MEASURED:
            return ""


@dataclass(frozen=True)
class Told:
    """What a page says of one agreement: its figures in words, and why there is none beyond them."""

    figures: Sequence[Said]
    why_not: str


def told(agreement: Agreement, things: Things) -> Told:
    """All that a page says of one agreement."""
    return Told(in_words(agreement, things), why_no_coefficient(agreement, things))


SHORT_WORDS = {
    Outcome.MEASURED: "",
    Outcome.NO_PAIRS: "Nothing to compare",
    Outcome.TOO_FEW: "Too few",
    Outcome.ALL_EQUAL: "All the same",
}
"""What a table shows in place of a coefficient."""


def as_cells(agreement: Agreement) -> list[str]:
    """A row of a table: units compared, same level, AC2 or why there is none, its interval, ordinal alpha."""
    found, interval = agreement, agreement.ac2.interval if agreement.ac2 else None
    return [
        str(found.units),
        "" if found.percentage is None else as_percentage(found.percentage),
        as_decimal(found.ac2.value) if found.ac2 else SHORT_WORDS[found.outcome],
        f"{as_decimal(interval[0])} to {as_decimal(interval[1])}" if interval else "",
        as_decimal(found.alpha.ordinal) if found.alpha else "",
    ]


def as_percentage(share: float) -> str:
    """A share of 1 as whole percent; never 100 % or 0 % where it is not quite so."""
    whole = round(share * 100)
    if share < 1:
        whole = min(whole, 99)
    if share > 0:
        whole = max(whole, 1)
    return f"{whole}%"


def as_times(share: float) -> str:
    """A share of 1 as how often out of a hundred times."""
    if share == 1:
        return "every time"
    if share == 0:
        return "never"
    return f"{as_percentage(share).removesuffix('%')} times in 100"


def as_decimal(value: float) -> str:
    """A coefficient with two decimals, never rounded up to 1."""
    if 0.995 <= value < 1:
        return "0.99"
    return f"{value:.2f}".replace("-0.00", "0.00")


def as_facts(agreement: Agreement) -> dict[str, object]:
    """Every figure, unrounded, for other programs. None where there is none; `said` holds the sentences."""
    found = agreement
    return {
        "outcome": found.outcome.value,
        "units": found.units,
        "ratings": found.ratings,
        "percentage_agreement": found.percentage,
        "ac2": _coefficient(found.ac2),
        "ac1": _coefficient(found.ac1),
        "krippendorff_alpha": found.alpha and asdict(found.alpha),
        "fleiss_kappa": found.kappa and found.kappa.value,
        "said": [said.sentence for said in in_words(found, AS_IN_A_FILE)],
        "why_not": why_no_coefficient(found, AS_IN_A_FILE),
    }


def _coefficient(found: Coefficient | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "value": found.value,
        "standard_error": found.standard_error,
        "interval_95": found.interval,
        "observed": found.observed,
        "by_chance": found.by_chance,
    }
