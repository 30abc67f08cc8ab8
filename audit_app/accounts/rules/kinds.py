"""The kinds that a partnership has words for: roles, agencies, bodies, plans of children, parts of the workforce."""

from enum import StrEnum


class Role(StrEnum):
    """What a person comes to do in one partnership."""

    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    PANEL_CHAIR = "panel_chair"
    NOTE_TAKER = "note_taker"
    PANEL_MEMBER = "panel_member"
    PRACTITIONER = "practitioner"
    AGENCY_LEAD = "agency_lead"
    BOARD_MEMBER = "board_member"
    SCRUTINEER = "scrutineer"
    KEY_HOLDER = "key_holder"
    ADMINISTRATOR = "administrator"


ROLE_WORDS = {
    Role.COORDINATOR: "Coordinator",
    Role.AUDITOR: "Auditor",
    Role.PANEL_CHAIR: "Panel chair",
    Role.NOTE_TAKER: "Note-taker",
    Role.PANEL_MEMBER: "Panel member",
    Role.PRACTITIONER: "Practitioner",
    Role.AGENCY_LEAD: "Agency lead",
    Role.BOARD_MEMBER: "Board member",
    Role.SCRUTINEER: "Independent scrutineer",
    Role.KEY_HOLDER: "Key holder",
    Role.ADMINISTRATOR: "Administrator",
}

ROLES_OF_AN_AGENCY = frozenset({Role.AUDITOR, Role.PANEL_MEMBER, Role.PRACTITIONER, Role.AGENCY_LEAD})
"""Roles that are held for one agency; the others are held for the partnership."""

ROLES_FOR_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.KEY_HOLDER})
"""Roles that only an administrator gives and ends: they open the settings and the identity key."""


class AgencyKind(StrEnum):
    """The kinds of agency that templates speak of."""

    CHILDRENS_SOCIAL_CARE = "childrens_social_care"
    HEALTH = "health"
    POLICE = "police"
    EDUCATION = "education"
    EARLY_HELP = "early_help"
    VOLUNTARY = "voluntary"
    PROBATION = "probation"
    OTHER = "other"


AGENCY_KIND_WORDS = {
    AgencyKind.CHILDRENS_SOCIAL_CARE: "Children's social care",
    AgencyKind.HEALTH: "Health",
    AgencyKind.POLICE: "Police",
    AgencyKind.EDUCATION: "Education",
    AgencyKind.EARLY_HELP: "Early help",
    AgencyKind.VOLUNTARY: "Voluntary sector",
    AgencyKind.PROBATION: "Probation",
    AgencyKind.OTHER: "Other",
}


class BodyKind(StrEnum):
    """What a body of the partnership is for."""

    QUALITY_SUBGROUP = "quality_subgroup"
    EXECUTIVE = "executive"
    LEAD_PARTNERS = "lead_partners"
    AREA_GROUP = "area_group"
    OTHER = "other"


BODY_KIND_WORDS = {
    BodyKind.QUALITY_SUBGROUP: "Quality subgroup",
    BodyKind.EXECUTIVE: "Executive of delegated partners",
    BodyKind.LEAD_PARTNERS: "Lead safeguarding partners",
    BodyKind.AREA_GROUP: "Area group",
    BodyKind.OTHER: "Other",
}


class PlanStatus(StrEnum):
    """The plan a child is on. Rounds, samples and templates ask for it, so all of them find it here."""

    CHILD_PROTECTION = "child_protection"
    CHILD_IN_NEED = "child_in_need"
    LOOKED_AFTER = "looked_after"
    EARLY_HELP = "early_help"
    OTHER = "other"


PLAN_STATUS_WORDS = {
    PlanStatus.CHILD_PROTECTION: "Child protection plan",
    PlanStatus.CHILD_IN_NEED: "Child in need",
    PlanStatus.LOOKED_AFTER: "Looked after",
    PlanStatus.EARLY_HELP: "Early help",
    PlanStatus.OTHER: "Other",
}


class Workforce(StrEnum):
    """Whom a strategy tells to use a tool for practice."""

    SOCIAL_WORKER = "social_worker"
    SOCIAL_WORK_MANAGER = "social_work_manager"
    WIDER_WORKFORCE = "wider_workforce"
    EVERYONE = "everyone"


WORKFORCE_WORDS = {
    Workforce.SOCIAL_WORKER: "Social worker",
    Workforce.SOCIAL_WORK_MANAGER: "Social work manager",
    Workforce.WIDER_WORKFORCE: "Wider workforce",
    Workforce.EVERYONE: "Everyone",
}
