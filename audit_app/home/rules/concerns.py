"""The immediate concerns that a person raised or was told of, as things to do: before all else what waits for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit_app.cases.rules import ConcernDeed, ConcernState
from audit_app.home.rules.steps import NextStep, Urgency

WORDS = {
    ConcernDeed.ACKNOWLEDGE: "Say that you have the immediate concern about {case}",
    ConcernDeed.CHOOSE_HOLDER: "Say which agency holds {case}, which has an immediate concern",
    ConcernDeed.RECORD_OUTCOME: "Record what came of the immediate concern about {case}",
    ConcernDeed.AGREE: "Say whether you agree with the outcome of the immediate concern about {case}",
}
WAITS_FOR = {
    ConcernState.RAISED: "somebody who was told to say that they have it",
    ConcernState.ACKNOWLEDGED: "the agency holding the case to record the outcome",
    ConcernState.OUTCOME_RECORDED: "someone of another agency to agree with the outcome",
}


@dataclass(frozen=True)
class ConcernToFollow:
    """An open concern, and what its reader does next about it: None where it waits for others. `must_ring` where they
    raised it, and no e-mail tells anybody."""

    id: int
    case_reference: str
    state: ConcernState
    deed: ConcernDeed | None
    must_ring: bool = False


def steps_of_concerns(concerns: Iterable[ConcernToFollow]) -> Sequence[NextStep]:
    """What someone does about open concerns, and which of theirs wait for others."""
    return [_step(one) for one in concerns]


def _step(one: ConcernToFollow) -> NextStep:
    here = {"concern_id": one.id}
    if one.must_ring:
        words = f"Ring those who must know of the immediate concern about {one.case_reference}"
        hint = "No e-mail is sent yet, and nobody has said that they have it."
        return NextStep(Urgency.FIRST, words, "cases.show_concern", here, hint)
    if one.deed is None:
        words = f"The immediate concern about {one.case_reference} is open"
        return NextStep(Urgency.WAITING, words, "cases.show_concern", here, f"Waiting for {WAITS_FOR[one.state]}.")
    words = WORDS[one.deed].format(case=one.case_reference)
    hint = "Nobody has said yet that they have it." if one.state is ConcernState.RAISED else ""
    return NextStep(Urgency.FIRST, words, "cases.show_concern", here, hint)
