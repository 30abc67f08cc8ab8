"""What a return can take of a file, by its first sheet: is the child known, and is the right file open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from audit_app.returns.rules.first_answers import (
    KNOWN_WORDS,
    OWN_PART_WORDS,
    SHOULD_HAVE_KNOWN_WORDS,
    Known,
    OwnPart,
    missing_with,
    why_not_declare,
)
from audit_app.returns.rules.states import ReturnState
from audit_app.returns.rules.workbooks import wording as words
from audit_app.returns.rules.workbooks.lines import (
    FILE_KEY,
    KNOWN_KEY,
    OF_FILE,
    OF_KNOWN,
    PART_KEY,
    PART_WORDS_KEY,
    REASON_KEY,
    SHOULD_KEY,
    known_in,
)
from audit_app.returns.rules.workbooks.paper import Paper, plain

NOT_ASKED = (
    "Nothing of this sheet is taken: the answer to “Does your agency know this child?” has to be "
    f"“{KNOWN_WORDS[Known.KNOWN]}”."
)
_NOTHING_ELSE = "Nothing else of this file is taken until this line is answered."
_NO_FILE = f"Nothing else of this file is taken until this line says {words.YES}: find the right file first."
_KNOWN_IS_SET = "This return was submitted before, so whether the child is known cannot be changed any more."
_NOT_EMPTIED = "This was answered before, and cannot be emptied. Choose another answer if it was wrong."
_NO_REASON = "This is kept only where the child is not known, or the return cannot be made."
_NO_SHOULD = f"This is kept only where the answer to the first line is “{KNOWN_WORDS[Known.NOT_KNOWN]}”."
_NO_PART = f"This is kept only where the line above says “{OWN_PART_WORDS[OwnPart.SOME]}”."
_NO_PART_SAID = "Say whether you had a part in this child's care or its supervision."
_OF_A_KNOWN_CHILD = "This is kept only where the child is known."
_LINE_OF = {"reason": REASON_KEY, "should_have_known": SHOULD_KEY, "own_part_words": PART_WORDS_KEY}

Meaning = TypeVar("Meaning")


@dataclass
class Held:
    """What of a file waits. `why` has a sentence for lines of the first sheet, also for some that a file leaves empty.

    `lines` are those of the first sheet that are not taken. `why_sheets` says why every other sheet waits, or is empty
    where a line says so already; `holds_sheets` is whether they do.
    """

    why: dict[str, str] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)
    holds_sheets: bool = False
    why_sheets: str = ""

    def leave(self, keys: Collection[str], why: Mapping[str, str]) -> None:
        """Leave lines out, and say why at some."""
        self.lines.update(keys)
        self.why.update(why)


def meant(said: str, its_words: Mapping[Meaning, str]) -> Meaning | None:
    """What a line means that is chosen from a list, or None where it is empty."""
    return next((meaning for meaning, one in its_words.items() if one == said), None)


def first_after(paper: Paper, said: Mapping[str, str]) -> dict[str, str]:
    """The lines of the first sheet once some of them are taken, by their keys."""
    return {line.key: said.get(line.key, plain(line.kept)) for line in paper.lines if line.sheet == words.KNOWN}


def held_back(paper: Paper, said: Mapping[str, str], *, has_more: bool) -> Held:
    """What has to wait of a file whose first sheet changes these lines, and which `has_more` on its other sheets."""
    held = Held()
    known = _hold_known(paper, said, held)
    if known is None:
        held.holds_sheets = True
        held.lines.update(said)
        if has_more or said.keys() - {KNOWN_KEY}:
            held.why.setdefault(KNOWN_KEY, _NOTHING_ELSE)
    elif known is not Known.KNOWN:
        held.holds_sheets, held.why_sheets = True, NOT_ASKED
        held.leave(said.keys() & OF_FILE, {key: _OF_A_KNOWN_CHILD for key in said.keys() & OF_FILE if said[key]})
    else:
        _hold_file(paper, said, held, has_more=has_more)
    return held


def _hold_known(paper: Paper, said: Mapping[str, str], held: Held) -> Known | None:
    """Hold back what does not go with whether the child is known, which it gives as it is afterwards."""
    touched = said.keys() & OF_KNOWN
    if paper.standing.state is ReturnState.CHANGES_REQUESTED:
        held.leave(touched, dict.fromkeys(touched, _KNOWN_IS_SET))
        return Known.KNOWN
    after = first_after(paper, said)
    known = meant(after[KNOWN_KEY], KNOWN_WORDS)
    if KNOWN_KEY in said and known is None:
        held.leave({KNOWN_KEY}, {KNOWN_KEY: _NOT_EMPTIED})
        known = known_in(paper.standing.state)
    if known is None:
        return None
    without = {
        **({REASON_KEY: _NO_REASON} if known is Known.KNOWN else {}),
        **({} if known is Known.NOT_KNOWN else {SHOULD_KEY: _NO_SHOULD}),
    }
    lost = without.keys() & touched
    held.leave(lost, {key: without[key] for key in lost if said[key]})
    missing = missing_with(known, after[REASON_KEY], meant(after[SHOULD_KEY], SHOULD_HAVE_KNOWN_WORDS))
    if missing and touched:
        held.leave(touched, {_LINE_OF[missing[0]]: missing[1]})
    return known


def _hold_file(paper: Paper, said: Mapping[str, str], held: Held, *, has_more: bool) -> None:
    """Hold back what waits for the right file: it, with the auditor's declaration, comes before the first word."""
    touched = said.keys() & OF_FILE
    is_open, says_yes = paper.standing.is_file_confirmed, said.get(FILE_KEY) == words.YES
    if (FILE_KEY in said and not says_yes) or (not is_open and not says_yes):
        held.holds_sheets = True
        held.leave(touched, {FILE_KEY: _NO_FILE} if touched or has_more else {})
        return
    if not touched:
        return
    after = first_after(paper, said)
    part = meant(after[PART_KEY], OWN_PART_WORDS)
    missing = (PART_KEY, _NO_PART_SAID) if part is None else _missing_part(part, after[PART_WORDS_KEY])
    if missing:
        held.holds_sheets = held.holds_sheets or not is_open
        held.leave(touched, {missing[0]: missing[1] if is_open else f"{missing[1]} {_NOTHING_ELSE}"})
    elif part is OwnPart.NONE and PART_WORDS_KEY in said:
        held.leave({PART_WORDS_KEY}, {PART_WORDS_KEY: _NO_PART} if said[PART_WORDS_KEY] else {})


def _missing_part(part: OwnPart, its_words: str) -> tuple[str, str] | None:
    missing = why_not_declare(part, its_words)
    return (_LINE_OF[missing[0]], missing[1]) if missing else None
