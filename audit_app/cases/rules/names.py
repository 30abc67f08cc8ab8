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
    TITLES,
    USUAL_STREETS,
)

LETTERS_AT_LEAST = 3
"""Of a part of a name. A first name of two is looked for as well, with its capital letter: “Jo”."""
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
    first_names: frozenset[str] = frozenset()  # of two letters
    phrases: frozenset[Phrase] = frozenset()
    numbered: frozenset[Phrase] = frozenset()  # streets that many towns have: after a house number
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
    nameless = {
        tuple(name)
        for name in schools
        if places.isdisjoint(name) and 0 < len(OF_A_SCHOOL_OR_PRACTICE & {*name}) < len(name)
    }
    streets = set(_streets(sheet.addresses))
    usual = {street for street in streets if USUAL_STREETS.issuperset(street)}
    numbers = {_compact(found[0]) for found in _NUMBER.finditer(sheet.numbers)}
    postcodes = {_compact(found[0]) for found in _POSTCODE.finditer(sheet.addresses)}
    return NamesSought(
        words=frozenset(word for word in words if len(word) >= LETTERS_AT_LEAST),
        first_names=frozenset(_short_first_names(people)),
        phrases=frozenset({*_short_names(people), *(streets - usual), *nameless}),
        numbered=frozenset(usual),
        places=frozenset(places),
        days=frozenset([*born, *(day for text in people for _, day in _days(text))]),
        numbers=frozenset(
            number for number in (*numbers, *postcodes, _compact(file_number)) if len(number) >= NUMBER_AT_LEAST
        ),
    )


def names_in(text: str, sought: NamesSought) -> Sequence[str]:
    """What stands in a text that may say who the child is, as it is written there, each once, in order."""
    text = unicodedata.normalize("NFC", text)
    tokens = [(_spelled(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]
    found = {
        *_words_found(text, tokens, sought),
        *_phrases_found(tokens, sought.phrases),
        *(one for one in _phrases_found(tokens, sought.numbered) if _HOUSE_NUMBER.search(text, 0, one[0])),
        *_places_found(tokens, sought.places),
        *(place for place, day in _days(text) if day in sought.days),
        *_numbers_found(text, sought.numbers),
    }
    once: dict[str, str] = {}
    last = 0
    for begin, end in sorted(found, key=lambda its: (its[0], -its[1])):
        if end > last:  # what stands within something longer is found with it
            once.setdefault(_folded(text[begin:end]), text[begin:end])
            last = end
    return list(once.values())


# --- what is looked for

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\w*\d\w*(?:[ -]\w*\d\w*)*")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)


def _folded(text: str) -> str:
    """Small letters without accents: Zoë and ZOE are one name. As long as the text was."""
    if text.isascii():
        return text.lower()
    return "".join((unicodedata.normalize("NFD", letter)[0].lower() or letter)[0] for letter in text).translate(_PLAIN)


_PLAIN = str.maketrans("łøđðħŧıŋſ", "loddhtins")
_TWO_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})


def _spelled(word: str) -> str:
    """A word folded, and spelled as those spell it whose keyboards have no such letters: Groß and GROSS are one."""
    return _folded(word).translate(_TWO_LETTERS)


def _words(text: str) -> list[str]:
    return [_spelled(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def _parts(text: str) -> list[str]:
    """A field's entries: what stands between line ends, commas, semicolons and brackets."""
    return re.split(r"[\n,;()]", text)


def _compact(text: str) -> str:
    return "".join(letter for letter in _folded(text) if letter.isalnum())


def _name_words(text: str) -> list[str]:
    """The words of a field that name people: those with a capital letter, or all where none has one."""
    for (begin, end), _ in _days(text):
        text = text[:begin] + " " * (end - begin) + text[end:]
    words = [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if _spelled(word) not in NAME_NOBODY]
    with_capital = [word for word in words if word[0].isupper()]
    return [_spelled(word) for word in with_capital or words]


def _short_names(people: Sequence[str]) -> Iterator[Phrase]:
    """Names whose every part is too short to be looked for alone, such as Li Wu."""
    for text in people:
        for part in _parts(text):
            words = tuple(_name_words(part))
            if len(words) > 1 and max(map(len, words)) < LETTERS_AT_LEAST:
                yield words


def _short_first_names(people: Sequence[str]) -> Iterator[str]:
    """First names of two letters, such as Jo, as they are written: GP and N/A are none."""
    for text in people:
        for part in _parts(unicodedata.normalize("NFC", text)):
            words = [word for word in _WORD.findall(part) if _spelled(word) not in NAME_NOBODY]
            if words and _is_short_name(words[0]):
                yield _spelled(words[0])


def _is_short_name(word: str) -> bool:
    return len(word) == 2 and word.istitle()


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


def _words_found(text: str, tokens: Sequence[Token], sought: NamesSought) -> Iterator[Found]:
    for place, (word, begin, end) in enumerate(tokens):
        is_short = word in sought.first_names and _is_short_name(text[begin:end])
        if not is_short and word not in sought.words:
            continue
        if word not in ALSO_NAMES or _is_meant_as_name(text, tokens, place, sought.words):
            yield begin, end


def _is_meant_as_name(text: str, tokens: Sequence[Token], place: int, words: frozenset[str]) -> bool:
    """Whether a word that is also a name stands for one: with a capital letter, not as the month of a date, and not
    merely as the first word of a sentence, unless another part of a name or a title stands beside it."""
    _, begin, end = tokens[place]
    is_dated = re.search(r"\d(?:st|nd|rd|th)?(?: of)?[ -]?$", text[max(0, begin - 8) : begin])
    is_dated = is_dated or re.match(r",? ?'?\d", text[end : end + 4])
    if is_dated or not text[begin].isupper():
        return False
    return not _begins_sentence(text, begin) or _is_beside_name(text, tokens, place, words)


def _begins_sentence(text: str, begin: int) -> bool:
    before = text[max(0, begin - 12) : begin].rstrip(" \t\"'“”‘’([*•–—-")
    return not before or before[-1] in ".!?…\n\r"


def _is_beside_name(text: str, tokens: Sequence[Token], place: int, words: frozenset[str]) -> bool:
    word, begin, end = tokens[place]
    if place and tokens[place - 1][0] in TITLES:
        return True
    beside = [(one, tokens[one][1]) for one in (place - 1, place + 1) if 0 <= one < len(tokens)]
    for one, its_begin in beside:
        between = text[tokens[one][2] : begin] if one < place else text[end:its_begin]
        if tokens[one][0] in words - {word} and text[its_begin].isupper() and not between.strip(" -"):
            return True
    return False


_HOUSE_NUMBER = re.compile(r"\d[a-z]?,? {0,2}$", re.IGNORECASE)


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
