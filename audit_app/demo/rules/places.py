"""The partnership of the demonstration: its agencies, bodies and people."""

from pydantic import BaseModel, ConfigDict, Field

from audit_app.accounts.rules import AgencyKind, BodyKind, Role


class Piece(BaseModel):
    """A table of a file: nothing in it is unknown, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Body(Piece):
    """A body. Rounds name it by `code`, which the service itself does not keep."""

    code: str
    name: str
    kind: BodyKind


class Agency(Piece):
    """An agency with its safeguarding contact and deputy. Returns, people and actions name it by `code`."""

    code: str
    name: str
    short_name: str
    kind: AgencyKind
    contact_name: str
    contact_email: str
    contact_phone: str
    deputy_name: str
    deputy_email: str
    deputy_phone: str = ""
    delegated_partner: str = ""


class DelegatedPartner(Piece):
    """Who acts for a lead safeguarding partner. Agencies name them by `code`."""

    code: str
    name: str
    organisation: str
    email: str
    phone: str


class Person(Piece):
    """A person with one or more roles; `agency` for those roles that are held for one."""

    name: str
    email: str
    roles: tuple[Role, ...]
    agency: str = ""


class Partnership(Piece):
    """A partnership with everything that its administrator enters."""

    slug: str
    name: str
    colour: str
    front_door_name: str
    front_door_phone: str
    support_contact: str
    areas: tuple[str, ...]
    bodies: tuple[Body, ...] = Field(alias="body")
    delegated_partners: tuple[DelegatedPartner, ...] = Field(alias="delegated_partner", default=())
    agencies: tuple[Agency, ...] = Field(alias="agency")
    people: tuple[Person, ...] = Field(alias="person")


class Names(Piece):
    """Invented words for identity sheets. None of them may turn up in evidence."""

    child_first_names: tuple[str, ...]
    parent_first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    postcodes: tuple[str, ...]
    schools: tuple[str, ...]
    practices: tuple[str, ...]
    adult_relations: tuple[str, ...]
