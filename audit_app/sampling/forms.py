"""The questions on the way from a file to a sample."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_wtf.file import FileRequired
from wtforms import Field, FieldList, HiddenField
from wtforms.validators import NumberRange, ValidationError
from wtforms.widgets import HiddenInput

from audit_app.accounts.rules import DELIVERED, Terms
from audit_app.core.forms import (
    ChoiceField,
    DayField,
    DayNeeded,
    FileField,
    PageForm,
    SeveralField,
    TextField,
    WholeNumberField,
    WordsField,
    YesField,
    at_most,
    is_number,
    needed,
)
from audit_app.sampling.rules import (
    DIMENSION_WORDS,
    POOL_WORDS,
    Dimension,
    Pool,
    SamplingFrame,
    SamplingPlan,
    Stratum,
    fingerprint_of,
    stratum_words,
)

SHARED, AT_LEAST_ONE, COUNTS = "shared", "at_least_one", "counts"


class UploadForm(PageForm):
    """A council's file."""

    file = FileField(
        "Upload the list of children",
        validators=[FileRequired("Choose the file with the list of children.")],
        description="An Excel workbook (.xlsx), such as Ofsted's Annex A, or a CSV file. At most 20 MB.",
    )


class ConfirmPopulationForm(PageForm):
    """That a file was read as it should be, and the day it speaks of."""

    as_at = DayField(
        "On which day was the list right?",
        [DayNeeded("Enter the day on which the list was right.")],
        what="The as-at date",
        description="Ages are counted on this day. The latest day that the file speaks of is offered.",
    )
    file_sha256 = TextField("", widget=HiddenInput())


class FrameForm(PageForm):
    """Who may be drawn, and in which groups. Its answers come from the address, or along with those of the draw."""

    pool = ChoiceField(
        "Which children can be drawn?",
        [(pool.value, words) for pool, words in POOL_WORDS.items()],
        default=Pool.NEGLECT,
    )
    with_ended = YesField("Also children whose plan has ended")
    without_earlier = YesField("Leave out children who were cases of an earlier round")
    by = SeveralField(
        "Group them by",
        [(by.value, words) for by, words in DIMENSION_WORDS.items()],
        description="Each group gives its share of the sample, and has reserves of its own. Leave empty for no groups.",
    )

    class Meta:
        csrf = False

    def __init__(self, *, has_areas: bool, **more: Any) -> None:
        """`has_areas`: whether the file says an area of any child. Where it says none, it is no group."""
        super().__init__(**more)
        if not has_areas:
            self.by.choices = [choice for choice in self.by.choices or () if choice.value != Dimension.AREA]

    def frame(self) -> SamplingFrame:
        """What was chosen; anything that is no answer counts as the answer offered."""
        pool = Pool(self.pool.data) if self.pool.data in set(Pool) else Pool.NEGLECT
        return SamplingFrame(pool, bool(self.with_ended.data), bool(self.without_earlier.data))

    def strata_by(self) -> tuple[Dimension, ...]:
        chosen = set(self.by.data or ()) & {choice.value for choice in self.by.choices or ()}
        return tuple(by for by in Dimension if by.value in chosen)


class PlacesField(FieldList):
    """A field for each place of a list. A name without the number of a place, such as counts-², is passed over."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        for name in formdata:
            place = name.removeprefix(f"{prefix}-")
            if place != name and is_number(place):
                yield int(place)


class NamesField(Field):
    """What the page showed, sent back as it stood: any number of texts."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(valuelist)


class DrawForm(PageForm):
    """How many children, from which groups, with which seed.

    It knows the groups of what is ticked now, and is sent those that the page showed: `is_as_shown` says whether they
    are the same. Numbers that were typed stay with their group where there is such a group still.
    """

    shown = HiddenField()
    groups_shown = NamesField()
    size = WholeNumberField(
        "How many children?",
        [needed("Enter how many children to draw.")],
        sentence="Enter the number of children as a whole number, such as 9.",
    )
    reserves = WholeNumberField(
        "How many reserves from each group?",
        [
            needed("Enter how many reserves there should be. It can be 0."),
            NumberRange(max=100, message="There can be at most 100 reserves."),
        ],
        sentence="Enter the number of reserves as a whole number, such as 2.",
        description="A reserve takes the place of a child of the same group who has to be withdrawn.",
    )
    allocation = ChoiceField(
        "How many from each group?",
        [
            (SHARED, "Shared by the size of the groups"),
            (AT_LEAST_ONE, "Shared by the size of the groups, with at least one child from each"),
            (COUNTS, "The numbers that I enter in the table"),
        ],
        [needed("Say how many children each group gives.")],
        default=SHARED,
    )
    counts = PlacesField(TextField(""))
    seed = TextField(
        "Seed",
        [needed("Enter a seed, so that the draw can be repeated."), at_most(60, "The seed")],
        description=(
            "Any words or digits. The same file, plan and seed give the same children on any machine. "
            "Change it if you agreed another one before you saw the file."
        ),
    )

    def __init__(
        self, frame_form: FrameForm, strata: Mapping[Stratum, int], terms: Terms = DELIVERED, **more: Any
    ) -> None:
        super().__init__(**more)
        self._terms = terms
        self._strata, self._by = strata, frame_form.strata_by()
        here = fingerprint_of(frame_form.frame(), self._by, strata)
        self.is_as_shown = self.shown.data == here
        self.shown.data = here
        self._keep_numbers()
        if not self._by:
            del self.allocation
            self.reserves.label.text = "How many reserves?"
            self.reserves.description = "A reserve takes the place of a child who has to be withdrawn."

    def _keep_numbers(self) -> None:
        """A field for each group, with the number that was typed for it, whatever place it had on the page."""
        typed = dict(zip(self.groups_shown.data or (), (entry.data for entry in self.counts.entries), strict=False))
        self.counts.entries = self.counts.entries[: len(self._strata)]
        while len(self.counts) < len(self._strata):
            self.counts.append_entry()
        if not self.is_as_shown:
            for stratum, entry in zip(self._strata, self.counts.entries, strict=True):
                entry.data = typed.get(stratum_words(stratum, self._by, self._terms), "")

    def groups(self) -> Iterator[tuple[str, int, Any]]:
        """Each group: its words, how many children it has, the field for a number."""
        for (stratum, children), field in zip(self._strata.items(), self.counts.entries, strict=True):
            yield stratum_words(stratum, self._by, self._terms), children, field

    def validate_allocation(self, field: ChoiceField) -> None:
        if field.data == COUNTS and not all(_is_count(entry.data) for entry in self.counts.entries):
            raise ValidationError("Enter a whole number for each group in the table, or leave it empty for none.")

    def plan(self) -> SamplingPlan:
        """What was asked for. Only for a form that is valid."""
        how = self.allocation.data if "allocation" in self else SHARED
        numbers = [int(entry.data or 0) for entry in self.counts.entries] if how == COUNTS else []
        return SamplingPlan(
            size=self.size.data or 0,
            reserves=self.reserves.data or 0,
            seed=self.seed.data,
            strata_by=self._by,
            allocation=dict(zip(self._strata, numbers, strict=True)) if how == COUNTS else None,
            at_least_one=how == AT_LEAST_ONE,
        )


class DiscardForm(PageForm):
    """Setting a sample aside."""

    draw_id = HiddenField()
    reason = WordsField(
        "Why is this sample set aside?",
        [needed("Say why this sample is set aside."), at_most(500, "The reason")],
        description="The reason and the seed stay on this page.",
    )


def _is_count(text: str | None) -> bool:
    return not text or (text.isdecimal() and len(text) < 6)
