"""Voices: recorded by consent, destroyed when withdrawn, and read by nobody before the return may be."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from audit_app.accounts.models import Person
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.queries import deeds_of_case
from audit_app.returns import queries, services
from audit_app.returns.models import AgencyReturn, Voice
from audit_app.returns.rules import (
    Consent,
    Contact,
    Known,
    ReturnState,
    VoiceOf,
    VoiceTold,
    WordsUse,
    tidied_voice,
    why_not_feed_back,
    why_not_voice,
)
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.returns import TOLD, Asked, a_round_with_agencies, a_voice, fill_in, say, submit, the_return
from tests.fixtures import Clock, CountQueries, Prepared
from tests.pages import PageClient

TODAY = date(2026, 3, 4)
UNSAFE = VoiceTold(VoiceOf.PARENT, Contact.NOT_SAFE, "The social worker")


def build() -> Asked:
    """Health knows the child of the only case, and has recorded nothing yet."""
    made = a_round_with_agencies()
    say(made.returns[made.health][0], Known.KNOWN, made.actor(made.health_auditor))
    return made


@pytest.fixture
def asked(clock: Clock, prepared: Prepared) -> Asked:
    return prepared("a return without voices", build)


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.health_auditor))


@pytest.fixture
def coordinator(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.coordinator))


def own(asked: Asked) -> int:
    return asked.returns[asked.health][0]


def page_of(asked: Asked, rest: str = "") -> str:
    return f"{asked.at(asked.health)}/voices{rest}"


def hand_in(asked: Asked) -> None:
    by = asked.actor(asked.health_auditor)
    fill_in(own(asked), by)
    submit(own(asked), by)


def the_voice(voice_id: int) -> Voice:
    db.session.rollback()
    found = db.session.get_one(Voice, voice_id, populate_existing=True)
    db.session.rollback()
    return found


# --- the rules ---


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (TOLD, None),
        (UNSAFE, None),
        (replace(TOLD, words="", kind=None, use=None), None),
        (replace(TOLD, consent=None, words=""), None),
        (replace(TOLD, decided_by=""), "decided_by"),
        (replace(TOLD, asked_by=""), "asked_by"),
        (replace(TOLD, consent=Consent.DECLINED), "consent"),
        (replace(TOLD, consent=None), "consent"),
        (replace(UNSAFE, words="She told me"), "contact"),
        (replace(UNSAFE, consent=Consent.AGREED), "contact"),
        (replace(TOLD, kind=None), "kind"),
        (replace(TOLD, use=None), "use"),
        (replace(TOLD, said_on=date(2026, 3, 5)), "said_on"),
    ],
)
def test_words_are_only_of_who_agreed_and_could_safely_be_asked(told: VoiceTold, field: str | None) -> None:
    why_not = why_not_voice(told, today=TODAY)
    assert (why_not[0] if why_not else None) == field


def test_what_is_kept_holds_no_more_than_was_agreed() -> None:
    assert tidied_voice(TOLD) == TOLD
    assert tidied_voice(replace(UNSAFE, asked_by="A nurse", aid="Signs")) == UNSAFE
    declined = tidied_voice(replace(TOLD, consent=Consent.DECLINED))
    assert (declined.words, declined.use, declined.asked_by) == ("", None, TOLD.asked_by)
    assert tidied_voice(replace(TOLD, words="")).use is None


@pytest.mark.parametrize(
    ("contact", "is_withdrawn", "words", "day", "is_fine"),
    [
        (Contact.SAFE, False, "Told", TODAY, True),
        (Contact.SAFE, True, "Told", TODAY, False),
        (Contact.NOT_SAFE, False, "Told", TODAY, False),
        (Contact.SAFE, False, "", TODAY, False),
        (Contact.SAFE, False, "Told", None, False),
        (Contact.SAFE, False, "Told", date(2026, 3, 5), False),
    ],
)
def test_feedback_says_what_and_when(
    contact: Contact, is_withdrawn: bool, words: str, day: date | None, is_fine: bool
) -> None:
    why_not = why_not_feed_back(contact, words, day, is_withdrawn=is_withdrawn, today=TODAY)
    assert (why_not is None) is is_fine


# --- the page ---


def test_a_voice_is_recorded_and_changed_and_lies_encrypted(asked: Asked, auditor: PageClient) -> None:
    page = auditor.get(page_of(asked))
    assert "Taking part is their choice. The audit itself looks at files, and rests on the law" in page.main
    typed = {
        "whose": "child",
        "contact": "safe",
        "decided_by": "Her social worker",
        "asked_by": "Her school nurse",
        "words": "Somebody could have asked me.",
    }
    page = auditor.send(auditor.get(page_of(asked, "/add")), typed, status=200)
    assert page.errors == ["Words can only be recorded of someone who agreed to take part."]
    page = auditor.send(page, {"consent": "agreed", "kind": "quote", "use": "partnership"})
    assert "Somebody could have asked me." in page.main
    assert "Inside the partnership" in page.main
    (voice_id,) = [one.id for one in queries.voices_of_return(asked.partnership_id, own(asked))]
    raw = db.session.scalar(text("SELECT words FROM voice"))
    db.session.rollback()
    assert b"asked me" not in bytes(raw)
    change = auditor.get(page_of(asked, f"/{voice_id}/change"))
    assert change.form().values["words"] == ["Somebody could have asked me."]
    by = asked.actor(asked.health_auditor)
    with transaction():
        services.change_voice(own(asked), voice_id, TOLD, version=1, by=by, at=clock.now())
    stale = auditor.send(change, {"words": "Nobody asked."}, status=200)
    assert "Compare the two, then save again." in stale.errors[0]
    assert "Her social worker" in stale.main
    assert "20 February 2026" in stale.main
    auditor.send(stale)
    assert the_voice(voice_id).words == "Nobody asked."
    page = auditor.send(
        auditor.get(page_of(asked, f"/{voice_id}/change")), {"consent": "declined", "words": "", "said_on": [""] * 3}
    )
    assert the_voice(voice_id).words is None
    assert "Nobody asked" not in page.main


def test_a_double_press_records_one_voice_and_two_parents_are_two(asked: Asked, clock: Clock) -> None:
    by, declined = asked.actor(asked.health_auditor), replace(TOLD, whose=VoiceOf.PARENT, consent=Consent.DECLINED)
    declined = tidied_voice(declined)
    assert a_voice(own(asked), by, declined) == a_voice(own(asked), by, declined)
    clock.forward(minutes=2)
    a_voice(own(asked), by, declined)
    assert len(queries.voices_of_return(asked.partnership_id, own(asked))) == 2


def test_a_withdrawal_destroys_the_words_in_every_state_and_the_fact_stays(
    asked: Asked, auditor: PageClient, coordinator: PageClient
) -> None:
    by = asked.actor(asked.health_auditor)
    first, second = a_voice(own(asked), by), a_voice(own(asked), by, replace(TOLD, whose=VoiceOf.PARENT))
    # The coordinator may not read the return yet, and records a withdrawal all the same.
    page = coordinator.get(page_of(asked))
    assert "Somebody could have asked me" not in page.main
    assert "Her school nurse" not in page.main
    page = coordinator.send(coordinator.get(page_of(asked, f"/{first}/withdraw")))
    assert "Her school nurse" not in page.html
    hand_in(asked)
    with transaction():
        db.session.get_one(Round, asked.round_id).state = RoundState.CLOSED
        db.session.execute(update(Case).values(state=CaseState.AGREED))
    auditor.send(auditor.get(page_of(asked, f"/{second}/withdraw")))
    for voice_id in (first, second):
        found = the_voice(voice_id)
        assert (found.words, found.words_use, found.fed_back, found.information, found.asked_by) == (
            *(None, None, None, "", ""),
        )
        assert found.withdrawn_at is not None
    assert auditor.get(page_of(asked)).main.count("Withdrew on 4 March 2026.") == 2
    deeds = [one.words for one in deeds_of_case(asked.partnership_id, the_return(own(asked)).case_id)]
    assert len([one for one in deeds if "withdrew a voice" in one]) == 2
    with pytest.raises(Refused, match="withdrawn already"), transaction():
        services.withdraw_voice(own(asked), first, by=by, at=clock.now())


@pytest.mark.parametrize("state", list(ReturnState))
def test_no_state_of_a_return_stands_in_the_way_of_withdrawal_or_feedback(asked: Asked, state: ReturnState) -> None:
    by = asked.actor(asked.health_auditor)
    voice_id = a_voice(own(asked), by)
    with transaction():
        db.session.get_one(AgencyReturn, own(asked)).state = state
    with transaction():
        services.feed_back(own(asked), voice_id, fed_back="Thanked", on=TODAY, version=1, by=by, at=clock.now())
    assert the_voice(voice_id).fed_back == "Thanked"
    with transaction():
        services.withdraw_voice(own(asked), voice_id, by=by, at=clock.now())
    assert the_voice(voice_id).words is the_voice(voice_id).fed_back is None


def test_feedback_is_recorded_after_submission_and_a_second_one_sees_the_first(
    asked: Asked, auditor: PageClient
) -> None:
    voice_id = a_voice(own(asked), asked.actor(asked.health_auditor))
    hand_in(asked)
    page = auditor.get(auditor.get(page_of(asked)).links["Record what was fed back (1. The child)"])
    typed = {"fed_back": "She was shown the letter.", "fed_back_on": ["4", "3", "2026"]}
    assert "4 March 2026: She was shown the letter." in auditor.send(page, typed).main
    page = auditor.send(page, {**typed, "fed_back": "Nothing"}, status=200)
    assert "She was shown the letter." in page.main
    assert the_voice(voice_id).fed_back == "She was shown the letter."
    auditor.get(page_of(asked, f"/{voice_id}/change"))
    with pytest.raises(Refused, match="was submitted"), transaction():
        services.change_voice(
            own(asked), voice_id, TOLD, version=2, by=asked.actor(asked.health_auditor), at=clock.now()
        )


# --- who ---


def test_nobody_else_reads_or_touches_a_voice_before_the_return_may_be_read(
    asked: Asked, client: PageClient, coordinator: PageClient
) -> None:
    voice_id = a_voice(own(asked), asked.actor(asked.health_auditor))
    police = client.as_(db.session.get_one(Person, asked.police_auditor))
    for rest in ("", "/add", f"/{voice_id}/change", f"/{voice_id}/withdraw", f"/{voice_id}/feedback"):
        police.get(page_of(asked, rest), status=404)
    coordinator.get(page_of(asked, f"/{voice_id}/feedback"), status=404)
    other = asked.actor(asked.police_auditor)
    with pytest.raises(NotHere), transaction():
        services.withdraw_voice(own(asked), voice_id, by=other, at=clock.now())
    with pytest.raises(NotHere), transaction():
        services.add_voice(own(asked), TOLD, by=other, at=clock.now())
    with pytest.raises(NotHere), transaction():
        services.change_voice(
            own(asked), voice_id + 1, TOLD, version=1, by=asked.actor(asked.health_auditor), at=clock.now()
        )
    hand_in(asked)
    assert "Somebody could have asked me." in coordinator.get(page_of(asked)).main
    assert "Somebody could have asked me." in coordinator.get(asked.at(asked.health)).main
    with pytest.raises(Stale), transaction():
        services.feed_back(
            *(own(asked), voice_id),
            fed_back="x",
            on=TODAY,
            version=0,
            by=asked.actor(asked.coordinator),
            at=clock.now(),
        )


@pytest.mark.parametrize(
    "values",
    [
        {"consent": None},
        {"consent": "declined"},
        {"contact": "not_safe"},
        {"words_use": None},
        {"words_kind": None},
        {"withdrawn_at": "2026-03-04 10:00:00+00:00", "withdrawn_by_id": 1},
        {"fed_back_on": "2026-03-04"},
    ],
)
def test_the_database_itself_refuses_words_without_agreement(asked: Asked, values: dict[str, object]) -> None:
    a_voice(own(asked), asked.actor(asked.health_auditor))
    sets = ", ".join(f"{name} = :{name}" for name in values)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text(f"UPDATE voice SET {sets}"), values)


def test_a_page_of_voices_costs_the_same_for_one_and_for_thirty(
    asked: Asked, auditor: PageClient, count_queries: CountQueries
) -> None:
    by = asked.actor(asked.health_auditor)
    a_voice(own(asked), by)
    with count_queries() as before:
        auditor.get(page_of(asked))
    for one in range(29):
        a_voice(own(asked), by, replace(TOLD, words=f"Words {one}"))
    with count_queries() as after:
        auditor.get(page_of(asked))
    assert before.count == after.count <= 10
    with pytest.raises(Refused, match="at most 30 voices"):
        a_voice(own(asked), by, UNSAFE)


def test_voices_are_counted_over_a_round_and_who_declined_was_asked(asked: Asked) -> None:
    by = asked.actor(asked.health_auditor)
    a_voice(own(asked), by)
    a_voice(own(asked), by, UNSAFE)
    a_voice(own(asked), by, tidied_voice(replace(TOLD, consent=Consent.DECLINED)))
    gone = a_voice(own(asked), by, replace(TOLD, whose=VoiceOf.PRACTITIONER, use=WordsUse.AUDIT))
    with transaction():
        services.withdraw_voice(own(asked), gone, by=by, at=clock.now())
    hand_in(asked)
    with transaction():
        case_id = db.session.scalars(select(AgencyReturn.case_id).where(AgencyReturn.id == own(asked))).one()
        db.session.get_one(Case, case_id).state = CaseState.AGREED
    found = queries.voices_counted(asked.partnership_id, asked.round_id)
    assert [(one.whose, one.asked, one.agreed) for one in found] == [
        (VoiceOf.CHILD, 2, 1),
        (VoiceOf.PRACTITIONER, 1, 0),
    ]
    texts = queries.texts_of_voices(asked.partnership_id, own(asked))
    assert ("Voice 1: what was said", texts[0][1], "Somebody could have asked me.") in texts
