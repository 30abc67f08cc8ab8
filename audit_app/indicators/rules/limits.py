"""Of whom an indicator is asked: one rule for returns, and for the preview of a template."""

from collections.abc import Mapping

from audit_app.indicators.rules.catalogue import AppliesBy


def is_asked(limits: Mapping[AppliesBy, frozenset[str]], of: Mapping[AppliesBy, str]) -> bool:
    """Whether an indicator with these limits is asked of such an agency about such a child.

    `of` says the kind of the agency, the child's plan and the child's age, by their codes. What it does not say may be
    any, and then no limit of that kind keeps the indicator out.
    """
    return all(of[by] in values for by, values in limits.items() if by in of)
