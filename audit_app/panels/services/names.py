"""Texts about a case that may say who the child is are kept once whoever wrote them says that they name nobody."""

from audit_app.accounts.rules import Role, Viewer
from audit_app.core.errors import Refused
from audit_app.panels import queries, rules


def check_names(*texts: str, case_id: int, agency_id: int | None = None, are_not_names: bool, by: Viewer) -> None:
    """See to it that nothing in texts about a case may name someone, or that their writer says that it does not.

    `agency_id`: for which agency they are written, if for one. Its auditors, to whom the identity sheet was released,
    are told what was found; nobody else is told more than that something was.

    Raises:
        Refused: something may name someone (`field` is the box to tick).
    """
    if are_not_names:
        return
    if names := queries.names_written(by, case_id, agency_id, "\n\n".join(texts)):
        are_told = agency_id is not None and agency_id in by.agencies(Role.AUDITOR)
        raise Refused(rules.why_names(names, are_told=are_told), field="are_not_names")
