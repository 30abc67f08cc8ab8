"""What is asked when a return is submitted."""

from wtforms import HiddenField

from audit_app.core.forms import OptionalAnswer, PageForm, WholeNumberField, YesField, is_number
from audit_app.returns.rules import DECLARATION, minutes_of
from audit_app.returns.rules.workbooks import DECLARATION_FOR_AGENCY


class TimeSpent(PageForm):
    """How long a return took, for whoever likes to say. A part of the form that submits."""

    hours = WholeNumberField("Hours", [OptionalAnswer()], sentence="Enter the hours as a whole number.")
    minutes = WholeNumberField("Minutes", [OptionalAnswer()], sentence="Enter the minutes as a whole number.")

    seen_minutes = HiddenField()

    @property
    def minutes_seen(self) -> int | None:
        """The time in minutes that the page showed, or None where it showed none."""
        return int(self.seen_minutes.data) if is_number(self.seen_minutes.data or "") else None

    @property
    def minutes_spent(self) -> int | None:
        """The time in minutes, or None where nothing was said."""
        return minutes_of(self.hours.data, self.minutes.data)


class NotNames(PageForm):
    """That what was found in the texts are no names. A part of the form that submits."""

    are_not_names = YesField("These are not names of the child, the family or anyone in their life")


class SubmitForm(NotNames, TimeSpent):
    """Submitting a return, with its declaration."""

    is_declared = YesField(DECLARATION)


class SubmitForAgencyForm(NotNames, TimeSpent):
    """Submitting a return on behalf of an agency that does not sign in."""

    is_declared = YesField(DECLARATION_FOR_AGENCY)
