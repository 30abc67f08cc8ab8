"""Names in what was typed. Audit evidence holds none, so texts are compared with the identity sheet of their case.

It finds slips, it proves nothing: a nickname that the sheet does not know is not found, and a word that names nobody
may be. So whoever wrote it decides.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit_app.cases.rules.identity import IdentitySheet
from audit_app.cases.rules.ordinary_words import (
    ALSO_NAMES,
    NAME_NOBODY,
    OF_A_SCHOOL_OR_PRACTICE,
    SAY_LITTLE,
    STREETS,
)

LETTERS_AT_LEAST = 3
"""Of a part of a name: “Li” alone would be found everywhere."""
PLACE_LETTERS_AT_LEAST = 4
NUMBER_AT_LEAST = 5
"""Figures and letters of a number: shorter ones are years and house numbers."""

Phrase = tuple[str, ...]
Day = tuple[int, int, int]  # the year without its century, the month, the day
Found = tuple[int, int]  # from, to


@dataclass(frozen=True, repr=False)
class NamesSought:
    """What would say who a child is, as it is looked for. Never shown by `repr`, like the sheet."""

    words: frozenset[str] = frozenset()
    phrases: frozenset[Phrase] = frozenset()
    places: frozenset[str] = frozenset()  # what a school or practice is called, before that word
    days: frozenset[Day] = frozenset()
    numbers: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return "NamesSought(...)"


def names_of(sheet: IdentitySheet, file_number: str = "") -> NamesSought:
    """What to look for in texts on a case: from its identity sheet, and the number of the agency's own file."""
    people = [sheet.names, sheet.carers, sheet.other_adults, sheet.siblings]
    words = [word for text in people for word in _name_words(text)]
    born = [(sheet.born.year % 100, sheet.born.month, sheet.born.day)] if sheet.born else []
    schools = [_words(part.removeprefix("The ")) for text in (sheet.school, sheet.practice) for part in _parts(text)]
    places = {
        word for name in schools for word in name if word not in SAY_LITTLE if len(word) >= PLACE_LETTERS_AT_LEAST
    }
    nameless = {tuple(name) for name in schools if len(name) > 1 and places.isdisjoint(name)}
    numbers = {_compact(found[0]) for found in _NUMBER.finditer(sheet.numbers)}
    postcodes = {_compact(found[0]) for found in _POSTCODE.finditer(sheet.addresses)}
    return NamesSought(
        words=frozenset(word for word in words if len(word) >= LETTERS_AT_LEAST),
        phrases=frozenset({*_short_names(people), *_streets(sheet.addresses), *nameless}),
        places=frozenset(places),
        days=frozenset([*born, *(day for text in people for _, day in _days(text))]),
        numbers=frozenset(
            number for number in (*numbers, *postcodes, _compact(file_number)) if len(number) >= NUMBER_AT_LEAST
        ),
    )


def names_in(text: str, sought: NamesSought) -> Sequence[str]:
    """What stands in a text that may say who the child is, as it is written there, each once, in order."""
    text = unicodedata.normalize("NFC", text)
    tokens = [(_folded(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]
    found = sorted(
        {
            *_words_found(text, tokens, sought.words),
            *_phrases_found(tokens, sought.phrases),
            *_places_found(tokens, sought.places),
            *(place for place, day in _days(text) if day in sought.days),
            *_numbers_found(text, sought.numbers),
        }
    )
    once: dict[str, str] = {}
    for begin, end in found:
        once.setdefault(_folded(text[begin:end]), text[begin:end])
    return list(once.values())


# --- what is looked for

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\w*\d\w*(?:[ -]\w*\d\w*)*")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)


def _folded(text: str) -> str:
    """Small letters without accents: Zoë and ZOE are one name. As long as the text was."""
    if text.isascii():
        return text.lower()
    return "".join((unicodedata.normalize("NFD", letter)[0].lower() or letter)[0] for letter in text)


def _words(text: str) -> list[str]:
    return [_folded(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def _parts(text: str) -> list[str]:
    """A field's entries: what stands between line ends, commas, semicolons and brackets."""
    return re.split(r"[\n,;()]", text)


def _compact(text: str) -> str:
    return "".join(letter for letter in _folded(text) if letter.isalnum())


def _name_words(text: str) -> list[str]:
    """The words of a field that name people: those with a capital letter, or all where none has one."""
    for (begin, end), _ in _days(text):
        text = text[:begin] + " " * (end - begin) + text[end:]
    words = [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if _folded(word) not in NAME_NOBODY]
    with_capital = [word for word in words if word[0].isupper()]
    return [_folded(word) for word in with_capital or words]


def _short_names(people: Sequence[str]) -> Iterator[Phrase]:
    """Names whose every part is too short to be looked for alone, such as Li Wu."""
    for text in people:
        for part in _parts(text):
            words = tuple(_name_words(part))
            if len(words) > 1 and max(map(len, words)) < LETTERS_AT_LEAST:
                yield words


def _streets(addresses: str) -> Iterator[Phrase]:
    """The streets of addresses: Limpet Street, of “3 Limpet Street, Saltmere”."""
    for part in _parts(_POSTCODE.sub(" ", addresses)):
        words = _words(part)
        ends = [place for place, word in enumerate(words) if place and word in STREETS]
        if ends:
            words = words[: ends[-1] + 1]
        if len(words) > 1 and (ends or any(letter.isdigit() for letter in part)):
            yield tuple(words)


# --- dates, in the forms in which people write them

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4}|'?\d{2})"
_DATES = [
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"\b(?P<day>\d{{1,2}})[ ./-](?P<month>\d{{1,2}})[ ./-]{_YEAR}\b",
        r"\b(?P<year>\d{4})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})\b",
        rf"\b{_DAY}(?: of)?[ ./-]{{0,2}}{_MONTH}[ ,./-]{{0,2}}{_YEAR}\b",
        rf"\b{_MONTH}[ ./-]{{1,2}}{_DAY}[ ,./-]{{1,2}}{_YEAR}\b",
    )
]


def _days(text: str) -> Iterator[tuple[Found, Day]]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            month = found["month"].lower()
            number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
            yield found.span(), (int(found["year"].lstrip("'")) % 100, number, int(found["day"]))


# --- finding it

Token = tuple[str, int, int]


def _words_found(text: str, tokens: Sequence[Token], words: frozenset[str]) -> Iterator[Found]:
    for word, begin, end in tokens:
        if word in words and (word not in ALSO_NAMES or _is_meant_as_name(text, begin, end)):
            yield begin, end


def _is_meant_as_name(text: str, begin: int, end: int) -> bool:
    """Whether a word that is also a name stands for one: with a capital letter, and not as the month of a date."""
    is_dated = re.search(r"\d(?:st|nd|rd|th)?(?: of)?[ -]?$", text[max(0, begin - 8) : begin])
    is_dated = is_dated or re.match(r",? ?'?\d", text[end : end + 4])
    return text[begin].isupper() and not is_dated


def _phrases_found(tokens: Sequence[Token], phrases: frozenset[Phrase]) -> Iterator[Found]:
    lengths = {phrase[0]: set[int]() for phrase in phrases}
    for phrase in phrases:
        lengths[phrase[0]].add(len(phrase))
    for place, (word, begin, _) in enumerate(tokens):
        for length in lengths.get(word, ()):
            run = tokens[place : place + length]
            if tuple(one for one, _, _ in run) in phrases:
                yield begin, run[-1][2]


def _places_found(tokens: Sequence[Token], places: frozenset[str]) -> Iterator[Found]:
    """What a school or practice is called, where the word school or practice follows: else it may be the town's."""
    for place, (word, begin, _) in enumerate(tokens):
        if word in places:
            after = [end for one, _, end in tokens[place + 1 : place + 4] if one in OF_A_SCHOOL_OR_PRACTICE]
            if after:
                yield begin, after[0]


def _numbers_found(text: str, numbers: frozenset[str]) -> Iterator[Found]:
    """Numbers, however they are spaced out."""
    if not numbers:
        return
    folded = _folded(text)
    places = [place for place, letter in enumerate(folded) if letter.isalnum()]
    compact = "".join(folded[place] for place in places)
    for number in numbers:
        at = compact.find(number)
        while at >= 0:
            begin, end = places[at], places[at + len(number) - 1] + 1
            if not folded[begin - 1 : begin].isalnum() and not folded[end : end + 1].isalnum():
                yield begin, end
            at = compact.find(number, at + 1)
