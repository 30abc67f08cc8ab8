"""Rounds that are counted, for tests: cases that were rated and agreed, and findings on them."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership
from audit_app.cases.models import Case, IdentityRelease
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.findings.models import Finding, FindingIndicator
from audit_app.findings.queries import last_position
from audit_app.findings.rules import FindingKind
from audit_app.indicators.rules import AgeBand, AuditTemplate, PlanStatus
from audit_app.panels.models import AgreedRating, PanelItem
from audit_app.panels.rules import AgreedHow, ItemState
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import AnswerKind, ReturnState
from audit_app.rounds.models import Round, RoundIndicator, RoundLevel
from audit_app.rounds.rules import SEEN_BY_BOARD, RoundState
from tests.factories.accounts import saved
from tests.factories.rounds import SMALL, an_open_round

Said = str
"""A level's code, "in_words", "not_applicable" or "no_evidence"."""


def a_counted_round(
    partnership: Partnership,
    agencies: Sequence[Agency],
    template: AuditTemplate = SMALL,
    *,
    state: RoundState = RoundState.REPORTING,
    **more: object,
) -> Round:
    """An open round that is being reported, or in `state`. It has no case yet: see `an_agreed_case`."""
    made = an_open_round(partnership, agencies, template, state=state, **more)
    if state in SEEN_BY_BOARD:
        with transaction():
            made.published_at, made.published_by_id = clock.now(), made.opened_by_id
    return made


def an_agreed_case(
    audit: Round,
    *,
    rated: Mapping[tuple[str, Agency], Said] | None = None,
    agreed: Mapping[tuple[str, Agency | None], Said] | None = None,
    state: CaseState = CaseState.AGREED,
    is_submitted: bool = True,
) -> Case:
    """A case with what agencies rated and what its panel agreed, by indicator and agency (None: all together)."""
    with transaction():
        case = _case(audit, state)
        _returns(case, rated or {}, is_submitted=is_submitted)
        for (code, agency), said in (agreed or {}).items():
            agree(case, code, agency, said)
    return case


def _case(audit: Round, state: CaseState) -> Case:
    position = len(db.session.scalars(select(Case.id).where(Case.round_id == audit.id)).all()) + 1
    moment = clock.now() if state in {CaseState.AGREED, CaseState.AT_PANEL} else None
    by = audit.created_by_id if moment else None
    return saved(
        Case(
            partnership_id=audit.partnership_id,
            round_id=audit.id,
            position=position,
            reference=f"{audit.reference}-{position:02d}",
            state=state,
            plan_status=PlanStatus.CHILD_PROTECTION,
            age_band=AgeBand.FROM_5_TO_9,
            created_at=clock.now(),
            released_at=moment,
            released_by_id=by,
            agreed_at=moment if state is CaseState.AGREED else None,
            agreed_by_id=by if state is CaseState.AGREED else None,
        )
    )


def _returns(case: Case, rated: Mapping[tuple[str, Agency], Said], *, is_submitted: bool) -> None:
    its = {"partnership_id": case.partnership_id, "round_id": case.round_id}
    for agency in dict.fromkeys(agency for _, agency in rated):
        made = saved(
            AgencyReturn(
                case_id=case.id,
                agency_id=agency.id,
                name=f"{case.reference} {agency.short_name}",
                state=ReturnState.SUBMITTED,
                due_on=date(2026, 3, 1),
                submitted_at=clock.now(),
                submitted_by_id=0,
                **its,
            )
        )
        saved(
            IdentityRelease(
                partnership_id=case.partnership_id,
                case_id=case.id,
                agency_id=agency.id,
                released_at=clock.now(),
                released_by_id=0,
            )
        )
        for code, said in ((code, said) for (code, one), said in rated.items() if one is agency):
            answer, level_id = _answer(case.round_id, said)
            saved(
                Rating(
                    return_id=made.id,
                    agency_id=agency.id,
                    indicator_id=indicator_id(case.round_id, code),
                    indicator_code=code,
                    answer=answer,
                    level_id=level_id,
                    level_code=said if answer is AnswerKind.LEVEL else None,
                    evidence=f"{agency.short_name} wrote about {code}.",
                    is_submitted=is_submitted,
                    **its,
                )
            )


def agree(case: Case, code: str, agency: Agency | None, said: Said) -> AgreedRating:
    """What the panel agreed on one item; an earlier agreement on it stays beside it, no longer current."""
    asked, answered = indicator_id(case.round_id, code), _answer(case.round_id, said)
    its = {"case_id": case.id, "indicator_id": asked, "agency_id": agency.id if agency else None}
    item = db.session.scalars(select(PanelItem).filter_by(**its)).one_or_none() or saved(
        PanelItem(partnership_id=case.partnership_id, state=ItemState.AGREED, **its)
    )
    for earlier in db.session.scalars(select(AgreedRating).filter_by(item_id=item.id, is_current=True)):
        earlier.is_current = False
        db.session.flush()
    return saved(
        AgreedRating(
            partnership_id=case.partnership_id,
            item_id=item.id,
            round_id=case.round_id,
            indicator_id=asked,
            answer=answered[0],
            level_id=answered[1],
            reason=f"The panel's reason on {code}.",
            how=AgreedHow.ON_PAPER,
            agreed_at=clock.now(),
            agreed_by_id=0,
        )
    )


def _answer(round_id: int, said: Said) -> tuple[AnswerKind, int | None]:
    if said in {AnswerKind.IN_WORDS, AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE}:
        return AnswerKind(said), None
    level = select(RoundLevel.id).where(RoundLevel.round_id == round_id, RoundLevel.code == said)
    return AnswerKind.LEVEL, db.session.scalars(level).one()


def indicator_id(round_id: int, code: str) -> int:
    asked = select(RoundIndicator.id).where(RoundIndicator.round_id == round_id, RoundIndicator.code == code)
    return db.session.scalars(asked).one()


def a_finding(
    audit: Round, *codes: str, kind: FindingKind = FindingKind.AREA_FOR_DEVELOPMENT, **more: object
) -> Finding:
    """A finding that rests on the named indicators, or on the round's first."""
    position = last_position(audit.partnership_id, audit.id) + 1
    known = {
        "position": position,
        "title": f"Finding {position}",
        "words": "In most cases nobody asked.",
        "written_at": clock.now(),
        "written_by_id": 0,
    }
    made = saved(Finding(partnership_id=audit.partnership_id, round_id=audit.id, kind=kind, **{**known, **more}))
    for asked in [indicator_id(audit.id, code) for code in codes or ("A01",)]:
        saved(FindingIndicator(partnership_id=audit.partnership_id, finding_id=made.id, indicator_id=asked))
    return made
