"""The identity sheet: what agencies need to find their file on a child."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date


@dataclass(frozen=True, repr=False)
class IdentitySheet:
    """Who a child is. Never shown by `repr`, so that no log or error page can carry it."""

    names: str = ""
    born_on: str = ""  # ISO date
    addresses: str = ""
    numbers: str = ""  # the council's, NHS number, unique pupil number
    school: str = ""
    practice: str = ""  # the general practice
    carers: str = ""  # parents and carers
    other_adults: str = ""
    siblings: str = ""  # brothers and sisters

    def __repr__(self) -> str:
        return "IdentitySheet(...)"

    @property
    def born(self) -> date | None:
        """The date of birth, where it is known."""
        return date.fromisoformat(self.born_on) if self.born_on else None

    def to_json(self) -> str:
        """The sheet as it is encrypted."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | None) -> "IdentitySheet":
        """A sheet as it was encrypted; an empty one for None."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text or "{}").items() if name in known})


SHEET_WORDS = {
    "names": "Names used",
    "born_on": "Date of birth",
    "addresses": "Addresses",
    "numbers": "Numbers (council, NHS, pupil)",
    "school": "School or nursery",
    "practice": "General practice",
    "carers": "Parents and carers",
    "other_adults": "Other adults",
    "siblings": "Brothers and sisters",
}

_NEEDED = {
    "names": "a name",
    "born_on": "a date of birth",
    "addresses": "an address",
    "carers": "a parent or carer",
}


def still_missing(sheet: IdentitySheet) -> Sequence[str]:
    """What the sheet lacks of the least that agencies need, in words."""
    return [words for name, words in _NEEDED.items() if not getattr(sheet, name).strip()]


def why_not_save_sheet(sheet: IdentitySheet, missing_reason: str) -> str | None:
    """The reason a sheet cannot be saved, or None. A gap in the least that agencies need wants a reason."""
    missing = still_missing(sheet)
    if missing and not missing_reason.strip():
        gaps = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} and {missing[-1]}"
        return f"The sheet lacks {gaps}. Add what is missing, or say why it is not known."
    return None
