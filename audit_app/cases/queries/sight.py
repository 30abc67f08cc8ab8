"""`visible` as a condition in SQL, so that permissions are a join and never a list of ids."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, exists, false, literal, not_, or_, true

from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case, IdentityRelease
from audit_app.cases.rules import JUDGED, OF_OWN_AGENCY, SEEN_FROM, CasePart, Stage, Thing
from audit_app.rounds.models import Round
from audit_app.rounds.rules import SEEN_BY_BOARD

_ROLES = {
    CasePart.COORDINATOR: Role.COORDINATOR,
    CasePart.SCRUTINEER: Role.SCRUTINEER,
    CasePart.KEY_HOLDER: Role.KEY_HOLDER,
    CasePart.PRACTITIONER: Role.PRACTITIONER,
    CasePart.AGENCY_LEAD: Role.AGENCY_LEAD,
    CasePart.BOARD_MEMBER: Role.BOARD_MEMBER,
    CasePart.ADMINISTRATOR: Role.ADMINISTRATOR,
}
_ON_PANELS = (Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER)

Condition = Callable[[Viewer], ColumnElement[bool]]
_SEATS: list[Condition] = []
_SHOWN: list[Callable[[], ColumnElement[bool]]] = []


def seat(condition: Condition) -> Condition:
    """Make a condition on `Case` known that a viewer sits on its panel. Panels lie above, and say so when loaded."""
    _SEATS.append(condition)
    return condition


def shown_on_release(condition: Callable[[], ColumnElement[bool]]) -> Callable[[], ColumnElement[bool]]:
    """Make a condition on `Case` (joined to its `Round`) known, that its release shows what agencies chose."""
    _SHOWN.append(condition)
    return condition


def is_blinded(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Case` that a viewer audits it or sits on its panel."""
    return or_(_asked(viewer, Role.AUDITOR), sits_on_panel(viewer))


def is_all_shown() -> ColumnElement[bool]:
    """The condition on `Case` (joined to its `Round`) that all of what agencies chose on it is shown to its panel."""
    on_release = or_(false(), *(condition() for condition in _SHOWN))
    return or_(Case.agreed_at.is_not(None), and_(Case.released_at.is_not(None), on_release))


def sits_on_panel(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Case` that a viewer sits on its panel, for features below panels."""
    return or_(false(), *(condition(viewer) for condition in _SEATS))


def sees(
    viewer: Viewer,
    thing: Thing,
    *,
    handed_over: ColumnElement[bool] | None = None,
    named: ColumnElement[bool] | None = None,
    own: ColumnElement[bool] | None = None,
) -> ColumnElement[bool]:
    """The condition on `Case` (joined to its `Round`) under which a viewer sees a thing of it: what `visible` says.

    `handed_over` is the condition that the return in question was submitted, `named` that the viewer is named on it,
    `own` that the thing is of the viewer's agency, where some see it so alone (`OF_OWN_AGENCY`): the features above
    know them. Left out, they are false. A seat on a panel blinds for as long as it is kept; it shows
    something only while its role is held.
    """
    audits, sits = _asked(viewer, Role.AUDITOR), sits_on_panel(viewer)
    is_blind = or_(audits, sits) if thing in JUDGED else false()
    allowed: list[ColumnElement[bool]] = []
    for part, stage in SEEN_FROM[thing].items():
        reached = _reached(stage, handed_over)
        if part in OF_OWN_AGENCY.get(thing, ()):
            reached = and_(reached, literal(value=False) if own is None else own)
        if part is CasePart.AUDITOR:
            is_others = thing in {Thing.PACK, Thing.OTHER_RETURN}
            shows = Round.is_showing_returns_when_agreed if is_others else true()
            allowed.append(and_(audits, reached, shows))
        elif part is CasePart.PANEL:
            if viewer.has(*_ON_PANELS):
                allowed.append(and_(sits, reached))
        elif viewer.has(_ROLES[part]):
            if part is CasePart.PRACTITIONER:
                reached = and_(reached, literal(value=False) if named is None else named)
            if part is CasePart.AGENCY_LEAD and thing is Thing.CASE_ACTION:
                reached = and_(reached, _asked(viewer, Role.AGENCY_LEAD))
            allowed.append(
                and_(reached, or_(not_(is_blind), _reached(JUDGED[thing], None) if thing in JUDGED else true()))
            )
    return or_(false(), *allowed)


def _asked(viewer: Viewer, role: Role) -> ColumnElement[bool]:
    """The condition on `Case` that an agency for which the viewer holds a role was asked about it."""
    agencies = viewer.agencies(role)
    if not agencies:
        return false()
    return exists().where(
        IdentityRelease.partnership_id == Case.partnership_id,
        IdentityRelease.case_id == Case.id,
        IdentityRelease.agency_id.in_(agencies),
    )


def _reached(stage: Stage, handed_over: ColumnElement[bool] | None) -> ColumnElement[bool]:
    released = Case.released_at.is_not(None)
    if stage is Stage.SAMPLED:
        return true()
    if stage is Stage.WITH_AGENCIES:
        return exists().where(IdentityRelease.partnership_id == Case.partnership_id, IdentityRelease.case_id == Case.id)
    if stage is Stage.HANDED_OVER:
        return or_(released, literal(value=False) if handed_over is None else handed_over)
    if stage is Stage.RELEASED:
        return released
    if stage is Stage.SHOWN:
        return is_all_shown()
    if stage is Stage.AGREED:
        return Case.agreed_at.is_not(None)
    return Round.state.in_(SEEN_BY_BOARD)
