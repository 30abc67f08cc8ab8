"""What loading a workbook would do to a return: what changes, what clashes, what cannot be taken, what stays."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from audit_app.returns.rules.answers import TAG_WORDS, Answer, AnswerKind, seen
from audit_app.returns.rules.attributes import why_not_choose
from audit_app.returns.rules.chronology import doubt_about, why_not_more
from audit_app.returns.rules.workbooks import wording as words
from audit_app.returns.rules.workbooks.first_sheet import held_back
from audit_app.returns.rules.workbooks.from_workbook import ReadReturn, Said, Value
from audit_app.returns.rules.workbooks.paper import (
    NO_LEVEL,
    Event,
    Paper,
    as_told,
    digest_of,
    event_digest,
    option_key,
    plain,
    plain_answer,
    plain_event,
    seen_event,
    seen_line,
    seen_rating,
)
from audit_app.returns.rules.workbooks.tables import Unreadable
from reports.cells import day_in_words

_NOT_SHOWN = "It goes to the identity sheet. It is not shown here."
_THERE = "This event is in the chronology already. Change it in its own row, or on screen."


class Stands(StrEnum):
    """Which of two answers stands, where a file and the screen say different things."""

    FILE = "file"
    SAVED = "saved"


@dataclass(frozen=True)
class Difference:
    """One part of an answer: what it is called, what is saved, and what the file says. Empty is nothing."""

    part: str
    saved: str
    file: str


@dataclass(frozen=True)
class Outcome:
    """What one question of a file comes to. It clashes where somebody saved something else since the file was made."""

    sheet: str
    key: str
    title: str
    saved: Value
    file: Value
    is_clash: bool
    differences: tuple[Difference, ...]
    doubt: str = ""  # what to check before it is taken

    @property
    def is_new(self) -> bool:
        """Whether it is an event that the chronology does not have."""
        return self.sheet == words.CHRONOLOGY and self.saved == Event()


@dataclass(frozen=True)
class Comparison:
    """All that loading a file would do. `mark` is of exactly this: where something moves meanwhile it is another."""

    outcomes: tuple[Outcome, ...]
    unreadable: tuple[Unreadable, ...]
    same: int
    mark: str

    @property
    def changes(self) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if not one.is_clash)

    @property
    def clashes(self) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if one.is_clash)

    def taken(self, stands: Mapping[str, str]) -> list[Outcome]:
        """What is taken, once it was chosen which answer stands where two clash."""
        return [one for one in self.outcomes if not one.is_clash or stands.get(one.key) == Stands.FILE]


@dataclass(frozen=True)
class _Kept:
    sheet: str
    key: str
    title: str
    value: Value
    seen: str
    digest: Callable[[Value], str]
    empty: Value
    parts: Callable[[Value], list[tuple[str, str]]]


def compare(paper: Paper, read: ReadReturn, *, loaded: Mapping[str, str] = MappingProxyType({})) -> Comparison:
    """Lay a file beside what is saved.

    An answer that was not touched in the file stays as it is, whatever became of it on screen. One that was touched
    changes what is saved, unless somebody saved something else since the file was written: those clash. What is empty
    on screen clashes with nothing. `loaded` is what the same person took from this file before, as digests by key:
    where that is what is saved, the file was written from it, and they are not asked about their own answer.
    """
    unreadable = list(read.unreadable)
    outcomes: list[Outcome] = []
    same = 0
    for kept in _kept(paper):
        said = read.said.get(kept.key)
        found = _outcome(paper, kept, said, loaded.get(kept.key)) if said else None
        if found is None:
            same += 1
        else:
            outcomes.append(found)
    outcomes += _new_events(paper, read.new_events, unreadable)
    outcomes = sorted(_allowed(paper, read, outcomes, unreadable), key=lambda one: words.SHEETS.index(one.sheet))
    return Comparison(tuple(outcomes), tuple(unreadable), same, _mark(outcomes, unreadable))


def _outcome(paper: Paper, kept: _Kept, said: Said, loaded: str | None) -> Outcome | None:
    base, seen_base = kept.seen.partition(".")[2], said.seen.partition(".")[2]
    if loaded == base:
        seen_base = base
    file = kept.digest(said.value)
    if file in {seen_base, base} or (not said.seen and said.value == kept.empty):
        return None
    is_clash = seen_base != base and kept.value != kept.empty
    differences = _differences(kept, said.value)
    doubt = _doubt(paper, said.value, kept.value)
    return Outcome(kept.sheet, kept.key, kept.title, kept.value, said.value, is_clash, differences, doubt)


def digests_after(paper: Paper, outcomes: Iterable[Outcome]) -> dict[str, str]:
    """A digest of what is saved once these were taken, by key. Nothing of an event that is new, which has no key yet,
    nor of what belongs to the identity key."""
    kept = {one.key: one for one in _kept(paper)}
    secret = {line.key for line in paper.lines if line.is_secret}
    return {one.key: kept[one.key].digest(one.file) for one in outcomes if one.key in kept and one.key not in secret}


def _differences(kept: _Kept, file: Value) -> tuple[Difference, ...]:
    pairs = zip(kept.parts(kept.value), kept.parts(file), strict=True)
    return tuple(Difference(part, was, will) for (part, was), (_, will) in pairs if was != will)


def _kept(paper: Paper) -> Iterator[_Kept]:
    for line in paper.lines:
        yield _Kept(
            line.sheet,
            line.key,
            line.title or line.question,
            plain(line.kept),
            seen_line(line),
            digest_of,
            "",
            _secret_parts if line.is_secret else _line_parts,
        )
    for asked in paper.ratings:
        yield _Kept(
            words.RATINGS,
            asked.code,
            f"{asked.code} {asked.title}",
            plain_answer(asked),
            seen_rating(asked),
            _answer_digest,
            Answer(),
            lambda value: answer_parts(value, paper),
        )
    for kept in paper.events:
        event = plain_event(kept.event)
        title = day_in_words(event.happened_on) if event.happened_on else kept.key
        yield _Kept(words.CHRONOLOGY, kept.key, title, event, seen_event(kept), _digest_of_event, Event(), _event_parts)


def _answer_digest(value: Value) -> str:
    assert isinstance(value, Answer)
    return seen(value, 0).partition(".")[2]


def _digest_of_event(value: Value) -> str:
    assert isinstance(value, Event)
    return event_digest(value)


def _line_parts(value: Value) -> list[tuple[str, str]]:
    return [(words.YOURS, str(value))]


def _secret_parts(value: Value) -> list[tuple[str, str]]:
    return [(words.YOURS, _NOT_SHOWN if value else "")]


def answer_parts(value: Value, paper: Paper) -> list[tuple[str, str]]:
    """An answer part by part, as people read it."""
    assert isinstance(value, Answer)
    chosen = {AnswerKind.IN_WORDS: "In words", **NO_LEVEL}.get(value.kind, "") if value.kind else ""
    if value.level_id is not None:
        chosen = paper.level_words.get(value.level_id, "")
    return [
        (words.ANSWER, chosen),
        (words.REASON, value.reason),
        (words.EVIDENCE, value.evidence),
        (words.WHERE, value.where_on_file),
        (words.TAG, TAG_WORDS[value.tag] if value.tag else ""),
    ]


def _event_parts(value: Value) -> list[tuple[str, str]]:
    assert isinstance(value, Event)
    return [
        (words.DATE, day_in_words(value.happened_on) if value.happened_on else ""),
        (words.EVENT, value.event),
        (words.IMPACT, value.impact),
        (words.RESPONSE, value.response),
    ]


def _new_events(paper: Paper, said: Iterable[Said], unreadable: list[Unreadable]) -> Iterator[Outcome]:
    """Events that are not saved yet. Loading a file twice adds nothing twice."""
    there: dict[tuple[date, str], set[str]] = {}
    for event in (plain_event(kept.event) for kept in paper.events):
        there.setdefault(_same(event), set()).add(event_digest(event))
    for number, one in enumerate(said, 1):
        assert isinstance(one.value, Event)
        same, digest = there.setdefault(_same(one.value), set()), event_digest(one.value)
        if same:
            if digest not in same:
                unreadable.append(Unreadable(one.sheet, one.row, words.EVENT, one.value.event, _THERE))
            continue
        same.add(digest)
        parts = _event_parts(one.value)
        yield Outcome(
            words.CHRONOLOGY,
            f"new {number}",
            f"New event, {parts[0][1]}",
            Event(),
            one.value,
            is_clash=False,
            differences=tuple(Difference(part, "", text) for part, text in parts if text),
            doubt=_doubt(paper, one.value, Event()),
        )


def _same(event: Event) -> tuple[date, str]:
    """What makes two events the same, as on the pages."""
    assert event.happened_on is not None
    return as_told(event).key


def _doubt(paper: Paper, file: Value, saved: Value) -> str:
    """What should be checked about the date of an event before it is taken; empty where nothing, or where it stood."""
    if not (isinstance(file, Event) and isinstance(saved, Event)) or file.happened_on in {None, saved.happened_on}:
        return ""
    assert file.happened_on is not None
    return doubt_about(file.happened_on, today=paper.today, earliest=paper.earliest) or ""


def _allowed(
    paper: Paper, read: ReadReturn, outcomes: Sequence[Outcome], unreadable: list[Unreadable]
) -> list[Outcome]:
    """What of it the return can take: nothing but the first sheet, unless the child is known and the file open."""
    first = {one.key: str(one.file) for one in outcomes if one.sheet == words.KNOWN}
    others = [one for one in outcomes if one.sheet != words.KNOWN]
    held = held_back(paper, first, has_more=bool(others))
    for key, reason in held.why.items():
        unreadable.append(_at_line(paper, read, key, reason))
    if held.why_sheets:
        unreadable += [
            Unreadable(sheet, 0, "", "", held.why_sheets) for sheet in dict.fromkeys(o.sheet for o in others)
        ]
    left = [one for one in outcomes if one.key in first and one.key not in held.lines]
    left += [] if held.holds_sheets else _events_allowed(paper, others, unreadable)
    wrong = _wrong_choices(paper, left)
    unreadable += [_at_line(paper, read, key, reason) for key, reason in wrong.items()]
    return [one for one in left if one.key not in wrong]


def _at_line(paper: Paper, read: ReadReturn, key: str, reason: str) -> Unreadable:
    """That what a line says, or that it says nothing, keeps something from being taken."""
    said = read.said.get(key)
    if said is None:
        return Unreadable(words.KNOWN, 0, words.YOURS, "", reason)
    value = "" if paper.line[key].is_secret else str(said.value)
    return Unreadable(said.sheet, said.row, words.YOURS, value, reason)


def _events_allowed(paper: Paper, outcomes: Sequence[Outcome], unreadable: list[Unreadable]) -> list[Outcome]:
    """All of them, but new events only as long as the chronology holds them."""
    new = [one for one in outcomes if one.is_new]
    full = why_not_more(len(paper.events), len(new)) if new else None
    if full is None:
        return list(outcomes)
    unreadable.append(Unreadable(words.CHRONOLOGY, 0, "", "", f"None of the new events is taken. {full}"))
    return [one for one in outcomes if not one.is_new]


def chosen_after(paper: Paper, outcomes: Iterable[Outcome]) -> dict[int, frozenset[int]]:
    """The options of each attribute that these change, by the attribute's id."""
    files = {one.key: str(one.file) for one in outcomes if one.sheet == words.CHILD}
    found: dict[int, frozenset[int]] = {}
    for one in paper.attributes:
        it = one.attribute
        if it.is_many:
            touched = {option.id: files[key] for option in it.options if (key := option_key(it, option.code)) in files}
            ticked = {option for option, said in touched.items() if said}
            if touched:
                found[it.id] = (one.chosen - touched.keys()) | ticked
        elif it.code in files:
            found[it.id] = frozenset(option.id for option in it.options if option.words == files[it.code])
    return found


def _wrong_choices(paper: Paper, outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Lines of attributes whose options do not go together, with the reason."""
    wrong: dict[str, str] = {}
    chosen = chosen_after(paper, outcomes)
    keys = {one.key for one in outcomes}
    for one in paper.attributes:
        it = one.attribute
        if it.id in chosen and (reason := why_not_choose(it, chosen[it.id])):
            its = [it.code, *(option_key(it, option.code) for option in it.options)]
            wrong |= {key: reason for key in its if key in keys}
    return wrong


def _mark(outcomes: Sequence[Outcome], unreadable: Sequence[Unreadable]) -> str:
    return digest_of(*map(repr, outcomes), *map(repr, unreadable))


def why_not_confirm(comparison: Comparison, stands: Mapping[str, str]) -> dict[str, str]:
    """What still has to be chosen before a file can be taken: a sentence by the key of each clash."""
    return {
        one.key: "Choose which answer should stand."
        for one in comparison.clashes
        if stands.get(one.key) not in list(Stands)
    }


_PLACES_NAMED = 5


def left_in_words(unreadable: Sequence[Unreadable]) -> str:
    """What of a file was not taken: how many places, the first of them, and what to do; empty where all was."""
    if not unreadable:
        return ""
    places = [_place(one) for one in unreadable[:_PLACES_NAMED]]
    more = f"; and {len(unreadable) - len(places)} more" if len(unreadable) > len(places) else ""
    count = "1 place" if len(unreadable) == 1 else f"{len(unreadable)} places"
    which = "it" if len(unreadable) == 1 else "them"
    return f"{count} could not be taken: {'; '.join(places)}{more}. Mend {which} in the file, and load the file again."


def _place(one: Unreadable) -> str:
    parts = [f"sheet “{one.sheet}”", f"row {one.row}" if one.row else "", f"“{one.column}”" if one.column else ""]
    return ", ".join(part for part in parts if part)
