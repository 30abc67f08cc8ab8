"""The forms of panels. The page on which a case is agreed is dense, so its form is read by hand; others are small."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wtforms.fields import Field
from wtforms.utils import unset_value
from wtforms.validators import NumberRange, ValidationError

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.core.errors import Refused, Stale
from audit_app.core.forms import (
    ChoiceField,
    Choices,
    DayField,
    DayNeeded,
    PageForm,
    SelectField,
    SeveralField,
    TextField,
    TimeField,
    VersionField,
    WholeNumberField,
    WordsField,
    as_choices,
    at_most,
    is_number,
    needed,
)
from audit_app.panels.rules import (
    MINUTES_AT_LEAST,
    MINUTES_AT_MOST,
    Agenda,
    AgreedHow,
    Decision,
    Item,
    Timing,
    agenda,
    gaps_in,
)
from audit_app.returns.rules import TEXT_AT_MOST, AnswerKind


class OrderField(Field):
    """Which cases a panel takes, and in which order: a number typed beside each, or nothing.

    The page posts case-N for the case of id N. `data` holds the ids in order; `typed`, the texts by id.
    """

    def process(self, formdata: Any, data: Any = unset_value, **_more: Any) -> None:
        """Read the numbers that were typed, or show those of the cases in `data`."""
        self.process_errors: list[str] = []
        self.typed: dict[int, str] = {}
        if formdata:
            numbers = {name.removeprefix("case-"): text.strip() for name, text in formdata.items()}
            self.typed = {int(name): text for name, text in numbers.items() if is_number(name)}
        elif data is not unset_value and data is not None:
            self.typed = {case_id: str(number) for number, case_id in enumerate(data, 1)}
        numbered = [(int(text), case_id) for case_id, text in self.typed.items() if is_number(text)]
        self.data = [case_id for _, case_id in sorted(numbered)]

    def pre_validate(self, _form: Any) -> None:
        given = [text for text in self.typed.values() if text]
        if not all(text.isdecimal() and len(text) <= 3 for text in given):
            raise ValidationError("Number the cases 1, 2, 3 and so on.")
        if len({int(text) for text in given}) != len(given):
            raise ValidationError("Give each case a number of its own.")


@dataclass(frozen=True)
class PanelChoices:
    """Who can chair and who can sit, by the text of a person's id."""

    chairs: Choices
    members: Choices
    terms: Terms = DELIVERED


MINUTES = f"Enter a whole number of minutes from {MINUTES_AT_LEAST} to {MINUTES_AT_MOST}."
IN_THE_ROOM, ON_PAPER = "room", "paper"


class PanelForm(PageForm):
    """When a panel meets and where, who sits on it, how it rates, and its cases."""

    held_on = DayField("When does it meet?", [DayNeeded("Enter the panel's date.")], what="The panel's date")
    starts_at = TimeField(
        "When does it begin?",
        sentence="Enter the time it begins, such as 9:30 or 2pm.",
        description="Leave it empty if you do not know it yet. For example, 9:30.",
        render_kw={"width": 5},
    )
    ends_at = TimeField(
        "When does it end?",
        sentence="Enter the time it ends, such as 12:30 or 4pm.",
        description="For example, 12:30.",
        render_kw={"width": 5},
    )
    minutes_per_case = WholeNumberField(
        "How many minutes does it give each child?",
        [needed(MINUTES), NumberRange(MINUTES_AT_LEAST, MINUTES_AT_MOST, MINUTES)],
        sentence=MINUTES,
        description="The panel's page says how many cases fit.",
        render_kw={"width": 3, "suffix": "minutes", "inputmode": "numeric"},
    )
    place = TextField(
        "Where, or by which call?",
        [at_most(300, "The place or link")],
        description="A room, or the link that people follow to join the call.",
    )
    chair = SelectField("Who chairs it?", [], [needed("Choose who chairs the panel.")])
    members = SeveralField("Who else takes part?", [])
    rates = ChoiceField(
        "How does this panel rate?",
        [
            (IN_THE_ROOM, "In the room on the screen, each first for themselves"),
            (ON_PAPER, "On paper, and what was agreed is entered afterwards"),
        ],
        [needed("Choose how the panel rates.")],
        description="In the room, nobody sees what another rated until the chair shows the ratings.",
    )
    cases = OrderField(
        "Which cases, in which order?",
        description="Number them 1, 2, 3. Leave a case empty that another panel will take.",
    )
    version = VersionField()

    def __init__(self, choices: PanelChoices, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.chair.choices = as_choices([("", "Choose a person"), *choices.chairs])
        self.members.choices = as_choices(choices.members)
        writers = choices.terms.several(Role.NOTE_TAKER)
        self.members.description = f"Members rate, and the chair leads. {writers[:1].upper()}{writers[1:]} write."

    @property
    def timing(self) -> Timing:
        """The times that were typed. Only for a form that is valid."""
        return Timing(self.starts_at.data, self.ends_at.data, self.minutes_per_case.data or 0)


class ReleaseForm(PageForm):
    """Releasing a case asks nothing but to be sure."""


class WithdrawForm(PageForm):
    """Why a child is taken out of the sample."""

    reason = WordsField(
        "Why is this child withdrawn?",
        [needed("Say why the child is withdrawn."), at_most(2_000, "The reason")],
        description="Everyone who runs or checks the round reads it. Write no names.",
    )


@dataclass(frozen=True)
class Differing:
    """A place on the page for somebody who sees an item differently: who, by the text of their id, and how."""

    key: str
    who: str
    words: str


def gaps_in_differing(places: Sequence[Differing]) -> Mapping[str, str]:
    """What these places of one item still need, as a sentence by field."""
    gaps: dict[str, str] = {}
    for number, place in enumerate(places):
        if place.who and any(place.who == before.who for before in places[:number]):
            gaps[f"differs-{place.key}"] = "This person is chosen above already."
        elif place.words and not place.who:
            gaps[f"differs-{place.key}"] = "Choose who sees it so."
        elif place.who and not place.words:
            gaps[f"differing-{place.key}"] = "Write in a few words how they see it."
        elif len(place.words) > TEXT_AT_MOST:
            gaps[f"differing-{place.key}"] = (
                f"This must be {TEXT_AT_MOST:,} characters or fewer. It has {len(place.words):,}."
            )
    return gaps


class ScoreForm:
    """What came back from the page on which a case is agreed, and what stands in its way.

    The page carries for each item N version-N and answer-N (a level's id, or a kind), reason-N, better-N and because-N;
    of items to confirm together, tick-N instead of an answer; and talk-N for those pulled out of them. Who sees it
    differently is chosen in differs-N, with their words in differing-N, the second in differs-2-N and so on. `press` is
    the button: all, together, item-N (this one alone), talk-N, or more-N for a place for one more who differs.
    """

    def __init__(self, posted: Mapping[str, str], items: Sequence[Item]) -> None:
        self.posted = posted
        self.items = {item.id: item for item in items}
        self.pressed = posted.get("press", "all")
        self.together_reason = tidy(posted.get("together-reason", ""))
        self.pulled_out = {one for one in self.items if f"talk-{one}" in posted or self.pressed == f"talk-{one}"}
        self.agenda: Agenda = agenda(items, self.pulled_out)
        self.ticked = {one for one in self.items if f"tick-{one}" in posted}
        self.typed = {item.id: self._read(item) for item in items if f"version-{item.id}" in posted}
        self.wanted = [self._whole(decision) for one, decision in self.typed.items() if self._is_wanted(one)]
        self.problems: dict[str, str] = {}
        self.refusal = ""

    def _read(self, item: Item) -> Decision:
        posted = self.posted
        if item.id in self.ticked and item.given:
            kind, level_id, how = *item.given[0].said, AgreedHow.TOGETHER
        else:
            kind, level_id, how = *answer_of(posted.get(f"answer-{item.id}", "")), AgreedHow.ON_PAPER
        version, reason = posted[f"version-{item.id}"], tidy(posted.get(f"reason-{item.id}", ""))
        if kind is AnswerKind.IN_WORDS and how is AgreedHow.ON_PAPER and not reason:
            kind = None  # the page offers it ticked, and nothing was written yet
        return Decision(
            item_id=item.id,
            version=int(version) if is_number(version) else 0,
            answer=kind,
            level_id=level_id,
            reason=reason,
            changed_because=tidy(posted.get(f"because-{item.id}", "")),
            how=how,
            better=tidy(posted.get(f"better-{item.id}", "")),
            dissent=self._dissent(item.id),
        )

    def _dissent(self, one: int) -> dict[int, str]:
        """Who sees an item differently, with their words."""
        return {int(place.who): place.words for place in self.differing(one) if is_number(place.who)}

    def differing(self, one: int) -> Sequence[Differing]:
        """The places for those who see an item differently, as they were typed; one at least."""
        numbers = [""]
        while f"differs-{len(numbers) + 1}-{one}" in self.posted:
            numbers.append(f"{len(numbers) + 1}-")
        if self.pressed == f"more-{one}":
            numbers.append(f"{len(numbers) + 1}-")
        keys = [f"{number}{one}" for number in numbers]
        posted = self.posted
        return [
            Differing(key, posted.get(f"differs-{key}", ""), tidy(posted.get(f"differing-{key}", ""))) for key in keys
        ]

    def _is_wanted(self, one: int) -> bool:
        if self.is_opening:
            return False
        if self.pressed.startswith("item-"):
            return self.pressed == f"item-{one}"
        if one in self.ticked:
            return self.pressed == "together" or bool(self.together_reason or self.typed[one].reason)
        return self.pressed == "all" and self.is_touched(one)

    def is_touched(self, one: int) -> bool:
        """Whether something was typed about an item that differs from what is agreed on it."""
        if one not in self.typed:
            return False
        decision, agreed = self.typed[one], self.items[one].agreed
        if one in self.ticked:
            return bool(decision.reason)
        more = bool(decision.changed_because or any(place.who or place.words for place in self.differing(one)))
        wanted = (decision.answer, decision.level_id, decision.reason, decision.better)
        if agreed is None:
            return wanted != (None, None, "", "") or more
        return wanted != (agreed.answer, agreed.level_id, agreed.reason, agreed.better) or more

    def _whole(self, decision: Decision) -> Decision:
        """A decision with the reason that it shares with others, where it has none of its own."""
        if decision.how is AgreedHow.TOGETHER and not decision.reason:
            return replace(decision, reason=self.together_reason)
        return decision

    def is_ready(self) -> bool:
        """Whether what was asked for can be saved; if not, `problems` and `refusal` say why."""
        for decision in self.wanted:
            item = self.items[decision.item_id]
            is_change = (
                item.agreed is not None and item.version == decision.version
            )  # else the deed says who came first
            for part, sentence in gaps_in(decision, is_change=is_change).items():
                is_shared = part == "reason" and decision.how is AgreedHow.TOGETHER
                if not part.startswith("dissent-"):
                    self.problems["together-reason" if is_shared else f"{part}-{item.id}"] = sentence
            self.problems |= gaps_in_differing(self.differing(item.id))
        if not self.wanted and not self.is_opening:
            self.refusal = "Nothing was chosen on this page yet."
        return bool(self.wanted) and not self.problems

    @property
    def is_opening(self) -> bool:
        """Whether what was pressed opens more to type in, and saves nothing."""
        return self.pressed.startswith(("talk-", "more-"))

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal; of a save that came too late, beside each item that somebody else decided meanwhile."""
        if isinstance(refusal, Stale) and refusal.theirs:
            answers = [name for name in refusal.theirs if name.startswith("answer-")]
            self.problems |= dict.fromkeys(answers, refusal.reason)
        elif refusal.field:
            self.problems[refusal.field] = refusal.reason
        else:
            self.refusal = refusal.reason

    def left(self, items: Sequence[Item]) -> "ScoreForm":
        """The form once `wanted` was saved: what was typed besides, over the items as they are now."""
        saved = {str(decision.item_id) for decision in self.wanted}
        shared = {"together-reason"} if any(one.how is AgreedHow.TOGETHER for one in self.wanted) else set()
        rest = {
            name: text
            for name, text in self.posted.items()
            if name.rpartition("-")[2] not in saved and name not in shared | {"press"}
        }
        return ScoreForm(rest, items)

    @property
    def has_more(self) -> bool:
        """Whether anything was typed at all."""
        return bool(self.together_reason) or any(self.is_touched(one) for one in self.typed)

    @property
    def errors(self) -> bool:
        return bool(self.problems or self.refusal)

    def error_list(self) -> list[dict[str, str]]:
        """Lines of the error summary, each with the input that mends it."""
        listed = [{"text": self.refusal}] if self.refusal else []
        for field, sentence in self.problems.items():
            number = field.rpartition("-")[2]
            name = f"{self.items[int(number)].name}: " if number.isdecimal() and int(number) in self.items else ""
            listed.append({"text": f"{name}{sentence}", "href": f"#{field}"})
        return listed

    def shown(self, item: Item) -> Decision:
        """What the fields of an item hold: what was typed, else what was agreed, else nothing."""
        if self.is_touched(item.id):
            return self.typed[item.id]
        kept = item.agreed
        if kept is None:
            return Decision(item.id, item.version, None, None, "")
        return Decision(item.id, item.version, kept.answer, kept.level_id, kept.reason, better=kept.better)

    def is_ticked(self, item: Item) -> bool:
        """Whether an item to confirm together is ticked. All are, until somebody takes a tick away."""
        return item.id in self.ticked or not self.posted


def answer_of(choice: str) -> tuple[AnswerKind | None, int | None]:
    """What a choice of an agreed rating says: a level by its id, or a kind of answer; nothing where it is neither."""
    if is_number(choice):
        return AnswerKind.LEVEL, int(choice)
    if choice in {AnswerKind.IN_WORDS, AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE}:
        return AnswerKind(choice), None
    return None, None


def tidy(text: str) -> str:
    """A text as it is kept: with one kind of line ends, without what no database takes."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()
