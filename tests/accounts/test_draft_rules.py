"""What a page may have kept of a form: nothing but fields as it shows them, and never a token or a password."""

import json

from hypothesis import given
from hypothesis import strategies as st

from audit_app.accounts.rules import DRAFT_AT_MOST, DRAFTS_AT_MOST, Typed, typed_as_kept, typed_in, why_not_keep_draft

FIELDS = st.lists(st.tuples(st.sampled_from(["words", "version", "csrf_token", "new_Password"]), st.text()), max_size=8)


@given(title=st.text(max_size=100), hidden=FIELDS, answers=FIELDS, data=st.data())
def test_a_form_is_kept_as_it_was_typed_without_tokens_and_passwords(
    title: str, hidden: list[tuple[str, str]], answers: list[tuple[str, str]], data: st.DataObject
) -> None:
    places = st.sets(st.integers(0, len(answers) - 1)) if answers else st.just(set[int]())
    changed = sorted(data.draw(places))
    sent = {"title": title, "hidden": hidden, "answers": answers, "changed": changed}
    typed = typed_in(json.dumps(sent))
    assert typed is not None
    may_be_kept = [pair for pair in answers if pair[0] in {"words", "version"}]
    assert (typed.title, list(typed.answers)) == (title, may_be_kept)
    assert list(typed.hidden) == [pair for pair in hidden if pair[0] in {"words", "version"}]
    texts = [answers[place][1] for place in changed if answers[place] in may_be_kept and answers[place][1].strip()]
    assert list(typed.texts) == texts
    assert typed_as_kept(typed.as_json()) == typed


@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
        ).map(json.dumps),
        st.fixed_dictionaries(
            {
                "title": st.text() | st.none(),
                "hidden": st.lists(st.lists(st.text() | st.integers(), max_size=3)) | st.none(),
                "answers": st.lists(st.lists(st.text() | st.integers(), max_size=3)),
                "changed": st.lists(st.integers() | st.booleans()),
            }
        ).map(json.dumps),
    )
)
def test_what_no_page_sends_is_never_kept_or_is_fields_alone(sent: str) -> None:
    typed = typed_in(sent)
    if typed is not None:
        assert all(isinstance(part, str) for pair in (*typed.hidden, *typed.answers) for part in pair)
        assert all(0 <= place < len(typed.answers) for place in typed.changed)


@given(st.text(st.characters(categories=["Cs", "Lu", "So"])))
def test_half_an_emoji_is_no_hindrance_to_keeping_the_rest(words: str) -> None:
    typed = typed_in(json.dumps({"title": words, "hidden": [], "answers": [[words, words]], "changed": []}))
    assert typed is not None
    kept = typed.answers[0][1]
    assert typed.as_json().encode()
    assert kept == typed.answers[0][0]
    read = json.loads(json.dumps(words))
    whole = [one for one in read if not 0xD800 <= ord(one) <= 0xDFFF]
    assert [one for one in kept if one != "\N{REPLACEMENT CHARACTER}"] == whole
    assert len(kept) == len(read)


def test_neither_a_library_nor_more_pages_than_one_has_open_can_be_kept() -> None:
    short, long = (Typed("A page", [], [("words", "x" * size)], [0]) for size in (10, DRAFT_AT_MOST))
    others = [f"/pages/{number}" for number in range(DRAFTS_AT_MOST)]
    assert why_not_keep_draft(short, kept_elsewhere=others[1:]) is None
    assert "50 other pages" in (why_not_keep_draft(short, kept_elsewhere=others) or "")
    assert "too long" in (why_not_keep_draft(long, kept_elsewhere=[]) or "")


def test_deep_nonsense_is_no_form() -> None:
    assert typed_in("[" * 100_000) is None
