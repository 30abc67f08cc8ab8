"""The questions of the pages on people and settings."""

from typing import Any

from audit_app.accounts.rules import (
    BODY_KIND_WORDS,
    DELIVERED_TERMS,
    PASSWORD_AT_LEAST,
    ROLES_FOR_ADMINISTRATORS,
    ROLES_OF_AN_AGENCY,
    TERM_AT_MOST,
    Part,
    Role,
    TermGroup,
    Terms,
    Viewer,
)
from audit_app.core.forms import (
    ChoiceField,
    Choices,
    DayField,
    DayNeeded,
    PageForm,
    PasswordField,
    SelectField,
    SeveralField,
    TextField,
    VersionField,
    WholeNumberField,
    as_choices,
    at_most,
    needed,
)

BODY_KINDS = [(kind.value, words) for kind, words in BODY_KIND_WORDS.items()]


def roles_to_give(by: Viewer) -> Choices:
    """The roles that someone may give, as choices."""
    kept = frozenset() if by.has(Role.ADMINISTRATOR) else ROLES_FOR_ADMINISTRATORS
    return [(role.value, words) for role, words in by.terms.roles.items() if role not in kept]


def _agency_hint(terms: Terms) -> str:
    acting = [terms.several(role) for role in Role if role in ROLES_OF_AN_AGENCY]
    words = f"{', '.join(acting[:-1])} and {acting[-1]} act for one agency."
    return words[:1].upper() + words[1:]


class InviteForm(PageForm):
    """Whom to invite, and as what."""

    name = TextField("Name", [needed("Enter the person's name."), at_most(200, "The name")])
    email = TextField(
        "E-mail address",
        [needed("Enter an e-mail address."), at_most(254, "The e-mail address")],
        description="They sign in with it.",
    )
    roles = SeveralField("Roles", (), description="Choose all that apply.")
    agency = SelectField("Agency", ())

    def __init__(self, roles: Choices, agencies: Choices, terms: Terms) -> None:
        super().__init__()
        self.roles.choices = as_choices(roles)
        self.agency.choices = as_choices([("", "No agency"), *agencies])
        self.agency.description = _agency_hint(terms)

    def parts(self) -> list[Part]:
        """The roles chosen, each for the agency chosen."""
        return [Part(Role(role), _number(self.agency.data)) for role in self.roles.data or ()]


class RoleForm(PageForm):
    """A further role for somebody."""

    role = ChoiceField("Role", (), [needed("Choose a role.")])
    agency = SelectField("Agency", ())

    def __init__(self, roles: Choices, agencies: Choices, terms: Terms) -> None:
        super().__init__()
        self.role.choices = as_choices(roles)
        self.agency.choices = as_choices([("", "No agency"), *agencies])
        self.agency.description = _agency_hint(terms)

    def part(self) -> Part:
        """The role chosen, for the agency chosen."""
        return Part(Role(self.role.data), _number(self.agency.data))


class EndRoleForm(PageForm):
    """From which day a role is over."""

    from_day = DayField(
        "First day without this role",
        [DayNeeded("Enter the first day without this role.")],
        what="The first day without this role",
        description="With today's date it ends now.",
    )


class ConfirmForm(PageForm):
    """A deed without questions."""


class FirstPasswordForm(PageForm):
    """The password that an invited person chooses."""

    password = PasswordField(
        "Password",
        [needed("Enter a password.")],
        description=f"At least {PASSWORD_AT_LEAST} characters. Three words that you will remember do well.",
    )
    password_again = PasswordField("The same password again", [needed("Enter the same password again.")])

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        if not super().validate(*args, **kwargs):
            return False
        if self.password.data != self.password_again.data:
            self.password_again.errors = ["The two passwords are not the same."]
            return False
        return True


class AgencyForm(PageForm):
    """An agency, and whom to tell there when a child may be unsafe."""

    name = TextField("Name", [needed("Enter the agency's name."), at_most(200, "The name")])
    short_name = TextField(
        "Short name",
        [needed("Enter a short name for tables."), at_most(40, "The short name")],
        description="For tables and charts, such as Police.",
    )
    kind = SelectField(
        "Kind of agency",
        (),
        [needed("Choose the kind of agency.")],
        description="Templates say which kinds of agency answer each question.",
    )
    contact_name = TextField("Safeguarding contact's name", [at_most(200, "The name")])
    contact_email = TextField(
        "Safeguarding contact's e-mail address",
        [at_most(254, "The e-mail address")],
        description="Told at once when someone raises an immediate concern.",
    )
    contact_phone = TextField("Safeguarding contact's telephone number", [at_most(60, "The number")])
    deputy_name = TextField("Deputy's name", [at_most(200, "The name")])
    deputy_email = TextField("Deputy's e-mail address", [at_most(254, "The e-mail address")])
    deputy_phone = TextField("Deputy's telephone number", [at_most(60, "The number")])
    delegated_partner_id = SelectField(
        "Delegated partner",
        (),
        description="Told when a return of this agency is very late, or nobody has acknowledged a concern. "
        "If you choose none, every delegated partner is told.",
    )

    def __init__(self, terms: Terms, partners: Choices, **more: Any) -> None:
        super().__init__(**more)
        self.delegated_partner_id.choices = as_choices([("", "None"), *partners])
        kinds = [(kind.value, words) for kind, words in terms.agency_kinds.items()]
        self.kind.choices = as_choices([("", "Choose one"), *kinds])

    def details(self) -> dict[str, Any]:
        """What was entered, by the names that the deed knows."""
        entered = {name: field.data for name, field in self._fields.items() if name != "csrf_token"}
        return {**entered, "delegated_partner_id": _number(self.delegated_partner_id.data)}


class DelegatedPartnerForm(PageForm):
    """Who acts for a lead safeguarding partner."""

    name = TextField("Name", [needed("Enter a name."), at_most(200, "The name")])
    organisation = TextField(
        "Organisation",
        [needed("Enter the organisation."), at_most(200, "The organisation")],
        description="The local authority, the integrated care board or the police force.",
    )
    email = TextField(
        "E-mail address",
        [needed("Enter an e-mail address."), at_most(254, "The e-mail address")],
        description="Told by e-mail, without case details. To read a concern they sign in with this address.",
    )
    phone = TextField("Telephone number", [at_most(60, "The number")])

    def details(self) -> dict[str, str]:
        """What was entered, by the names that the deed knows."""
        return {name: self[name].data or "" for name in ("name", "organisation", "email", "phone")}


class BodyForm(PageForm):
    """A body of the partnership."""

    name = TextField("Name", [needed("Enter a name."), at_most(200, "The name")])
    kind = ChoiceField("What it is", BODY_KINDS, [needed("Choose what it is.")])


class AreaForm(PageForm):
    """An area of the partnership."""

    name = TextField("Name", [needed("Enter a name."), at_most(120, "The name")])


class SettingsForm(PageForm):
    """The partnership's settings."""

    name = TextField("Partnership's name", [needed("Enter the partnership's name."), at_most(200, "The name")])
    colour = TextField(
        "Colour",
        [needed("Enter a colour.")],
        description="Behind white words at the top of each page: # and six digits or letters, such as #0b5c5c.",
    )
    front_door_name = TextField(
        "Whom to ring when a child may be unsafe",
        [needed("Enter whom to ring."), at_most(120, "The name")],
        description="Such as “the front door of children's social care”.",
    )
    front_door_phone = TextField(
        "Their telephone number",
        [needed("Enter the number to ring."), at_most(60, "The number")],
        description="Shown on every page, and first of all when someone raises an immediate concern.",
    )
    support_contact = TextField(
        "Whom to talk to if this work is distressing",
        [at_most(300, "The contact")],
    )
    acknowledge_minutes = WholeNumberField(
        "Working minutes within which someone must acknowledge an immediate concern",
        [needed("Enter a number of minutes.")],
        sentence="Enter the minutes as a whole number.",
        description="After them the delegated partners are told. Working time is 9 to 17, Monday to Friday, without "
        "bank holidays.",
    )
    round_retention_years = WholeNumberField(
        "Years for which a round is kept after it closed",
        [needed("Enter a number of years.")],
        sentence="Enter the years as a whole number.",
    )
    identity_retention_months = WholeNumberField(
        "Months for which children's identities are kept after a round closed",
        [needed("Enter a number of months.")],
        sentence="Enter the months as a whole number.",
    )

    def __init__(self, terms: Terms, **more: Any) -> None:
        super().__init__(**more)
        readers = f"{terms.several(Role.AUDITOR)} and {terms.several(Role.PANEL_MEMBER)} see it."
        self.support_contact.description = f"A name with a number or an address. {readers[:1].upper()}{readers[1:]}"

    def changes(self) -> dict[str, Any]:
        """What was entered, by the names that the deed knows."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}


class TermsForm(PageForm):
    """The words of one group: a field for each code, named by it."""

    version = VersionField()

    def words(self) -> dict[str, str]:
        """What was entered, by code."""
        return {field.name: field.data or "" for field in self.word_fields()}

    def word_fields(self) -> list[TextField]:
        """The fields of the words, in order."""
        return [field for field in self._fields.values() if isinstance(field, TextField)]


def terms_form(group: TermGroup, terms: Terms, *, version: int) -> TermsForm:
    """The form of a group's words as they are now. Each is asked for by its delivered word."""
    asked = {
        code: TextField(
            words,
            [
                needed(f"Enter the word for “{words}”."),
                at_most(TERM_AT_MOST, f"The word for “{words}”"),
            ],
        )
        for code, words in DELIVERED_TERMS[group].items()
    }
    form: TermsForm = type("GroupForm", (TermsForm,), asked)(data={**terms.of(group), "version": version})
    return form


def _number(text: str | None) -> int | None:
    return int(text) if text else None
