"""The material that the demonstration is made of: its shape, and how its files are read.

The files lie in `material/`: `partnership.toml`, `names.toml`, and a folder for each round with `round.toml`,
`practice.toml`, `case-<position>.toml`, `findings.toml` and `actions.toml`, those that the round has come to. Every
number of days counts back from the day the demonstration is built, so a negative one lies ahead.
"""

from audit_app.demo.rules.places import Agency, Body, DelegatedPartner, Names, Partnership, Person, Piece
from audit_app.demo.rules.reading import read_material
from audit_app.demo.rules.returns import (
    Agreed,
    Answer,
    Comment,
    Discussion,
    Event,
    Practitioner,
    Rating,
    Return,
    SentBack,
    Voice,
)
from audit_app.demo.rules.rooms import InRoom, OwnRating, Practice, PracticeAnswers
from audit_app.demo.rules.rounds import (
    Action,
    Case,
    CaseAction,
    Concern,
    Finding,
    Material,
    Panel,
    Plan,
    Round,
    Sample,
    Stratum,
    Told,
    Update,
)

OPEN_TO_ALL = "three-lanterns-at-saltmere"
"""The password of everybody in the demonstration. It opens nothing that is real."""

__all__ = [
    "OPEN_TO_ALL",
    "Action",
    "Agency",
    "Agreed",
    "Answer",
    "Body",
    "Case",
    "CaseAction",
    "Comment",
    "Concern",
    "DelegatedPartner",
    "Discussion",
    "Event",
    "Finding",
    "InRoom",
    "Material",
    "Names",
    "OwnRating",
    "Panel",
    "Partnership",
    "Person",
    "Piece",
    "Plan",
    "Practice",
    "PracticeAnswers",
    "Practitioner",
    "Rating",
    "Return",
    "Round",
    "Sample",
    "SentBack",
    "Stratum",
    "Told",
    "Update",
    "Voice",
    "read_material",
]
