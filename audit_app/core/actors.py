"""Who does a deed and to what, as far as the lower features need to know."""

from typing import Protocol


class Actor(Protocol):
    """The person (or the system) behind a deed."""

    @property
    def id(self) -> int | None:
        """The person's id; None where the service itself acts."""

    @property
    def name(self) -> str: ...

    @property
    def partnership_id(self) -> int: ...


class Subject(Protocol):
    """A row that history can speak of."""

    __tablename__: str

    @property
    def history_id(self) -> int: ...

    @property
    def history_name(self) -> str:
        """How history names it: a reference or a title, never a child."""
