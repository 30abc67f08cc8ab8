"""Pages on returns: the auditor's list and one return, the coordinator's grid, and sending cases to agencies."""

from audit_app.returns.views import (
    answering,
    attributes,
    chasing,
    checking,
    chronology,
    domains,
    feedback,
    lists,
    offline,
    practice,
    printing,
    right_file,
    sending,
    timeline,
    versions,
    voices,
)
from audit_app.returns.views.blueprint import blueprint

__all__ = [
    "answering",
    "attributes",
    "blueprint",
    "chasing",
    "checking",
    "chronology",
    "domains",
    "feedback",
    "lists",
    "offline",
    "practice",
    "printing",
    "right_file",
    "sending",
    "timeline",
    "versions",
    "voices",
]
