"""Taking a population in: a file is read, kept encrypted for a while, and confirmed or set aside."""

from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, insert, select

from audit_app.accounts.queries import partnership_settings
from audit_app.accounts.rules import Service
from audit_app.cases import services as cases
from audit_app.core import clock
from audit_app.core.actors import Actor
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.history.services import record
from audit_app.jobs.services import regularly
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round
from audit_app.sampling import queries, rules
from audit_app.sampling.models import PopulationChild, PopulationImport
from audit_app.sampling.rules import FILE_KEPT_FOR, FileSummary, ReadPopulation

GONE = "The file is no longer here: it was confirmed, set aside, or kept for its hour. Upload it again."


def keep_file(
    round_id: int, *, content: bytes, file_name: str, read: ReadPopulation, by: Actor, at: datetime
) -> PopulationImport:
    """Keep a file that was read, encrypted, until somebody confirms it. Another that waited makes room for it.

    Raises:
        Refused: the round is not being sampled, or a sample was drawn already.
    """
    found = _round_to_fill(round_id, by)
    if (before := queries.waiting_for_change(by.partnership_id, round_id)) is not None:
        db.session.delete(before)
        db.session.flush()
    kept = PopulationImport(
        partnership_id=by.partnership_id,
        round_id=found.id,
        file_name=file_name,
        file_sha256=sha256(content).hexdigest(),
        content=content,
        expires_at=at + FILE_KEPT_FOR,
        layout=read.layout,
        rows=read.rows,
        children=len(read.children),
        neglect=len(read.neglect),
        summary=FileSummary.of(read).to_facts(),
        is_current=False,
        read_at=at,
        read_by_id=by.id,
    )
    db.session.add(kept)
    db.session.flush()
    record("population_read", by=by, of=kept, rows=read.rows)
    return kept


def set_file_aside(round_id: int, *, by: Actor) -> None:
    """Destroy the file that waits in a round. Nothing happens where none does."""
    rounds.round_for_change(by.partnership_id, round_id)
    waiting = queries.waiting_for_change(by.partnership_id, round_id)
    if waiting is not None:
        record("population_discarded", by=by, of=waiting)
        db.session.delete(waiting)
        db.session.flush()


def confirm_population(
    round_id: int, file_sha256: str, *, read: ReadPopulation, as_at: date, by: Actor, at: datetime
) -> PopulationImport:
    """Make the file that waits the round's population: children without identity, their identities into the key.

    `file_sha256` names the file that the person has seen, and `read` is what it said when it was read once more.
    The file itself is destroyed, and so is the population that was confirmed before.

    Raises:
        Refused: the file is gone, the day cannot be right, the round is not being sampled, or a sample was drawn.
    """
    found = _round_to_fill(round_id, by)
    waiting = queries.waiting_for_change(by.partnership_id, round_id)
    if waiting is None or waiting.file_sha256 != file_sha256 or waiting.expires_at <= at:
        raise Refused(GONE)
    if reason := rules.why_not_as_at(as_at, today=at.astimezone(clock.LONDON).date()):
        raise Refused(reason, "as_at")
    _forget_population(found, by)
    waiting.content, waiting.as_at, waiting.is_current = None, as_at, True
    waiting.confirmed_at, waiting.confirmed_by_id = at, by.id
    db.session.flush()
    secret = partnership_settings(by.partnership_id).token_secret.encode()
    tokens = {child.number: rules.child_token(child.number, secret) for child in read.children}
    if read.children:
        mine = {"partnership_id": by.partnership_id, "import_id": waiting.id}
        db.session.execute(
            insert(PopulationChild),
            [
                {
                    **mine,
                    "token": tokens[child.number],
                    "plan_status": child.plan_status,
                    "age_band": child.age_band(as_at),
                    "area": child.area,
                    "sex": child.sex,
                    "is_neglect": child.is_neglect,
                    "is_possible": child.is_possible,
                    "is_open": child.is_open,
                    "neglect_basis": ",".join(child.basis),
                }
                for child in read.children
            ],
        )
    cases.add_identities(found, {tokens[child.number]: (child.number, child.born) for child in read.children})
    record("population_confirmed", by=by, of=waiting, children=waiting.children, neglect=waiting.neglect)
    return waiting


def _round_to_fill(round_id: int, by: Actor) -> Round:
    found = rounds.round_for_change(by.partnership_id, round_id)
    is_drawn = queries.draw_for_change(by.partnership_id, round_id) is not None
    if reason := rules.why_not_change_population(found.state, is_drawn=is_drawn):
        raise Refused(reason)
    return found


def _forget_population(found: Round, by: Actor) -> None:
    """Another file takes the place of the confirmed one: of that one only what was read stays."""
    before = queries.population_for_change(found.partnership_id, found.id)
    if before is None:
        return
    cases.destroy_identities(found.id, keep_tokens=(), by=by)
    db.session.execute(
        delete(PopulationChild).where(
            PopulationChild.partnership_id == found.partnership_id, PopulationChild.import_id == before.id
        )
    )
    before.is_current = False
    db.session.flush()


@regularly(every=timedelta(minutes=5))
def destroy_expired_files() -> None:
    """Destroy uploaded files that nobody confirmed within their hour."""
    expired = select(PopulationImport.partnership_id, PopulationImport.round_id).where(
        PopulationImport.confirmed_at.is_(None), PopulationImport.expires_at <= clock.now()
    )
    for partnership_id, round_id in db.session.execute(expired).all():
        with transaction():
            rounds.round_for_change(partnership_id, round_id)  # before the file, as every deed that locks both
            waiting = queries.waiting_for_change(partnership_id, round_id)
            if waiting is not None and waiting.expires_at <= clock.now():
                set_file_aside(round_id, by=Service(partnership_id))
