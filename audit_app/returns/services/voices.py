"""What an auditor does with voices, and who withdraws them."""

from datetime import date, datetime, timedelta

from audit_app.accounts.rules import Role, Viewer
from audit_app.accounts.services import forget_drafts_at, forget_drafts_saying
from audit_app.cases.models import Case
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import day
from audit_app.history.services import record, record_once_an_hour
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn, Voice
from audit_app.returns.rules import VoiceTold
from audit_app.returns.services.writing import return_to_write

ONE_PRESS = timedelta(seconds=20)


def add_voice(return_id: int, told: VoiceTold, *, by: Viewer, at: datetime) -> None:
    """Record that somebody can be asked, was asked, or what they said.

    Raises:
        Refused: nothing can be saved now, there are too many, or it cannot be recorded so (`field` names what).
        NotHere: the return is not of the actor's agency.
    """
    found = return_to_write(return_id, by)
    told = _checked(told, at)
    there = queries.kept_voices(by.partnership_id, return_id)
    if any(queries.told_of(one) == told and _is_same_press(one, by, at) for one in there):
        return
    if reason := rules.why_not_more_voices(len(there)):
        raise Refused(reason)
    voice = Voice(partnership_id=found.partnership_id, return_id=found.id, version=0)
    _write(voice, told, by, at)
    db.session.add(voice)
    record_once_an_hour("voices_saved", by=by, of=found)
    db.session.flush()


def change_voice(return_id: int, voice_id: int, told: VoiceTold, *, version: int, by: Viewer, at: datetime) -> None:
    """Change what is recorded of a voice. `version` is of the one that was seen.

    Raises:
        Refused: as `add_voice`, or the voice was withdrawn.
        Stale: somebody else changed it meanwhile.
        NotHere: the return is not of the actor's agency, or has no such voice.
    """
    found = return_to_write(return_id, by)
    voice = queries.voice_for_change(by.partnership_id, return_id, voice_id)
    if voice.withdrawn_at is not None:
        raise Refused("This voice was withdrawn: it can no longer be changed.")
    told = _checked(told, at)
    kept = queries.told_of(voice)
    if told == kept:
        return
    if voice.version != version:
        raise Stale(_in_words(kept), version=voice.version)
    _write(voice, told, by, at)
    record_once_an_hour("voices_saved", by=by, of=found)
    db.session.flush()


def withdraw_voice(return_id: int, voice_id: int, *, by: Viewer, at: datetime) -> None:
    """Destroy what somebody said, because they no longer take part, also where somebody typed it and has not saved it.
    Only that they withdrew stays.

    It can be done in any state of the return, its case and its round, by the agency or a coordinator.

    Raises:
        Refused: it was withdrawn already.
        NotHere: the actor is neither of the agency nor a coordinator, or the return has no such voice.
    """
    found, _ = queries.return_for_change(by.partnership_id, return_id)
    if found.agency_id not in by.agencies(Role.AUDITOR) and not by.has(Role.COORDINATOR):
        raise NotHere
    voice = queries.voice_for_change(by.partnership_id, return_id, voice_id)
    if reason := rules.why_not_withdraw_voice(is_withdrawn=voice.withdrawn_at is not None):
        raise Refused(reason)
    _forget_drafts(found, voice)
    voice.words = voice.words_kind = voice.words_use = voice.said_on = None
    voice.fed_back = voice.fed_back_on = None
    voice.decided_by = voice.asked_by = voice.information = voice.aid = ""
    voice.withdrawn_at, voice.withdrawn_by_id, voice.version = at, by.id, voice.version + 1
    record("voice_withdrawn", by=by, of=found)
    db.session.flush()


def _forget_drafts(found: AgencyReturn, voice: Voice) -> None:
    """What anybody is typing about this voice, or typed of it when it was added."""
    case = db.session.get_one(Case, found.case_id)
    voices = rules.voices_address(case.reference, found.agency_id)
    pages = (f"{voices}/{voice.id}/{page}" for page in ("change", "feedback"))
    forget_drafts_at(found.partnership_id, *pages)
    if voice.words:
        forget_drafts_saying(found.partnership_id, f"{voices}/add", voice.words)


def feed_back(
    return_id: int, voice_id: int, *, fed_back: str, on: date | None, version: int, by: Viewer, at: datetime
) -> None:
    """Record what somebody who was asked was told of the audit, and when. In any state, also long afterwards.

    Raises:
        Refused: it was withdrawn, nobody was asked, or something is missing (`field` names what).
        Stale: somebody else changed this voice meanwhile.
        NotHere: the actor is neither of the agency nor a coordinator who may read the return, or no such voice.
    """
    found, _ = queries.return_for_change(by.partnership_id, return_id)
    is_own = found.agency_id in by.agencies(Role.AUDITOR)
    if not is_own and not (by.has(Role.COORDINATOR) and queries.reads_voices(by, return_id)):
        raise NotHere
    voice = queries.voice_for_change(by.partnership_id, return_id, voice_id)
    today = at.astimezone(LONDON).date()
    is_withdrawn = voice.withdrawn_at is not None
    if reason := rules.why_not_feed_back(voice.contact, fed_back, on, is_withdrawn=is_withdrawn, today=today):
        raise Refused(reason)
    if (voice.fed_back, voice.fed_back_on) == (fed_back, on):
        return
    if voice.version != version:
        theirs = {"fed_back": voice.fed_back or "", "fed_back_on": day(voice.fed_back_on)}
        raise Stale(theirs, version=voice.version)
    voice.fed_back, voice.fed_back_on, voice.version = fed_back, on, voice.version + 1
    record("voice_fed_back", by=by, of=found)
    db.session.flush()


def _is_same_press(kept: Voice, by: Viewer, at: datetime) -> bool:
    """Whether a browser sent one press twice: two parents may well have answered the same."""
    return kept.saved_by_id == by.id and kept.withdrawn_at is None and at - kept.saved_at < ONE_PRESS


def _checked(told: VoiceTold, at: datetime) -> VoiceTold:
    if why_not := rules.why_not_voice(told, today=at.astimezone(LONDON).date()):
        field, reason = why_not
        raise Refused(reason, field=field)
    return rules.tidied_voice(told)


def _write(voice: Voice, told: VoiceTold, by: Viewer, at: datetime) -> None:
    voice.whose, voice.contact, voice.decided_by = told.whose, told.contact, told.decided_by
    voice.asked_by, voice.information, voice.aid = told.asked_by, told.information, told.aid
    voice.consent, voice.said_on = told.consent, told.said_on
    voice.words, voice.words_kind, voice.words_use = told.words or None, told.kind, told.use
    voice.saved_at, voice.saved_by_id, voice.version = at, by.id, voice.version + 1


def _in_words(kept: VoiceTold) -> dict[str, str]:
    return {
        "whose": rules.VOICE_OF_WORDS[kept.whose],
        "contact": rules.CONTACT_WORDS[kept.contact],
        "decided_by": kept.decided_by,
        "asked_by": kept.asked_by,
        "information": kept.information,
        "aid": kept.aid,
        "consent": rules.CONSENT_WORDS[kept.consent] if kept.consent else "",
        "said_on": day(kept.said_on),
        "kind": rules.WORDS_KIND_WORDS[kept.kind] if kept.kind else "",
        "words": kept.words,
        "use": rules.WORDS_USE_WORDS[kept.use] if kept.use else "",
    }
