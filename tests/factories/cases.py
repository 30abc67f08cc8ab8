"""Cases, identity sheets and releases for tests."""

from datetime import date, timedelta
from itertools import count

from audit_app.accounts.models import Agency, Person
from audit_app.cases.models import Case, Concern, Identity, IdentityRelease
from audit_app.cases.rules import CaseState, IdentitySheet, case_reference
from audit_app.core import clock
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.rounds.models import Round
from tests.factories.accounts import saved

number = count(1)
SHEET = IdentitySheet(
    names="Robin Invented",
    born_on="2019-05-03",
    addresses="1 Nowhere Street, Northside",
    numbers="Council 10013125",
    school="Northside Primary",
    practice="The Surgery",
    carers="Alex Invented, mother",
    other_adults="",
    siblings="Jo Invented",
)


def a_case(found: Round, *asked: Agency, sheet: IdentitySheet | None = None, **more: object) -> Case:
    """A case of a round with its line in the identity key, released to the agencies named (then with agencies)."""
    one = next(number)
    position = int(str(more.pop("position", one)))
    known = {
        "position": position,
        "reference": case_reference(found.reference, position),
        "state": CaseState.WITH_AGENCIES if asked else CaseState.SAMPLED,
        "plan_status": PlanStatus.CHILD_PROTECTION,
        "age_band": AgeBand.FROM_5_TO_9,
        "stratum": "All children",
        "created_at": clock.now(),
    }
    case = saved(Case(partnership_id=found.partnership_id, round_id=found.id, **{**known, **more}))
    an_identity(case, sheet=sheet)
    for agency in asked:
        released(case, agency)
    return case


def an_identity(case: Case, *, sheet: IdentitySheet | None = None) -> Identity:
    """The line of a case in the identity key, with a completed sheet where one is given."""
    return saved(
        Identity(
            partnership_id=case.partnership_id,
            round_id=case.round_id,
            case_id=case.id,
            token=f"{case.id:064d}",
            number=str(10_000_000 + case.id),
            born_on=date(2019, 5, 3).isoformat(),
            sheet=sheet.to_json() if sheet else None,
            sheet_saved_at=clock.now() if sheet else None,
            sheet_saved_by_id=0 if sheet else None,
        )
    )


def a_concern(case: Case, by: Person, agency: Agency | None = None, **more: object) -> Concern:
    """An immediate concern that somebody raised about a case, for an agency or none."""
    known = {
        "agency_id": agency.id if agency else None,
        "token": f"press {next(number)}",
        "worry": "No food in the house",
        "told_whom": "Jo Duty, duty team",
        "told_at": clock.now() - timedelta(hours=1),
        "agreed": "A visit today",
        "raised_at": clock.now(),
        "raised_by_id": by.id,
        "raised_by_name": by.name,
        "acknowledge_by": clock.now() + timedelta(hours=1),
    }
    return saved(Concern(partnership_id=case.partnership_id, case_id=case.id, **{**known, **more}))


def released(case: Case, agency: Agency) -> IdentityRelease:
    """That an agency is asked about a case, and may see its identity sheet."""
    return saved(
        IdentityRelease(
            partnership_id=case.partnership_id,
            case_id=case.id,
            agency_id=agency.id,
            released_at=clock.now(),
            released_by_id=0,
        )
    )
