"""The pack of a case as it is printed, for one reader: what is hidden from them is not in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit_app.panels.rules.order import AgreedSoFar, Given, Item
from audit_app.panels.rules.states import AGREED_HOW_WORDS, ITEM_STATE_WORDS
from audit_app.panels.rules.together import NOT_A_LEVEL, Shown
from audit_app.returns.rules import ANSWER_KIND_WORDS, TAG_WORDS, AnswerKind, Overall, PractitionerPart, ReplyShown
from audit_app.returns.rules.workbooks import said_of_voices
from reports.cells import moment_in_words
from reports.return_pdf import PrintedAnswer, PrintedPart, PrintedReturn

Texts = Sequence[tuple[str, str]]
"""Pairs of a label and what stands under it."""

NOT_SHOWN_YET = "What it chose is shown when the panel has given its own ratings."


@dataclass(frozen=True)
class SaidOverAll:
    """What one agency says over its whole return, and what was said about it. `instead` where it made none."""

    agency: str
    overall: Overall
    instead: str
    discussion: Texts
    replies: Sequence[ReplyShown]


@dataclass(frozen=True)
class PackToPrint:
    """A pack as its reader may see it. `levels`: their words by id; `ballots`: own ratings shown, by the item's id."""

    reference: str
    panel: str
    facts: Texts
    summary: str
    recorded: Mapping[str, Texts]
    over_all: Sequence[SaidOverAll]
    events: Sequence[tuple[str, Texts]]
    voices: int
    parts: Sequence[tuple[str, Sequence[Item]]]
    ballots: Mapping[int, Sequence[tuple[int, Sequence[Shown]]]]
    levels: Mapping[int, str]
    practitioner: str


def why_not_print(*, is_printed: bool, is_close: bool) -> str | None:
    """The reason somebody who reads a pack cannot take it away as a PDF, or None."""
    if not is_close:
        return "Only those who sit on the panel, and those who run or check the audit, may take its pack away."
    if not is_printed:
        return "This audit's packs are read on screen. Whoever runs it decided that none is taken away as a PDF."
    return None


def as_pack(pack: PackToPrint, *, by: str, at: datetime) -> PrintedReturn:
    """A pack to print: the case, what was said over all, the chronologies in one, and each thing to agree."""
    facts = list(pack.facts)
    if pack.voices:
        facts.append(("Voices", said_of_voices(pack.voices)))
    parts = [
        PrintedPart(
            "The case", "", [_texts("What this is about", [("Summary", pack.summary)])] if pack.summary else []
        ),
        PrintedPart("What was recorded about the child", "", [_texts(*one) for one in pack.recorded.items()]),
        PrintedPart("What each agency said over all", "", [_over_all(one, pack) for one in pack.over_all]),
        PrintedPart("Chronology of all agencies", "", [_texts(*one) for one in pack.events]),
        *(PrintedPart(title, "", [_item(item, pack) for item in items]) for title, items in pack.parts),
    ]
    return PrintedReturn(
        title=f"Pack of {pack.reference}",
        case_reference=pack.reference,
        agency=pack.panel,
        facts=facts,
        parts=[part for part in parts if part.answers],
        printed_by=by,
        printed_at=at,
        about="This case",
        mark=f"Only for {by}, {moment_in_words(at)}. It is about a child: do not pass it on.",
    )


def _texts(title: str, texts: Texts) -> PrintedAnswer:
    return PrintedAnswer("", title, title, answers=[(label, text) for label, text in texts if text])


def _over_all(said: SaidOverAll, pack: PackToPrint) -> PrintedAnswer:
    its = said.overall
    level = pack.levels.get(its.overall_level_id, "") if its.overall_level_id else ""
    texts = [
        ("The agency's judgement over all", "\n".join(part for part in (level, its.overall_reason) if part)),
        ("What worked well", its.worked_well),
        ("What could have been better", its.to_improve),
        ("What the agency learned", its.learning),
        ("What the agency proposes to do itself", its.proposed_actions),
        *said.discussion,
        *_replies(said.replies, pack),
    ]
    return _texts(said.agency, texts if any(text for _, text in texts) else [("Return", said.instead)])


def _item(item: Item, pack: PackToPrint) -> PrintedAnswer:
    guidance = item.indicator.guidance
    answers = [text for one in item.given for text in _given(one, pack)]
    answers += [text for number, ratings in pack.ballots.get(item.id, ()) for text in _ballot(number, ratings, pack)]
    if item.agreed:
        answers += _agreed(item.agreed, "Agreed", pack)
    for before in reversed(item.earlier):
        answers += _agreed(before, "Agreed before", pack)
    answers.append(("How far the panel is", ITEM_STATE_WORDS[item.state]))
    return PrintedAnswer(
        item.indicator.code,
        f"{item.indicator.title}{', ' + item.agency if item.agency else ''}",
        item.indicator.question,
        [f"{words}: {guidance[level]}" for level, words in pack.levels.items() if guidance.get(level)],
        answers=answers,
    )


def _given(one: Given, pack: PackToPrint) -> Iterable[tuple[str, str]]:
    answer = one.answer
    chosen = NOT_SHOWN_YET if one.is_hidden else _said(answer.kind, answer.level_id, pack)
    if answer.tag:
        chosen = f"{chosen}. {TAG_WORDS[answer.tag]}"
    where = f"Where on file: {answer.where_on_file}" if answer.where_on_file else ""
    yield one.agency, "\n".join(text for text in (chosen, answer.reason, answer.evidence, where) if text)
    yield from _replies(one.replies, pack, f" to {one.agency}")


def _replies(replies: Iterable[ReplyShown], pack: PackToPrint, to: str = "") -> Iterable[tuple[str, str]]:
    for one in replies:
        whose = "’s manager" if one.part is PractitionerPart.MANAGER else ""
        yield f"The {pack.practitioner}{whose} answered{to}, {moment_in_words(one.answered_at)}", one.words


def _ballot(number: int, ratings: Iterable[Shown], pack: PackToPrint) -> Iterable[tuple[str, str]]:
    for one in ratings:
        chosen = pack.levels[one.level_id] if one.level_id is not None else NOT_A_LEVEL[one.answer]
        words = "\n".join(text for text in (chosen, one.reasoning) if text)
        yield f"Own rating of {one.who}, {one.agency} (round {number})", words


def _agreed(agreed: AgreedSoFar, label: str, pack: PackToPrint) -> Texts:
    how = f"{AGREED_HOW_WORDS[agreed.how]}. {agreed.agreed_by}, {moment_in_words(agreed.agreed_at)}"
    because = f"Changed because: {agreed.changed_because}" if agreed.changed_because else ""
    chosen = _said(agreed.answer, agreed.level_id, pack)
    texts = [(label, "\n".join(text for text in (chosen, agreed.reason, how, because) if text))]
    if agreed.better:
        texts.append(("What would have made it better", agreed.better))
    return texts + [(f"{one.person} sees it differently", one.words) for one in agreed.dissent]


def _said(kind: AnswerKind | None, level_id: int | None, pack: PackToPrint) -> str:
    if level_id is not None:
        return pack.levels[level_id]
    return ANSWER_KIND_WORDS[kind] if kind else "Not answered"
