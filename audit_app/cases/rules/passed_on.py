"""The other routes: what an audit comes upon that is no immediate concern and must be told to somebody all the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from audit_app.cases.rules.working_time import after_working_days


class OtherRoute(StrEnum):
    """What must be passed on, by whom it goes to."""

    ALLEGATION = "allegation"
    SERIOUS_INCIDENT = "serious_incident"
    OFFENCE = "offence"
    ADULT_AT_RISK = "adult_at_risk"
    DATA_BREACH = "data_breach"
    PERFORMANCE = "performance"


class LimitUnit(StrEnum):
    """What a time limit is counted in."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"


LIMIT_UNIT_WORDS = {LimitUnit.HOURS: "hours, day and night", LimitUnit.WORKING_DAYS: "working days"}


@dataclass(frozen=True)
class RouteWords:
    """What a page says of a route: its name, whom it usually goes to, the limit as delivered, where that is from."""

    title: str
    goes_to: str
    number: int
    unit: LimitUnit
    source: str


ROUTES: dict[OtherRoute, RouteWords] = {
    OtherRoute.ALLEGATION: RouteWords(
        "An allegation about someone who works with children",
        "the local authority's designated officer (LADO)",
        1,
        LimitUnit.WORKING_DAYS,
        "Working Together to Safeguard Children: the designated officer is told within one working day.",
    ),
    OtherRoute.SERIOUS_INCIDENT: RouteWords(
        "A possible serious incident or practice review",
        "whoever decides in the partnership on serious incident notifications",
        5,
        LimitUnit.WORKING_DAYS,
        "Working Together to Safeguard Children: the local authority notifies a serious incident within five working "
        "days of becoming aware of it.",
    ),
    OtherRoute.OFFENCE: RouteWords(
        "An offence that may not have been recorded",
        "the police force's contact for the audit",
        1,
        LimitUnit.WORKING_DAYS,
        "The Home Office's counting rules: the police record a crime within 24 hours of hearing of it. To tell them "
        "within one working day is the service's own suggestion.",
    ),
    OtherRoute.ADULT_AT_RISK: RouteWords(
        "An adult who may be at risk",
        "adult social care's safeguarding team",
        1,
        LimitUnit.WORKING_DAYS,
        "The Care Act 2014, section 42, sets no hour. One working day is the service's own suggestion.",
    ),
    OtherRoute.DATA_BREACH: RouteWords(
        "A breach of personal data",
        "the data protection officer of the agency whose data it is",
        72,
        LimitUnit.HOURS,
        "UK GDPR, article 33: the Information Commissioner is told within 72 hours of becoming aware of it, so tell "
        "the officer at once.",
    ),
    OtherRoute.PERFORMANCE: RouteWords(
        "How a worker has done their work",
        "the worker's manager, through the agency's lead",
        5,
        LimitUnit.WORKING_DAYS,
        "No law sets a limit. Five working days are the service's own suggestion.",
    ),
}


def limit_in_words(number: int, unit: LimitUnit) -> str:
    """A time limit as people say it."""
    noun = "hour" if unit is LimitUnit.HOURS else "working day"
    return f"{number} {noun}{'' if number == 1 else 's'}"


def due_at(noticed_at: datetime, number: int, unit: LimitUnit) -> datetime:
    """The last moment at which something that was noticed then is passed on in time."""
    if unit is LimitUnit.HOURS:
        return noticed_at + timedelta(hours=number)
    return after_working_days(noticed_at, number)


def why_not_limit(number: int | None) -> str | None:
    """The reason this cannot be the time limit of a route, or None."""
    if number is None or not 1 <= number <= 100:
        return "Enter a number from 1 to 100."
    return None


def why_not_contact(*, name: str, email: str, phone: str) -> tuple[str, str] | None:
    """The reason nobody could be told by what is known of a route's contact, with the question it is about, or None.
    Where nothing at all is entered there is no contact, and no reason either."""
    if name and not (email or phone):
        return "Enter an e-mail address or a telephone number.", "contact_email"
    if not name and (email or phone):
        return "Enter whom to tell.", "contact_name"
    return None


def why_not_passed(*, noticed_at: datetime, passed_at: datetime, now: datetime) -> tuple[str, str] | None:
    """The reason something cannot have been noticed and passed on then, with the question it is about, or None."""
    if passed_at > now + timedelta(minutes=1):
        return "This cannot be in the future. Pass it on first, then record it here.", "passed_on"
    if noticed_at > passed_at:
        return "It cannot have been noticed after it was passed on.", "noticed_on"
    if noticed_at < now - timedelta(days=366):
        return "This is more than a year ago. Check the date.", "noticed_on"
    return None
