"""Where the room is, in one sentence: on every screen, and read out politely when it changes."""

from dataclasses import dataclass

from audit_app.panels.rules.room import RoomStep
from audit_app.panels.rules.states import ItemState


@dataclass(frozen=True)
class Where:
    """Where a room is. `rated` of the `rates` people it waits for have given their rating.

    `is_finished`: the case that it looks at is finished.
    """

    is_open: bool
    was_open: bool
    reference: str = ""
    step: RoomStep = RoomStep.AGENDA
    agreed: int = 0
    items: int = 0
    item: str = ""
    state: ItemState | None = None
    is_finished: bool = False
    ballot: int = 0
    rated: int = 0
    rates: int = 0


def status_in_words(where: Where) -> str:
    """The sentence. It says how many have rated, and never what."""
    if not where.is_open:
        return "The room is closed." if where.was_open else "The chair has not opened the room yet."
    if not where.reference:
        return "The room is open. The chair opens the first case."
    if where.state is not None:
        return f"{where.reference}. {_about_item(where)}"
    if where.is_finished:
        return f"{where.reference} is finished."
    said = {
        RoomStep.AGENDA: f"{where.agreed} of {where.items} agreed.",
        RoomStep.REST: "What can be confirmed together.",
        RoomStep.OUTCOME: "What the panel takes away from this case.",
        RoomStep.ITEM: "",
    }
    return f"{where.reference}. {said[where.step]}".strip()


def _about_item(where: Where) -> str:
    if where.state is ItemState.VOTING:
        again = " again" if where.ballot > 1 else ""
        waits = f" {where.rated} of {where.rates} have rated." if where.rates else ""
        return f"Rating{again}: {where.item}.{waits}"
    if where.state is ItemState.REVEALED:
        return f"The ratings are shown: {where.item}."
    return f"Agreed: {where.item}."
