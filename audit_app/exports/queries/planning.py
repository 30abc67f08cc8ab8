"""How rounds were planned: what was decided, the scale, the questions, what the sample stands for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import and_, case, func, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Terms, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.core.web import plural
from audit_app.exports.queries.answers import Of
from audit_app.exports.queries.draws import draw_lines
from audit_app.exports.queries.streaming import ROUND_NAME, in_words, stream
from audit_app.indicators.rules import ANSWERED_WORDS, BAND_WORDS, Rated
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import NO_RETURN
from audit_app.rounds.models import Round, RoundDomain, RoundIndicator, RoundLevel
from audit_app.rounds.queries import plan_of
from audit_app.rounds.rules import AGREEMENT_RULE_WORDS, PRACTITIONER_ACCESS_WORDS, PROMPT_WORDS, Plan
from audit_app.sampling.models import Draw, DrawStratum
from audit_app.sampling.rules import kept_stratum_words
from reports import round_rows as rows
from reports.cells import day_in_words

_RATED = {
    Rated.OWN_WORK: "Each agency's own work",
    Rated.CHILD_EXPERIENCE: "The child's experience and the work together",
}


def plan_lines(viewer: Viewer, of: Of) -> Iterator[rows.PlanLine]:
    """What was decided in the plan of each round, in the order of its pages, and how its sample was drawn."""
    practitioners = viewer.terms.several(Role.PRACTITIONER)
    drawn, missing = draw_lines(viewer, of), _missing(viewer, of)
    for round_id, name in db.session.execute(select(Round.id, ROUND_NAME).where(*of).order_by(Round.id)):
        plan = plan_of(viewer.partnership_id, round_id)
        lines = [
            ("What prompted it", PROMPT_WORDS[plan.prompt_kind] if plan.prompt_kind else ""),
            ("Which one, and what it says", plan.prompt_detail),
            ("Commissioned by", plan.body),
            ("Area", plan.area or "The whole partnership"),
            ("Theme", plan.theme),
            ("Terms of reference", plan.terms_of_reference),
            *(("Key line of enquiry", line) for line in plan.key_lines),
            ("Look-back period", f"{plan.look_back_months} months" if plan.look_back_months else ""),
            *(("Agency", agency) for _, agency in plan.agencies),
            ("Template", plan.template),
            ("Returns due", _day(plan.returns_due_on)),
            ("Panel", _day(plan.panel_on)),
            ("Report due", _day(plan.report_due_on)),
            ("Reminders", _reminders(plan, viewer.terms)),
            (f"What {practitioners} see of the return about their work", PRACTITIONER_ACCESS_WORDS[plan.practitioners]),
            (f"Feedback to {practitioners}", f"{plan.feedback_days} days after the panel and after publication"),
            ("How many must say the same", AGREEMENT_RULE_WORDS[plan.agreement_rule]),
            ("Shown before a panel's own ratings", _shown_first(plan)),
            ("The pack", "May be taken away as a PDF" if plan.is_pack_printed else "On the screen alone"),
            ("After the last panel", "All cases are read side by side" if plan.is_moderated else "No moderation"),
            ("Agencies correct facts", f"{plan.accuracy_days} working days" if plan.accuracy_days else "Not asked"),
            *drawn.get(round_id, ()),
            *(("No return from", f"{agency}: {plural(n, 'agreed case')}") for agency, n in missing.get(round_id, ())),
            ("Why it was withdrawn", plan.withdrawn_reason),
        ]
        yield from (rows.PlanLine(name, about, decided) for about, decided in lines if decided)


def scale(viewer: Viewer, of: Of) -> Iterator[rows.ScaleLevel]:
    """The levels of each round's scale, best first."""
    query = (
        select(
            ROUND_NAME,
            RoundLevel.rank,
            RoundLevel.words,
            RoundLevel.letter,
            in_words(RoundLevel.band, BAND_WORDS),
        )
        .join(Round, and_(Round.partnership_id == RoundLevel.partnership_id, Round.id == RoundLevel.round_id))
        .where(RoundLevel.partnership_id == viewer.partnership_id, *of)
        .order_by(Round.id, RoundLevel.rank)
    )
    return map(rows.ScaleLevel._make, stream(query))


def questions(viewer: Viewer, of: Of) -> Iterator[rows.Question]:
    """The indicators of each round in the words in which they were asked."""
    query = (
        select(
            ROUND_NAME,
            RoundIndicator.code,
            RoundIndicator.title,
            RoundDomain.title,
            RoundIndicator.question,
            RoundIndicator.why,
            RoundIndicator.look_for,
            in_words(RoundIndicator.rated, _RATED),
            case((RoundIndicator.is_narrative, ANSWERED_WORDS[True]), else_=ANSWERED_WORDS[False]),
            RoundIndicator.is_panel,
        )
        .join(RoundDomain, RoundDomain.id == RoundIndicator.domain_id)
        .join(Round, and_(Round.partnership_id == RoundIndicator.partnership_id, Round.id == RoundIndicator.round_id))
        .where(RoundIndicator.partnership_id == viewer.partnership_id, *of)
        .order_by(Round.id, RoundIndicator.position)
    )
    return map(rows.Question._make, stream(query))


def strata(viewer: Viewer, of: Of) -> Iterator[rows.Stratum]:
    """The groups that each round's confirmed sample was drawn from, with how many of the drawn were withdrawn."""
    withdrawn = (
        select(func.count())
        .select_from(Case)
        .where(
            Case.partnership_id == Draw.partnership_id,
            Case.round_id == Draw.round_id,
            Case.stratum == DrawStratum.label,
            Case.state == CaseState.WITHDRAWN,
        )
        .correlate(Draw, DrawStratum)
        .scalar_subquery()
    )
    query = (
        select(ROUND_NAME, DrawStratum.label, DrawStratum.population, DrawStratum.drawn, withdrawn, Draw.strata_by)
        .join(Draw, and_(Draw.partnership_id == DrawStratum.partnership_id, Draw.id == DrawStratum.draw_id))
        .join(Round, and_(Round.partnership_id == Draw.partnership_id, Round.id == Draw.round_id))
        .where(DrawStratum.partnership_id == viewer.partnership_id, *of)
        .where(Draw.is_current, Draw.confirmed_at.is_not(None))
        .order_by(Round.id, DrawStratum.position)
    )
    return (
        rows.Stratum(name, kept_stratum_words(label, strata_by, viewer.terms), *counts)
        for name, label, *counts, strata_by in stream(query)
    )


def _missing(viewer: Viewer, of: Of) -> Mapping[int, Sequence[tuple[str, int]]]:
    """From which agencies there is no return on how many agreed cases, by round."""
    query = (
        select(Round.id, Agency.name, func.count(AgencyReturn.id))
        .select_from(Round)
        .join(
            AgencyReturn, and_(AgencyReturn.partnership_id == Round.partnership_id, AgencyReturn.round_id == Round.id)
        )
        .join(Case, and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id))
        .join(Agency, and_(Agency.partnership_id == AgencyReturn.partnership_id, Agency.id == AgencyReturn.agency_id))
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.state.in_(NO_RETURN),
            Case.state == CaseState.AGREED,
            *of,
        )
        .group_by(Round.id, Agency.name)
        .order_by(Round.id, Agency.name)
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for round_id, agency, count in db.session.execute(query):
        found[round_id].append((agency, count))
    return found


def _reminders(plan: Plan, terms: Terms) -> str:
    auditors, leads = terms.several(Role.AUDITOR), terms.several(Role.AGENCY_LEAD)
    return (
        f"{auditors} {plan.remind_auditors_days} days before returns are due, {leads} {plan.remind_leads_days} days "
        f"after, delegated partners {plan.remind_partners_days} days after"
    )


def _shown_first(plan: Plan) -> str:
    return "What agencies wrote, with their ratings" if plan.is_showing_levels_in_pack else "What agencies wrote"


def _day(value: date | None) -> str:
    return day_in_words(value) if value else ""
