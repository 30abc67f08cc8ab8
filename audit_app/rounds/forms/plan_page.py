"""What every page of a plan has: the choices it draws on, the version it was made from, what it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from wtforms.fields import Field

from audit_app.accounts.rules import DELIVERED, Terms
from audit_app.core.forms import Choices, PageForm, VersionField, answers_that_differ
from audit_app.rounds.rules import Plan, PlanChanges

NOT_ASKED = {"csrf_token", "version"}


@dataclass(frozen=True)
class PlanChoices:
    """What there is to choose from: values and words. `template_hints` says more of each template, by its value."""

    bodies: Choices = ()
    areas: Choices = ()
    agencies: Choices = ()
    templates: Choices = ()
    template_hints: Mapping[str, str] = field(default_factory=dict)
    terms: Terms = DELIVERED


class PlanForm(PageForm):
    """One page of a plan. `version` is the version of the plan that the person saw."""

    version = VersionField()
    hints: Mapping[str, str] = {}

    def __init__(self, plan: Plan, _choices: PlanChoices, **more: Any) -> None:
        super().__init__(data={**vars(plan), **self.shown(plan)}, **more)

    @staticmethod
    def shown(_plan: Plan) -> dict[str, Any]:
        """What the page shows of a plan, where it is not simply the plan's own value."""
        return {}

    def changes(self) -> PlanChanges:
        """What was answered, as the deed takes it."""
        return cast(PlanChanges, {asked.name: asked.data for asked in self.questions()})

    def questions(self) -> Sequence[Field]:
        return [one for one in self if one.name not in NOT_ASKED]

    def differences(self, stored: "PlanForm") -> list[tuple[str, str, str]]:
        """Where what is typed differs from what is stored: the question, what is stored, what is typed."""
        return answers_that_differ(self.questions(), stored.questions())
