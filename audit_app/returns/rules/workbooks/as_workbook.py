"""A return as the sheets of a workbook that its auditor fills in and loads back."""

from collections.abc import Sequence

from audit_app.returns.rules.answers import TAG_WORDS, AnswerKind
from audit_app.returns.rules.workbooks import wording as words
from audit_app.returns.rules.workbooks.paper import (
    NO_LEVEL,
    Heading,
    Line,
    Origin,
    Paper,
    RatingAsked,
    kinds_offered,
    seen_event,
    seen_line,
    seen_rating,
)
from reports.cells import day_in_words
from reports.return_workbook import BookColumn, BookRow, BookSheet

_SEEN = BookColumn(words.SEEN, 4, is_hidden=True)
_CODE = BookColumn(words.LINE, 9, is_small=True)
_KIND = "return workbook 1"


def as_sheets(paper: Paper) -> tuple[BookSheet, ...]:
    """The sheets, filled in with what is saved so far."""
    of_sheet = {
        name: [line for line in paper.lines if line.sheet == name] for name in (words.KNOWN, words.CHILD, words.OVERALL)
    }
    return (
        _read_me(paper),
        _lines(words.KNOWN, of_sheet[words.KNOWN]),
        _ratings(paper),
        *([_lines(words.CHILD, of_sheet[words.CHILD])] if of_sheet[words.CHILD] else []),
        _chronology(paper),
        _lines(words.OVERALL, of_sheet[words.OVERALL]),
    )


def file_code(origin: Origin) -> str:
    """What a file says of whose it is."""
    parts: tuple[str, ...] = (
        _KIND,
        origin.slug,
        origin.round_reference,
        origin.case_reference,
        str(origin.agency_id),
        origin.edition,
    )
    parts += (origin.copy,) if origin.copy else ()
    return "; ".join(parts)


def read_file_code(text: str) -> Origin | None:
    """Whose a file says it is, or None where it says nothing of the kind."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) not in {6, 7} or parts[0] != _KIND or not (parts[4].isdecimal() and len(parts[4]) <= 9):
        return None
    return Origin(parts[1], parts[2], parts[3], int(parts[4]), parts[5], "".join(parts[6:])[:16])


def _read_me(paper: Paper) -> BookSheet:
    origin, heading = paper.origin, paper.heading
    rows = [
        ("What this is", "One agency's return on one child of an audit, to be filled in away from the service."),
        ("Case reference", origin.case_reference),
        ("Agency", heading.agency),
        ("Audit", f"{heading.round_title} ({origin.round_reference})"),
        ("Partnership", heading.partnership),
        ("Due", day_in_words(heading.due_on)),
        ("Template", heading.template),
        *_which_child(paper),
        (
            "How to begin",
            f"Answer the sheet “{words.KNOWN}” first. For a child not known it is all we ask.",
        ),
        ("Where to write", "In the pale yellow cells. All others are locked. Where there is a list, choose from it."),
        ("What to write", "A judgement and its reason, with an example from the file. Write no names."),
        (
            "If a cell is wrong",
            "Empty it. What was saved before goes when the file is loaded, and whoever loads it is shown that first.",
        ),
        ("What stays on screen", "Voices and the reflective discussion: they need consent and a conversation."),
        ("Keeping it safe", "This file is about a child. Keep it where your agency keeps such files, and delete it."),
        ("How to send it", _how_to_send(heading)),
        (words.FILE_CODE, file_code(origin)),
    ]
    columns = (BookColumn(f"Return on {origin.case_reference}", 22), BookColumn("Read this first", 90))
    return BookSheet(words.READ_ME, columns, [BookRow(row) for row in rows])


def _which_child(paper: Paper) -> list[tuple[str, str]]:
    """How an agency that does not sign in learns who the child is: never from this file."""
    if not paper.heading.send_to:
        return []
    who = f"the {paper.heading.key_holder} of {paper.heading.partnership}"
    told = (
        f"This file names no child. Who {paper.origin.case_reference} is, {who} tells you by a secure way of their "
        "own. If you were not told, ask before you begin. Do not write the name into this file."
    )
    return [("Who the child is", told)]


def _how_to_send(heading: Heading) -> str:
    if heading.send_to:
        return f"Send it back by secure mail to {heading.send_to}, who loads it and submits it on your behalf."
    return "Load it on the page of the return. You see what will change before anything is taken. Then submit there."


def _lines(name: str, lines: Sequence[Line]) -> BookSheet:
    """A line a row. Of a question with several lines, the first row asks it and the others have what they tick."""
    has_options = any(line.option for line in lines)
    columns = (
        _CODE,
        BookColumn(words.ABOUT, 24),
        BookColumn(words.QUESTION, 44),
        *([BookColumn(words.OPTION, 44)] if has_options else []),
        BookColumn(words.YOURS, 60 if not has_options else 30, takes_answers=True),
        BookColumn(words.HOW, 44),
        _SEEN,
    )
    rows, before = [], None
    for line in lines:
        is_next = bool(line.option) and before is not None and before.question == line.question
        before = line
        about, question, how = ("", "", "") if is_next else (line.about, line.question, line.how)
        option = (line.option,) if has_options else ()
        cells = (line.key, about, question, *option, line.kept or line.offered, how, seen_line(line))
        rows.append(BookRow(cells, {len(cells) - 3: line.choices} if line.choices else {}))
    return BookSheet(name, columns, rows)


def _ratings(paper: Paper) -> BookSheet:
    columns = [
        BookColumn(words.CODE, 9),
        BookColumn(words.DOMAIN, 18),
        BookColumn(words.QUESTION, 36),
        BookColumn(words.LOOK_FOR, 32),
        BookColumn(words.LEVELS, 46),
        BookColumn(words.ANSWER, 20, takes_answers=True),
        BookColumn(words.REASON, 26, takes_answers=True),
        BookColumn(words.EVIDENCE, 60, takes_answers=True),
        BookColumn(words.WHERE, 30, takes_answers=True),
        BookColumn(words.TAG, 14, takes_answers=True),
        _SEEN,
    ]
    return BookSheet(words.RATINGS, columns, [_rating(one, paper) for one in paper.ratings], pages_wide=2)


def _rating(asked: RatingAsked, paper: Paper) -> BookRow:
    answer = asked.answer
    looks_like = [
        f"{said}: {asked.guidance[one]}" for one, said in paper.level_words.items() if asked.guidance.get(one)
    ]
    cells = [
        asked.code,
        asked.domain,
        f"{asked.title}: {asked.question}",
        asked.look_for,
        words.IN_WORDS if asked.is_narrative else "\n".join(looks_like),
        answer_words(asked, paper),
        answer.reason,
        answer.evidence,
        answer.where_on_file,
        TAG_WORDS[answer.tag] if answer.tag else "",
        seen_rating(asked),
    ]
    return BookRow(cells, {5: offered(asked, paper), 9: tuple(TAG_WORDS.values())})


def offered(asked: RatingAsked, paper: Paper) -> tuple[str, ...]:
    """The answers that an indicator's list offers: the levels in the order in which the scale is read, where there are
    any to choose, then the two that are no level."""
    return kinds_offered(() if asked.is_narrative else tuple(paper.level_words.values()))


def answer_words(asked: RatingAsked, paper: Paper) -> str:
    """What was chosen, as the list says it; empty where nothing is, and for an answer in words."""
    answer = asked.answer
    if answer.kind is AnswerKind.LEVEL and answer.level_id is not None:
        return paper.level_words[answer.level_id]
    return NO_LEVEL.get(answer.kind, "") if answer.kind else ""


def _chronology(paper: Paper) -> BookSheet:
    columns = (
        _CODE,
        BookColumn(words.DATE, 18, takes_answers=True),
        BookColumn(words.EVENT, 56, takes_answers=True),
        BookColumn(words.IMPACT, 44, takes_answers=True),
        BookColumn(words.RESPONSE, 44, takes_answers=True),
        _SEEN,
    )
    rows = [
        BookRow(
            (
                kept.key,
                day_in_words(kept.event.happened_on) if kept.event.happened_on else "",
                kept.event.event,
                kept.event.impact,
                kept.event.response,
                seen_event(kept),
            )
        )
        for kept in paper.events
    ]
    return BookSheet(words.CHRONOLOGY, columns, rows, empty_rows=words.EVENTS_TO_FILL_IN)
