"""A pack that leaves the service as a PDF. Each is written down."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import queries as cases
from audit_app.core.clock import LONDON
from audit_app.core.errors import Refused
from audit_app.history.services import record
from audit_app.indicators.rules import AGE_BAND_WORDS
from audit_app.panels import queries, rules
from audit_app.panels.queries import Pack, PackRead
from audit_app.panels.rules import PackToPrint, SaidOverAll
from audit_app.panels.rules.printing import Texts
from audit_app.returns import queries as returns
from audit_app.returns.queries import DiscussionShown, ReturnOfCase
from audit_app.returns.rules import PROMPT_WORDS, RETURN_STATE_WORDS, SHOULD_HAVE_KNOWN_WORDS
from audit_app.returns.rules.workbooks import words_of_levels
from audit_app.rounds import queries as rounds
from audit_app.rounds.rules import FrozenTemplate
from reports.cells import day_in_words
from reports.return_pdf import write_return_pdf


def pack_on_paper(pack: Pack, *, by: Viewer, at: datetime) -> bytes:
    """The pack of a case that the actor may read as the bytes of a PDF, with no more in it than they see on screen.

    It is set outside a transaction, since that takes seconds for a long one; `note_pack_printed` writes it down.

    Raises:
        Refused: the round's packs are not printed, or the actor has no part in the panel.
    """
    if reason := rules.why_not_print(is_printed=pack.is_printed, is_close=pack.is_close):
        raise Refused(reason)
    template = rounds.frozen_template(by.partnership_id, pack.round_id)
    items = queries.items_of_case(by.partnership_id, pack.id, template, sight=pack.sight)
    read = queries.read_pack(by.partnership_id, pack, items)
    return write_return_pdf(rules.as_pack(_to_print(pack, read, template, by, at), by=by.name, at=at))


def note_pack_printed(pack: Pack, *, by: Viewer) -> None:
    """Write down that somebody took the pack of a case away."""
    record("pack_printed", by=by, of=cases.case_for_change(by.partnership_id, pack.id))


def _to_print(pack: Pack, read: PackRead, template: FrozenTemplate, by: Viewer, at: datetime) -> PackToPrint:
    return PackToPrint(
        reference=pack.reference,
        panel=f"Panel of {day_in_words(pack.held_on)}",
        facts=[
            ("Case reference", pack.reference),
            ("Audit", f"{pack.round_title} ({pack.round_reference})"),
            ("Panel", f"{day_in_words(pack.held_on)}, chaired by {pack.chair}"),
            ("Plan", by.terms.plan_statuses[pack.plan_status]),
            ("Age at the sample", AGE_BAND_WORDS[pack.age_band]),
            ("Area", pack.area or "Not recorded"),
        ],
        summary=pack.summary,
        recorded=_recorded(read),
        over_all=[_over_all(one, read) for one in read.returns],
        events=_events(pack, by, at),
        voices=len(read.voices),
        parts=rules.by_domain(read.items, template),
        ballots=read.ballots,
        levels=words_of_levels(template.as_read),
        practitioner=by.terms.said(Role.PRACTITIONER),
    )


def _recorded(read: PackRead) -> Mapping[str, Texts]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in read.recorded:
        found[one.title].append((one.agency, "; ".join(one.words)))
    return found


def _over_all(one: ReturnOfCase, read: PackRead) -> SaidOverAll:
    parts = [RETURN_STATE_WORDS[one.state], one.reason]
    if one.should_have_known:
        parts.append(f"Should have known the child: {SHOULD_HAVE_KNOWN_WORDS[one.should_have_known]}")
    its = read.practice.get(one.agency_id)
    own_part = [("The auditor's own part in the child's care", one.own_part_words)] if one.own_part_words else []
    return SaidOverAll(
        agency=one.named,
        overall=one.overall,
        instead="\n".join(part for part in parts if part),
        discussion=[*own_part, *(_discussion(its.discussion) if its else ())],
        replies=its.to_it_all if its else (),
    )


def _discussion(shown: DiscussionShown) -> Texts:
    talk = shown.talk
    if talk.held_on is None:
        return [("No reflective discussion was held", talk.not_held_reason)] if shown.version else []
    held = f"Held on {day_in_words(talk.held_on)} with {talk.with_whom}"
    notes = [(question, talk.notes.get(prompt, "")) for prompt, question in PROMPT_WORDS.items()]
    return [("Reflective discussion", held), *notes]


def _events(pack: Pack, by: Viewer, at: datetime) -> Sequence[tuple[str, Texts]]:
    """The chronologies in one, as far as the actor reads them."""
    case = returns.case_of_line(by, pack.reference, today=at.astimezone(LONDON).date())
    agencies = returns.agencies_of_line(by, case.id)
    return [
        (
            f"{day_in_words(one.happened_on)}, {one.agency}",
            [("What happened", one.event), ("Impact on the child", one.impact), ("What was done", one.response)],
        )
        for one in returns.events_of_line(by.partnership_id, agencies)
    ]
