"""What a panel on paper agrees on a case, as a workbook that its chair fills in after the meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from audit_app.panels.rules.order import Given, Item
from audit_app.returns.rules import ANSWER_KIND_WORDS, TAG_WORDS, AnswerKind
from audit_app.returns.rules.workbooks import NO_LEVEL, digest_of, kinds_offered, plain, wording, words_of_levels
from audit_app.rounds.rules import FrozenTemplate
from reports.return_workbook import BookColumn, BookRow, BookSheet

SHEET = "Agreed ratings"
WHOSE = "Whose work"
GIVEN = "What each agency chose"
ANSWER = "Agreed rating"
REASON = "The panel's reason"
BETTER = "What would have made it better"
BECAUSE = "Why it is changed"
"""The headings of the sheet, besides those that a return has too."""

_KIND = "agreed ratings 1"
_IN_WORDS = "Write what the panel agreed under “The panel's reason”. Use the list only where nothing can be said."


@dataclass(frozen=True)
class RatingsOrigin:
    """Of which case a file is: written into it, and compared when it comes back. `edition` is of what is agreed."""

    slug: str
    round_reference: str
    case_reference: str
    edition: str


@dataclass(frozen=True)
class RatingsPaper:
    """The ratings of a case to agree, with what is agreed so far. `items` in the order of the template."""

    slug: str
    partnership: str
    round_reference: str
    round_title: str
    case_reference: str
    panel: str
    template: FrozenTemplate
    items: Sequence[Item]

    @cached_property
    def level_words(self) -> Mapping[int, str]:
        """What each level is called in a list to choose from, by its id."""
        return words_of_levels(self.template.as_read)

    @property
    def origin(self) -> RatingsOrigin:
        """Whose a file of these ratings is."""
        levels = [f"{level.code}={level.words}" for level in self.template.levels]
        edition = digest_of(*levels, *(f"{item.id}:{item.name}" for item in self.items))
        return RatingsOrigin(self.slug, self.round_reference, self.case_reference, edition)


def key_of_item(item: Item) -> str:
    """How a row of the sheet says of which rating it is."""
    return f"Rating {item.id}"


def ratings_code(origin: RatingsOrigin) -> str:
    """What a file says of whose it is."""
    return "; ".join((_KIND, origin.slug, origin.round_reference, origin.case_reference, origin.edition))


def read_ratings_code(text: str) -> RatingsOrigin | None:
    """Whose a file says it is, or None where it says nothing of the kind."""
    kind, *parts = (part.strip() for part in text.split(";"))
    return RatingsOrigin(*parts) if kind == _KIND and len(parts) == 4 else None


def as_ratings_sheets(paper: RatingsPaper) -> tuple[BookSheet, ...]:
    """The sheets, filled in with what is agreed so far."""
    return _read_me(paper), _ratings(paper)


def _read_me(paper: RatingsPaper) -> BookSheet:
    rows = [
        (
            "What this is",
            "What a panel agrees on one child of an audit, to be filled in after its meeting.",
        ),
        ("Case reference", paper.case_reference),
        ("Panel", paper.panel),
        ("Audit", f"{paper.round_title} ({paper.round_reference})"),
        ("Partnership", paper.partnership),
        ("Where to write", "In the pale yellow cells. All others are locked. Where there is a list, choose from it."),
        ("What to write", "What was agreed, and the panel's reason. Both are needed. Write no names."),
        ("What is agreed already", f"To change it, write the new rating and reason, and say why under “{BECAUSE}”."),
        ("Keeping it safe", "This file is about a child. Keep it where such files are kept, and delete it."),
        (
            "How to send it",
            "Load it on the page of the case. You see what will change before anything is taken. Then finish there.",
        ),
        (wording.FILE_CODE, ratings_code(paper.origin)),
    ]
    columns = (BookColumn(f"Ratings of {paper.case_reference}", 22), BookColumn("Read this first", 90))
    return BookSheet(wording.READ_ME, columns, [BookRow(row) for row in rows])


def _ratings(paper: RatingsPaper) -> BookSheet:
    columns = (
        BookColumn(wording.LINE, 9, is_small=True),
        BookColumn(wording.CODE, 9),
        BookColumn(wording.DOMAIN, 18),
        BookColumn(WHOSE, 18),
        BookColumn(wording.QUESTION, 36),
        BookColumn(wording.LEVELS, 46),
        BookColumn(GIVEN, 36),
        BookColumn(ANSWER, 20, takes_answers=True),
        BookColumn(REASON, 50, takes_answers=True),
        BookColumn(BETTER, 40, takes_answers=True),
        BookColumn(BECAUSE, 30, takes_answers=True),
        BookColumn(wording.SEEN, 4, is_hidden=True),
    )
    domains = {domain.id: domain.title for domain in paper.template.domains}
    rows = [_row(item, paper, domains.get(item.indicator.domain_id, "")) for item in paper.items]
    return BookSheet(SHEET, columns, rows, pages_wide=2)


def _row(item: Item, paper: RatingsPaper, domain: str) -> BookRow:
    asked, agreed = item.indicator, item.agreed
    looks_like = [
        f"{said}: {asked.guidance[one]}" for one, said in paper.level_words.items() if asked.guidance.get(one)
    ]
    cells = (
        key_of_item(item),
        asked.code,
        domain,
        item.agency or "All agencies together",
        f"{asked.title}: {asked.question}",
        _IN_WORDS if asked.is_narrative else "\n".join(looks_like),
        "\n".join(f"{one.agency}: {_chosen(one, paper)}" for one in item.given),
        agreed_words(agreed.answer, agreed.level_id, paper) if agreed else "",
        agreed.reason if agreed else "",
        agreed.better if agreed else "",
        "",
        seen_item(item),
    )
    locked = () if agreed else (10,)
    return BookRow(cells, {7: ratings_offered(item, paper)}, locked)


def ratings_offered(item: Item, paper: RatingsPaper) -> tuple[str, ...]:
    """The answers that the list of an item offers: the levels as they are read, then the two that are no level."""
    return kinds_offered(() if item.indicator.is_narrative else tuple(paper.level_words.values()))


def agreed_words(answer: AnswerKind | None, level_id: int | None, paper: RatingsPaper) -> str:
    """An agreed rating as its list says it; empty for one in words, or none."""
    if level_id is not None:
        return paper.level_words.get(level_id, "")
    return NO_LEVEL.get(answer, "") if answer else ""


def _chosen(one: Given, paper: RatingsPaper) -> str:
    kind, level_id = one.said
    said = agreed_words(kind, level_id, paper) or (ANSWER_KIND_WORDS[kind] if kind else "Not answered")
    return f"{said} ({TAG_WORDS[one.answer.tag].lower()})" if one.answer.tag else said


def seen_item(item: Item) -> str:
    """What a file carries of an item: its version, and a digest that tells whether its cells were touched."""
    agreed = item.agreed
    digest = cells_digest(agreed.answer, agreed.level_id, agreed.reason, agreed.better) if agreed else NOTHING_AGREED
    return f"{item.version}.{digest}"


def cells_digest(answer: AnswerKind | None, level_id: int | None, reason: str, better: str) -> str:
    """The digest of what a row says."""
    return digest_of(answer or "", level_id or "", plain(reason), plain(better))


NOTHING_AGREED = cells_digest(None, None, "", "")
