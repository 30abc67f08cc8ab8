"""A return as it is printed: the empty form, or what was answered."""

from collections.abc import Iterable
from datetime import datetime

from audit_app.returns.rules.answers import TAG_WORDS, Answer
from audit_app.returns.rules.states import HANDED_OVER, RETURN_STATE_WORDS
from audit_app.returns.rules.workbooks import wording as words
from audit_app.returns.rules.workbooks.as_workbook import offered
from audit_app.returns.rules.workbooks.comparing import answer_parts
from audit_app.returns.rules.workbooks.lines import BEHALF_KEY, KNOWN_KEY
from audit_app.returns.rules.workbooks.paper import Event, Line, Paper, RatingAsked
from reports.cells import day_in_words, moment_in_words
from reports.return_pdf import PrintedAnswer, PrintedPart, PrintedReturn

_ONE_LINE, _EVENT_SPACE, _WORDS_SPACE, _JUDGEMENT_SPACE = 0, 14, 20, 30
"""Millimetres of room to write in, where the form asks for a few words or for a judgement; 0 is a line."""
_NOT_ANSWERED = (("Answer", "Not answered"),)
_EVENTS_ON_PAPER = 3


def as_print(paper: Paper, *, is_empty: bool, by: str, at: datetime) -> PrintedReturn:
    """A return to print: empty boxes and room to write, or the answers that are saved."""
    heading, origin = paper.heading, paper.origin
    what = "Form for the return" if is_empty else "Return"
    facts = [
        ("Case reference", origin.case_reference),
        ("Agency", heading.agency),
        ("Audit", f"{heading.round_title} ({origin.round_reference})"),
        ("Partnership", heading.partnership),
        ("Due", day_in_words(heading.due_on)),
        ("Template", heading.template),
    ]
    if not is_empty:
        facts += _who_and_when(paper)
    parts = [
        _lines(words.KNOWN, paper, is_empty=is_empty),
        *_ratings(paper, is_empty=is_empty),
        _lines(words.CHILD, paper, is_empty=is_empty),
        _chronology(paper, is_empty=is_empty),
        _lines(words.OVERALL, paper, is_empty=is_empty),
    ]
    if paper.voices and not is_empty:
        facts.append(("Voices", said_of_voices(paper.voices)))
    return PrintedReturn(
        title=f"{what} on {origin.case_reference}",
        case_reference=origin.case_reference,
        agency=heading.agency,
        facts=facts,
        parts=[part for part in parts if part.answers],
        printed_by=by,
        printed_at=at,
    )


def said_of_voices(count: int) -> str:
    """What stands on paper in the place of voices."""
    said = "1 voice was" if count == 1 else f"{count} voices were"
    return f"{said} recorded. They are read on screen, where their consent is kept, and not printed."


def _who_and_when(paper: Paper) -> list[tuple[str, str]]:
    """For whom a return answers, where it is, and who submitted it with which declaration."""
    facts = [("State", RETURN_STATE_WORDS[paper.standing.state])]
    behalf = paper.line[BEHALF_KEY].kept
    if behalf and not (paper.submitted and paper.submitted.is_for_agency):
        facts.insert(0, ("On behalf of", behalf))
    if (its := paper.submitted) and paper.standing.state in HANDED_OVER:
        by = f" by {its.by}" if its.by else ""
        for_whom = f", on behalf of {behalf or paper.heading.agency}" if its.is_for_agency else ""
        facts.append(("Submitted", f"{moment_in_words(its.at)}{by}{for_whom}"))
        if its.declaration:
            facts.append(("Declared", its.declaration))
    return facts


def _lines(sheet: str, paper: Paper, *, is_empty: bool) -> PrintedPart:
    """The questions of one sheet, and none about the identity key. On paper the options of an attribute come together
    again. Of the first sheet a filled return has what was said: most of it goes with one answer or the other."""
    lines = [line for line in paper.lines if line.sheet == sheet and not line.is_secret]
    if sheet == words.KNOWN and not is_empty:
        lines = [line for line in lines if line.kept or line.key == KNOWN_KEY]
    if sheet == words.CHILD:
        return PrintedPart(sheet, "", _attributes(paper, is_empty=is_empty))
    note = ""
    if sheet == words.KNOWN and paper.file_loaded_by and not is_empty:
        note = f"As {paper.heading.agency} stated it in the file that it sent; loaded by {paper.file_loaded_by}."
    return PrintedPart(sheet, note, [_line(line, is_empty=is_empty) for line in lines])


def _line(line: Line, *, is_empty: bool) -> PrintedAnswer:
    if is_empty:
        spaces = () if line.choices else (("Your answer", _WORDS_SPACE if line.is_long else _ONE_LINE),)
        how = line.how.replace("Choose one from the list", "Tick one")
        return PrintedAnswer("", line.question, line.question, (how,), line.choices, spaces=spaces)
    answers = [("Answer", line.kept)] if line.kept else _NOT_ANSWERED
    return PrintedAnswer("", line.question, line.question, answers=answers)


def _attributes(paper: Paper, *, is_empty: bool) -> list[PrintedAnswer]:
    printed = []
    for one in paper.attributes:
        it = one.attribute
        chosen = "; ".join(option.words for option in it.options if option.id in one.chosen)
        if is_empty:
            several = "Tick all that are right." if it.is_many else "Tick one."
            choices = [option.words for option in it.options]
            printed.append(PrintedAnswer(it.code, it.title, it.question, (several, it.help), choices))
        else:
            answers = [("Answer", chosen)] if chosen else _NOT_ANSWERED
            printed.append(PrintedAnswer(it.code, it.title, it.question, answers=answers))
    return printed


def _ratings(paper: Paper, *, is_empty: bool) -> Iterable[PrintedPart]:
    for domain in dict.fromkeys(asked.domain for asked in paper.ratings):
        its = [asked for asked in paper.ratings if asked.domain == domain]
        yield PrintedPart(
            domain,
            "Judge what your agency's file shows, and say why. Write no names." if is_empty else "",
            [_rating(asked, paper, is_empty=is_empty) for asked in its],
        )


def _rating(asked: RatingAsked, paper: Paper, *, is_empty: bool) -> PrintedAnswer:
    if is_empty:
        return _rating_to_fill_in(asked, paper)
    answers = [(part, text) for part, text in answer_parts(asked.answer, paper) if text]
    return PrintedAnswer(
        asked.code,
        asked.title,
        asked.question,
        answers=answers if asked.answer != Answer() else _NOT_ANSWERED,
    )


def _rating_to_fill_in(asked: RatingAsked, paper: Paper) -> PrintedAnswer:
    """An indicator on the empty form. What each level looks like stands beside its box, and nowhere else."""
    guidance = {said: asked.guidance[one] for one, said in paper.level_words.items() if asked.guidance.get(one)}
    look_for = [f"{words.LOOK_FOR}: {asked.look_for}"] if asked.look_for else []
    return PrintedAnswer(
        asked.code,
        asked.title,
        asked.question,
        [*look_for, *([words.IN_WORDS_ON_PAPER] if asked.is_narrative else [])],
        [f"{said}: {guidance[said]}" if said in guidance else said for said in offered(asked, paper)],
        ticks=((f"{words.TAG}, if it is either", tuple(TAG_WORDS.values())),),
        spaces=((f"{words.EVIDENCE}, or why it does not apply", _JUDGEMENT_SPACE), (words.WHERE, _ONE_LINE)),
    )


def _chronology(paper: Paper, *, is_empty: bool) -> PrintedPart:
    if is_empty:
        rooms_of = ((label, _EVENT_SPACE) for label in (words.EVENT, words.IMPACT, words.RESPONSE))
        spaces = ((words.DATE, _ONE_LINE), *rooms_of)
        rooms = [
            PrintedAnswer("", title, title, spaces=spaces)
            for title in (f"Event {number}" for number in range(1, _EVENTS_ON_PAPER + 1))
        ]
        return PrintedPart(words.CHRONOLOGY, "Events that mattered to the child, with their dates.", rooms)
    return PrintedPart(words.CHRONOLOGY, "", [_event(kept.event) for kept in paper.events])


def _event(event: Event) -> PrintedAnswer:
    day = day_in_words(event.happened_on) if event.happened_on else ""
    parts = ((words.EVENT, event.event), (words.IMPACT, event.impact), (words.RESPONSE, event.response))
    return PrintedAnswer("", day, day, answers=[(label, text) for label, text in parts if text])
