"""Voices: of one return, of a case as its panel reads them, and counted over a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import NotHere
from audit_app.returns.models import AgencyReturn, Voice
from audit_app.returns.queries.one_return import reads
from audit_app.returns.rules import HANDED_OVER, Consent, Contact, VoiceOf, VoiceTold
from audit_app.rounds.models import Round


@dataclass(frozen=True)
class VoiceShown:
    """A voice as pages show it; `number` counts those of its return. `told` is empty words where it was withdrawn."""

    id: int
    number: int
    agency: str
    told: VoiceTold
    fed_back: str
    fed_back_on: date | None
    withdrawn_at: datetime | None
    version: int


def told_of(voice: Voice) -> VoiceTold:
    """What is recorded of a voice."""
    return VoiceTold(
        whose=voice.whose,
        contact=voice.contact,
        decided_by=voice.decided_by,
        asked_by=voice.asked_by,
        information=voice.information,
        aid=voice.aid,
        consent=voice.consent,
        said_on=voice.said_on,
        kind=voice.words_kind,
        words=voice.words or "",
        use=voice.words_use,
    )


def voices_of_return(partnership_id: int, return_id: int) -> Sequence[VoiceShown]:
    """The voices of a return, in the order in which they were added."""
    return [_shown(voice, number) for number, voice in enumerate(kept_voices(partnership_id, return_id), 1)]


def voice_of_return(partnership_id: int, return_id: int, voice_id: int) -> VoiceShown:
    """One voice of a return.

    Raises:
        NotHere: the return has no such voice.
    """
    found = [one for one in voices_of_return(partnership_id, return_id) if one.id == voice_id]
    if not found:
        raise NotHere
    return found[0]


def voices_of_case(partnership_id: int, case_id: int) -> Sequence[VoiceShown]:
    """The voices in the returns that were handed over on a case, for those who may read all of them."""
    # The returns are found first, and their voices by them: the index of voices begins with both.
    returns = select(AgencyReturn.id).where(
        AgencyReturn.partnership_id == partnership_id,
        AgencyReturn.case_id == case_id,
        AgencyReturn.state.in_(HANDED_OVER),
    )
    rows = db.session.execute(
        select(Voice, Agency.name)
        .join(AgencyReturn, AgencyReturn.id == Voice.return_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .where(Voice.partnership_id == partnership_id, Voice.return_id.in_(returns))
        .order_by(Agency.name, Voice.id)
    )
    return [_shown(voice, number, agency) for number, (voice, agency) in enumerate(rows, 1)]


def _shown(voice: Voice, number: int, agency: str = "") -> VoiceShown:
    return VoiceShown(
        voice.id,
        number,
        agency,
        told_of(voice),
        voice.fed_back or "",
        voice.fed_back_on,
        voice.withdrawn_at,
        voice.version,
    )


def kept_voices(partnership_id: int, return_id: int) -> Sequence[Voice]:
    """The voices of a return as they are kept."""
    query = select(Voice).where(Voice.partnership_id == partnership_id, Voice.return_id == return_id).order_by(Voice.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def voice_for_change(partnership_id: int, return_id: int, voice_id: int) -> Voice:
    """A voice of a return that is locked.

    Raises:
        NotHere: the return has no such voice.
    """
    return row_for_change(
        select(Voice).where(Voice.partnership_id == partnership_id, Voice.return_id == return_id, Voice.id == voice_id)
    )


def reads_voices(viewer: Viewer, return_id: int) -> bool:
    """Whether a viewer reads the voices in a return of an agency that is not theirs: once it was handed over."""
    query = (
        select(AgencyReturn.id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Round, Round.id == AgencyReturn.round_id)
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.id == return_id,
            AgencyReturn.state.in_(HANDED_OVER),
            reads(viewer),
        )
    )
    return db.session.scalar(query) is not None


def texts_of_voices(partnership_id: int, return_id: int) -> Sequence[tuple[str, str, str]]:
    """Every text of a return's voices: where it stands in words, the place on the page of the voices, and the text."""
    return [
        (f"Voice {one.number}: {what}", f"voice-{one.id}", text)
        for one in voices_of_return(partnership_id, return_id)
        for what, text in (
            ("who decided whether contact is safe", one.told.decided_by),
            ("who asked", one.told.asked_by),
            ("information given", one.told.information),
            ("interpreter or communication aid", one.told.aid),
            ("what was said", one.told.words),
            ("what was fed back", one.fed_back),
        )
        if text
    ]


@dataclass(frozen=True)
class VoicesCounted:
    """How many of a kind were asked in a round, and how many agreed and did not withdraw. Who declined was asked."""

    whose: VoiceOf
    asked: int
    agreed: int


def voices_counted(partnership_id: int, round_id: int) -> Sequence[VoicesCounted]:
    """The voices of a round's agreed cases counted, for each kind of which somebody was asked."""
    returns = (
        select(AgencyReturn.id)
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .where(
            AgencyReturn.partnership_id == partnership_id,
            AgencyReturn.round_id == round_id,
            AgencyReturn.state.in_(HANDED_OVER),
            Case.state == CaseState.AGREED,
        )
    )
    rows = db.session.execute(
        select(
            Voice.whose,
            func.count(Voice.id),
            func.count(Voice.id).filter(Voice.consent == Consent.AGREED, Voice.withdrawn_at.is_(None)),
        )
        .where(
            Voice.partnership_id == partnership_id,
            Voice.return_id.in_(returns),
            Voice.contact == Contact.SAFE,
            Voice.consent.is_not(None),
        )
        .group_by(Voice.whose)
    )
    found = {row[0]: VoicesCounted(*row) for row in rows}
    return [found[whose] for whose in VoiceOf if whose in found]
