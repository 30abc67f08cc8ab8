"""A workbook of agreed ratings that came back: what it says, and what it would do to a case. Nothing is taken here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from audit_app.core.errors import Refused
from audit_app.core.spreadsheets import Workbook
from audit_app.indicators.rules import key_of
from audit_app.panels.rules import workbook as book
from audit_app.panels.rules.deciding import Decision, gaps_in
from audit_app.panels.rules.order import Item
from audit_app.panels.rules.workbook import RatingsPaper
from audit_app.returns.rules import ANSWER_KIND_WORDS, AnswerKind
from audit_app.returns.rules.workbooks import (
    Difference,
    Row,
    Stands,
    Unreadable,
    answers_known,
    beside,
    one_of,
    open_filled,
    plain,
    tables_with,
    wording,
)

NO_RATINGS = "This is no spreadsheet of agreed ratings. Download it from this page, fill it in, and choose that file."
TOO_LARGE = "This file is larger than 5 MB. Choose the file that you downloaded here."
EMPTIED = "An agreed rating cannot be emptied. Write what is agreed instead, and why it is changed."
_HEADINGS = (wording.LINE, book.ANSWER, book.REASON, book.BETTER, book.BECAUSE, wording.SEEN)
_COLUMNS = {"answer": book.ANSWER, "reason": book.REASON, "better": book.BETTER, "because": book.BECAUSE}
"""The column that mends each gap in a decision."""


@dataclass(frozen=True)
class Filled:
    """What a file says of one item. The decision's `version` is that of the item when the file was written."""

    decision: Decision
    row: Row


@dataclass(frozen=True)
class FilledRatings:
    """What a file says, by the item's id, and what of it cannot be read."""

    said: Mapping[int, Filled]
    unreadable: Sequence[Unreadable]
    same: int


@dataclass(frozen=True)
class RatingOutcome:
    """What a file comes to for one item. It clashes where something else was agreed since the file was written."""

    item: Item
    decision: Decision
    is_clash: bool
    differences: tuple[Difference, ...]

    @property
    def key(self) -> str:
        return str(self.item.id)

    @property
    def title(self) -> str:
        return self.item.name


def read_ratings(content: bytes, paper: RatingsPaper) -> FilledRatings:
    """Read a file that a chair chose for a case. Rows that cannot be read are named and left out.

    Raises:
        Refused: it is no workbook of agreed ratings, or that of another case.
    """
    opened = open_filled(content, no_such=NO_RATINGS, too_large=TOO_LARGE)
    origin = book.read_ratings_code(beside(opened, wording.FILE_CODE))
    if origin is None:
        raise Refused(NO_RATINGS)
    if reason := why_not_ratings_of(origin, paper.origin):
        raise Refused(reason)
    return _read(opened, paper)


def why_not_ratings_of(said: book.RatingsOrigin, own: book.RatingsOrigin) -> str | None:
    """The reason a file cannot be loaded into a case, or None: it is of another one."""
    if said.slug != own.slug:
        return "This spreadsheet is of another partnership. Open that partnership to load it."
    if said.round_reference != own.round_reference:
        return f"This spreadsheet is of another audit, {said.round_reference[:20]}, not of {own.round_reference}."
    if said.case_reference != own.case_reference:
        return f"This spreadsheet is of {said.case_reference[:20]}. This is {own.case_reference}."
    if said.edition != own.edition:
        return "This spreadsheet asks for other ratings than this case does. Download it again and copy what you wrote."
    return None


def _read(opened: Workbook, paper: RatingsPaper) -> FilledRatings:
    tables = tables_with(opened, (wording.LINE, book.ANSWER), _HEADINGS)
    unreadable: list[Unreadable] = []
    if not tables:
        gone = "This sheet, or the row of its headings, is not in the file."
        unreadable.append(Unreadable(book.SHEET, 0, "", "", gone))
    for table in tables:
        missing = [one for one in (book.REASON, book.BETTER) if one not in table.headings]
        unreadable += [Unreadable(table.sheet, 0, one, "", "This column is not in the file.") for one in missing]
    items = {key_of(book.key_of_item(item)): item for item in paper.items}
    said: dict[int, Filled] = {}
    same = 0
    for row in (row for table in tables for row in table.rows):
        item = items.get(key_of(row.text(wording.LINE)))
        if item is None:
            unreadable.append(row.problem(wording.LINE, "This is not agreed here."))
        elif item.id in said:
            unreadable.append(row.problem(wording.LINE, "This stands in the file a second time. The first one counts."))
        else:
            found, problems = _row(row, item, paper)
            unreadable += problems
            if found is not None:
                said[item.id] = Filled(found, row)
            elif not problems:
                same += 1
    return FilledRatings(said, unreadable, same)


def _row(row: Row, item: Item, paper: RatingsPaper) -> tuple[Decision | None, list[Unreadable]]:
    """The decision that a row asks for; none where it was left as it is, or cannot be read."""
    if row.unreadable:
        return None, list(row.unreadable)
    known = answers_known(paper.template.as_read, is_narrative=item.indicator.is_narrative)
    written, agreed = row.text(book.ANSWER), item.agreed
    if written and key_of(written) not in known:
        return None, [row.problem(book.ANSWER, one_of(book.ratings_offered(item, paper)))]
    better = row.text(book.BETTER) if book.BETTER in row.cells else agreed.better if agreed else ""
    kind, level_id = known[key_of(written)] if written else (None, None)
    reason = row.text(book.REASON)
    if kind is None and reason and item.indicator.is_narrative:
        kind = AnswerKind.IN_WORDS
    version, _, before = row.text(wording.SEEN).partition(".")
    digest = book.cells_digest(kind, level_id, reason, better)
    if digest in {before, book.seen_item(item).partition(".")[2]}:
        return None, []
    if digest == book.NOTHING_AGREED:
        return None, [row.problem(book.ANSWER, EMPTIED)] if agreed else []
    seen = int(version) if version.isdecimal() and len(version) < 10 else 0
    return Decision(item.id, seen, kind, level_id, reason, row.text(book.BECAUSE), better=better), []


def outcomes_of(decisions: Iterable[Decision], paper: RatingsPaper) -> Sequence[RatingOutcome]:
    """What these decisions, each with the version of its item when the file was written, would change now.

    Where the item moved since, and something else is agreed on it, the two clash. What is not agreed clashes with
    nothing.
    """
    items = {item.id: item for item in paper.items}
    found = []
    for decision in decisions:
        item = items.get(decision.item_id)
        if item is None:
            continue
        differences = _differences(item, decision, paper)
        is_clash = item.agreed is not None and item.version != decision.version
        if differences:
            found.append(RatingOutcome(item, decision, is_clash, differences))
    return found


def readable(filled: FilledRatings, paper: RatingsPaper) -> tuple[Sequence[RatingOutcome], Sequence[Unreadable]]:
    """What a file would change, and all that cannot be taken of it: what could not be read, or lacks a part.

    Why what is agreed changes is asked on the page where something was agreed meanwhile: the file could not know.
    """
    fit, unreadable = [], list(filled.unreadable)
    for one in outcomes_of((its.decision for its in filled.said.values()), paper):
        gaps = gaps_in(one.decision, is_change=one.item.agreed is not None and not one.is_clash)
        row = filled.said[one.item.id].row
        unreadable += [row.problem(_COLUMNS[part], sentence) for part, sentence in gaps.items()]
        if not gaps:
            fit.append(one)
    return fit, unreadable


def _differences(item: Item, decision: Decision, paper: RatingsPaper) -> tuple[Difference, ...]:
    agreed = item.agreed
    was = _words(agreed.answer, agreed.level_id, paper) if agreed else ""
    pairs = (
        (book.ANSWER, was, _words(decision.answer, decision.level_id, paper)),
        (book.REASON, plain(agreed.reason) if agreed else "", decision.reason),
        (book.BETTER, plain(agreed.better) if agreed else "", decision.better),
    )
    return tuple(Difference(part, before, after) for part, before, after in pairs if before != after)


def _words(answer: AnswerKind | None, level_id: int | None, paper: RatingsPaper) -> str:
    said = book.agreed_words(answer, level_id, paper)
    return said or (ANSWER_KIND_WORDS[answer] if answer else "")


def chosen_to_stand(
    outcomes: Iterable[RatingOutcome], stands: Mapping[str, str], because: Mapping[str, str]
) -> Sequence[Decision]:
    """What is recorded once it was chosen which of two clashing ratings stands, and why it changes what is agreed."""
    return [
        replace(
            one.decision,
            version=one.item.version,
            changed_because=because.get(one.key, "") or one.decision.changed_because,
        )
        for one in outcomes
        if not one.is_clash or stands.get(one.key) == Stands.FILE
    ]
