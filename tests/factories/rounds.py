"""Rounds for tests: a small template, a round at each step of its planning, and one that is open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import count

from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import AgencyKind, Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.indicators.models import AuditTemplateVersion
from audit_app.indicators.rules import (
    AgeBand,
    AppliesBy,
    AuditTemplate,
    Band,
    Catalogue,
    Level,
    Rated,
    Scale,
    ScaleDirection,
    TemplateDomain,
    TemplateIndicator,
)
from audit_app.indicators.services import load_catalogue
from audit_app.rounds import services
from audit_app.rounds.models import Round, RoundAgency, RoundKeyLine
from audit_app.rounds.rules import PromptKind, RoundState
from tests.factories.accounts import a_body, a_member, an_agency, as_actor, saved

number = count(1)

OFSTED = Scale(
    "ofsted",
    "Outstanding to inadequate",
    ScaleDirection.BEST_FIRST,
    (
        Level("outstanding", "O", "Outstanding", 1, Band.STRONG),
        Level("good", "G", "Good", 2, Band.STRONG),
        Level("requires_improvement", "RI", "Requires improvement", 3, Band.ADEQUATE),
        Level("inadequate", "I", "Inadequate", 4, Band.WEAK),
    ),
)


def an_indicator_asked(
    code: str, title: str, rated: Rated = Rated.CHILD_EXPERIENCE, *, is_panel: bool = False, **applies: frozenset[str]
) -> TemplateIndicator:
    """An indicator of a template. `applies` names limits: agency_kind={"health"}, age_band={"5_to_9"}."""
    return TemplateIndicator(
        code=code,
        title=title,
        question=f"{title}: how well was it done?",
        why=f"{title} matters to the child.",
        look_for="Dated notes.",
        example="Seen on 3 March and noted the same day.",
        rated=rated,
        guidance={level.code: f"{title} was {level.words.lower()}." for level in OFSTED.levels},
        is_panel=is_panel,
        applies={AppliesBy(by): values for by, values in applies.items()},
    )


SMALL = AuditTemplate(
    code="small",
    title="Small template",
    version=1,
    description="Four questions in two domains.",
    minutes_per_child=20,
    scale=OFSTED,
    domains=(
        TemplateDomain(
            "Recognition",
            (
                an_indicator_asked("A01", "Signs were seen", Rated.OWN_WORK),
                an_indicator_asked("A04", "Harm was weighed", is_panel=True),
            ),
        ),
        TemplateDomain(
            "The child",
            (
                an_indicator_asked(
                    "B01",
                    "The child was heard",
                    is_panel=True,
                    age_band=frozenset(AgeBand) - {AgeBand.UNBORN},
                ),
                an_indicator_asked(
                    "H02",
                    "Missed appointments were followed up",
                    Rated.OWN_WORK,
                    agency_kind=frozenset(AgencyKind) - {AgencyKind.POLICE},
                ),
            ),
        ),
    ),
)


WITHOUT_LEVELS = Scale("in-words", "In words, without levels", ScaleDirection.IN_WORDS, ())

UNGRADED = replace(
    SMALL,
    code="ungraded",
    title="Ungraded template",
    scale=WITHOUT_LEVELS,
    domains=tuple(
        replace(domain, indicators=tuple(replace(it, guidance={}) for it in domain.indicators))
        for domain in SMALL.domains
    ),
)
"""The same questions, all of them answered in words."""

PARTLY_IN_WORDS = replace(
    SMALL,
    code="partly",
    title="Partly in words",
    domains=(
        SMALL.domains[0],
        TemplateDomain("The child", tuple(replace(it, is_narrative=True) for it in SMALL.domains[1].indicators)),
    ),
)
"""The same questions: A01 and A04 with a level, B01 and H02 in words."""

RECORDING = replace(SMALL, code="recording", title="Recording", attributes=("P07", "P18"))
"""The small template with the types of neglect (many) and the plan (one): the library has to be there."""


def a_template(template: AuditTemplate = SMALL) -> int:
    """The id of a template's version, loaded on its own if it was not yet."""
    with transaction():
        load_catalogue(Catalogue({template.scale.code: template.scale}, {}, {}, {}, (template,)), at=clock.now())
    found = db.session.scalars(
        select(AuditTemplateVersion.id).where(
            AuditTemplateVersion.title == template.title, AuditTemplateVersion.version == template.version
        )
    ).one()
    db.session.rollback()
    return found


def a_round(partnership: Partnership, **more: object) -> Round:
    """A round of which only title and reference are known."""
    one = next(number)
    known = {
        "reference": f"T{one}",
        "title": f"Round {one}",
        "state": RoundState.DRAFT,
        "created_at": clock.now(),
        "created_by_id": 0,
        "is_moderated": False,  # straight to reporting, unless a test is about what comes between
        "accuracy_days": 0,
    }
    return saved(Round(partnership_id=partnership.id, **{**known, **more}))


def a_planned_round(
    partnership: Partnership, agencies: Sequence[Agency] = (), template: AuditTemplate = SMALL, **more: object
) -> Round:
    """A round that lacks nothing and can be opened. Two agencies are made where none is given."""
    known = {
        "theme": "Neglect of children under five",
        "prompt_kind": PromptKind.REVIEW,
        "prompt_detail": "Recommendation 4 of the review of 2025.",
        "body_id": a_body(partnership).id,
        "terms_of_reference": "How well agencies recognise neglect, and what they then do.",
        "look_back_months": 12,
        "template_version_id": a_template(template),
        "returns_due_on": date(2100, 3, 1),
        "panel_on": date(2100, 3, 20),
        "report_due_on": date(2100, 4, 30),
    }
    made = a_round(partnership, **{**known, **more})
    its = {"partnership_id": partnership.id, "round_id": made.id}
    saved(RoundKeyLine(position=1, words="Is the child's voice in the record?", **its))
    for agency in agencies or (an_agency(partnership), an_agency(partnership, AgencyKind.POLICE)):
        saved(RoundAgency(agency_id=agency.id, **its))
    return made


def an_open_round(
    partnership: Partnership, agencies: Sequence[Agency] = (), template: AuditTemplate = SMALL, **more: object
) -> Round:
    """A round in state sampling with its frozen template; `state=` in `more` puts it further on."""
    state = more.pop("state", RoundState.SAMPLING)
    made = a_planned_round(partnership, agencies, template, **more)
    coordinator = as_actor(a_member(partnership, Role.COORDINATOR), partnership)
    with transaction():
        opened = services.open_round(made.id, version=made.version, by=coordinator, at=clock.now())
        opened.state = RoundState(str(state))
    return opened
