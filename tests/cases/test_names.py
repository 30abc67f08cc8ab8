"""What of an identity sheet is found in a text, however it is written, and what is left alone."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audit_app.cases.rules import IdentitySheet, names_in, names_of
from audit_app.cases.rules.ordinary_words import ALSO_NAMES, NAME_NOBODY

SHEET = IdentitySheet(
    names="Robin Example, also Zoë O'Brien-Smith",
    born_on="2018-05-01",
    addresses="1 Made Up Lane, Saltmere, ZZ99 3CC\nFlat 2, 30 Limpet Street since March",
    numbers="Council 10037975, NHS 943 476 5919; UPN A123456789012",
    school="Kingcup Primary School",
    practice="The High Street Surgery",
    carers="Kim Example (mother, lives with the child, born 3 May 1990)\nWill Hope",
    other_adults="Li Wu, Paternal uncle",
    siblings="may turnstone",
)
SOUGHT = names_of(SHEET, file_number="SC/2026/0417")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Robin was seen alone; KIM was not asked, robin said.", ["Robin", "KIM"]),
        ("Zoe's teacher rang, and so did Mr O’Brien.", ["Zoe", "Brien"]),
        ("Seen with Li Wu. The li of the wu was not.", ["Li Wu"]),
        ("A visit to Made up lane and to limpet  street", ["Made up lane", "limpet  street"]),
        ("They live at zz993cc.", ["zz993cc"]),
        ("NHS 9434765919, file SC 2026 0417, council no. 100-379-75", ["9434765919", "SC 2026 0417", "100-379-75"]),
        ("The head of Kingcup school rang the High Street surgery.", ["Kingcup school", "High Street surgery"]),
        ("Born 1.5.18, that is 1st of May 2018.", ["1.5.18", "1st of May 2018"]),
        ("The mother, born May 3, 1990, was asked whether Will will come in May.", ["May 3, 1990", "Will", "May"]),
    ],
)
def test_what_is_found(text: str, found: list[str]) -> None:
    assert list(names_in(text, SOUGHT)) == found


@pytest.mark.parametrize(
    "text",
    [
        "The mother will see the child in Saltmere on 4 May 2026, and hope may help. Flat 2 since March.",
        "The school nurse and the surgery in the high street made up a plan for the lane.",
        "Robinson and Kimberley; examples of 110037975 and 2018; kingcups at primary level.",
        "Paternal uncle lives with the child.",
        "",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert names_in(text, SOUGHT) == []


ALIKE = IdentitySheet(
    names="Jo Łoś, May Groß",
    addresses="7 High Street",
    carers="Will Hope\nBo Aßmann, GP",
    other_adults="Grace Nilsson",
    siblings="No siblings",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jo was seen, and so was BO's friend Bo.", ["Jo", "Bo"]),
        ("Los said that GROSS and assmann came; łos did not.", ["Los", "GROSS", "assmann"]),
        ("Will she come? Hope may help. “Grace periods end.” May be.", []),
        ("Then Will came. Mrs. Hope did not. Grace Nilsson did.", ["Will", "Hope", "Grace", "Nilsson"]),
        ("They met in the High Street. The GP had No time.", []),
        ("They met at 7 High Street and at 9a, high street.", ["High Street"]),
        ("jo bo and the ED", []),
    ],
)
def test_short_names_other_alphabets_and_names_that_are_words(text: str, found: list[str]) -> None:
    assert list(names_in(text, names_of(ALIKE))) == found


WORDS = st.text(alphabet=st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=3, max_size=12)
AROUND = st.text(alphabet=" .,;:!?()“”\n’'-0123456789", max_size=5).map(lambda text: f"{text} ")


@given(WORDS, AROUND, AROUND, st.sampled_from([str.lower, str.upper, str.title]))
def test_a_name_is_found_whatever_stands_around_it_and_however_it_is_written(
    name: str, before: str, after: str, written: object
) -> None:
    assume(len(name.lower()) == len(name.upper()) == len(name) and name.isalpha())
    assume(not {name.lower(), name.casefold()} & (ALSO_NAMES | NAME_NOBODY))
    assert callable(written)
    text = f"seen {before}{written(name)}{after[::-1]}alone"
    assert names_in(text, names_of(IdentitySheet(names=name)))


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
def test_what_is_found_stands_in_the_text_each_once(text: str, name: str, number: str) -> None:
    found = names_in(text, names_of(IdentitySheet(names=name, addresses=name, numbers=number, school=name), number))
    assert len(found) == len(set(found))
    assert not names_in("", names_of(IdentitySheet(names=name)))


FORMS = [
    "{d}/{m}/{y}",
    "{d:02}.{m:02}.{y}",
    "{d}-{m}-{short:02}",
    "{y}-{m:02}-{d:02}",
    "{d} {month} {y}",
    "{d}th {mon} {short:02}",
    "{d}{mon}{y}",
    "{month} {d}, {y}",
    "{d} of {month}, {y}",
]


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31)), st.sampled_from(FORMS), st.dates())
def test_a_date_of_birth_is_found_in_its_usual_forms_and_no_other_day(born: date, form: str, other: date) -> None:
    sought = names_of(IdentitySheet(born_on=born.isoformat()))
    known = {"d": born.day, "m": born.month, "y": born.year, "short": born.year % 100}
    text = form.format(month=f"{born:%B}", mon=f"{born:%b}".lower(), **known)
    assert names_in(f"Born {text}, at home.", sought) == [text]
    assume((other.year % 100, other.month, other.day) != (born.year % 100, born.month, born.day))
    assert names_in(f"Seen on {other.day} {other:%B} {other.year:04}.", sought) == []


def test_nothing_prints_what_is_sought() -> None:
    assert "robin" not in f"{SOUGHT!r} {SOUGHT}".lower()
