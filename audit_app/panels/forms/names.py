"""The box that says that a text about a case names nobody. It is asked only where something may name someone."""

from audit_app.core.forms import PageForm, YesField

NOT_NAMES = "These are not names of the child, the family or anyone in their life"


class MayNameForm(PageForm):
    """A form with texts about a case, which are compared with the identity sheet of its child."""

    are_not_names = YesField(NOT_NAMES)
