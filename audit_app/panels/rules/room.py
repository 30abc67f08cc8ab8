"""The room of a panel: its steps, what each person may give of their own, and who came."""

from enum import StrEnum

MINUTES_PER_CASE = 60
"""Minutes that a panel gives each child, as delivered."""


class RoomStep(StrEnum):
    """What the room looks at: the agenda of the case, one item, what is confirmed together, or the outcome."""

    AGENDA = "agenda"
    ITEM = "item"
    REST = "rest"
    OUTCOME = "outcome"


class VoteKind(StrEnum):
    """What one person says of an item in the room. Only `level` carries a level."""

    LEVEL = "level"
    IN_WORDS = "in_words"
    NOT_APPLICABLE = "not_applicable"
    NO_EVIDENCE = "no_evidence"
    ABSTAIN = "abstain"


class Attendance(StrEnum):
    """Whether somebody came to the meeting."""

    PRESENT = "present"
    APOLOGIES = "apologies"


ATTENDANCE_WORDS = {Attendance.PRESENT: "Present", Attendance.APOLOGIES: "Sent apologies"}
