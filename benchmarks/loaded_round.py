"""One round of the loaded database, with everything that belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from audit_app.actions.models import Action, DueDateChange, ProgressUpdate
from audit_app.actions.rules import Brag
from audit_app.cases.models import AgencyFileNumber, Case, Concern, Identity, IdentityRelease
from audit_app.cases.rules import CaseState, ConcernState
from audit_app.findings.models import Finding, FindingIndicator
from audit_app.findings.rules import FindingKind
from audit_app.history.models import HistoryEvent
from audit_app.indicators.rules import AgeBand, AuditTemplate, PlanStatus, Rated, Requirement, TemplateIndicator
from audit_app.messages.models import Message
from audit_app.messages.rules import MessageState
from audit_app.panels.models import AgreedRating, Panel, PanelCase, PanelItem, PanelMember, PanelRoom
from audit_app.panels.rules import AgreedHow, ItemState
from audit_app.returns.models import (
    AgencyReturn,
    AttributeAnswer,
    AttributeChoice,
    ChoiceVersion,
    ChronologyEvent,
    Rating,
    RatingVersion,
    ReturnComment,
    ReturnExtension,
    ReturnVersion,
    Voice,
)
from audit_app.returns.rules import AnswerKind, Consent, Contact, OwnPart, ReturnState, VoiceOf, WordsKind, WordsUse
from audit_app.rounds.models import (
    Round,
    RoundAgency,
    RoundAttribute,
    RoundAttributeOption,
    RoundDomain,
    RoundGuidance,
    RoundIndicator,
    RoundKeyLine,
    RoundLevel,
)
from audit_app.rounds.rules import PromptKind, RoundState
from benchmarks.bulk import Bulk
from benchmarks.loaded_case_actions import add_case_actions
from benchmarks.loaded_practice import add_feedback, add_panel_feedback, add_practice
from benchmarks.world import (
    AGENCIES,
    BOARD_MEMBER,
    CHAIR,
    COORDINATOR,
    PARTNERSHIP_ID,
    Size,
    auditor,
    case_of,
    lead,
    reference,
)

FINDINGS, ACTIONS_OF_EACH, UPDATES_OF_EACH = 5, 2, 3
COMMENTS_OF_EACH = 2
ANSWERS = [AnswerKind.LEVEL] * 12 + [AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE]
MINE = {"partnership_id": PARTNERSHIP_ID}
NOTE = "Seen in the chronology and in two visits of that month; the plan was changed and the family told why."


@dataclass
class LoadedRound:
    """The rows of one round. `at` is when it was opened; all its choices come from `chance`."""

    bulk: Bulk
    size: Size
    number: int
    template: AuditTemplate
    requirements: Mapping[str, Requirement]
    people: dict[str, int]
    at: datetime
    chance: Random
    level_ids: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[int, TemplateIndicator]] = field(default_factory=list)
    attributes: list[tuple[int, list[list[int]]]] = field(default_factory=list)  # each with its options, part by part

    def add(self) -> None:
        """Add everything."""
        self.state = self.size.state(self.number)
        self.is_released = self.state is not RoundState.RETURNS
        self.is_agreed = self.state in {RoundState.REPORTING, RoundState.PUBLISHED}
        self._add_plan()
        self._freeze()
        self._freeze_attributes()
        panel_id = self._add_panel()
        for position in range(1, self.size.cases + 1):
            self._add_case(position, panel_id)
        if self.is_agreed:
            for position in range(1, FINDINGS + 1):
                self._add_finding(position)

    def _add_plan(self) -> None:
        is_published = self.state is RoundState.PUBLISHED
        coordinator = self.people[COORDINATOR]
        day = self.at.date()
        self.round_id = self.bulk.add(
            Round,
            reference=reference(self.number),
            title=f"Neglect of school-age children, audit {self.number}",
            theme="How well agencies recognise neglect, and what they then do",
            prompt_kind=PromptKind.REVIEW,
            prompt_detail="Recommendation 4 of the learning review.",
            body_id=1,
            terms_of_reference="Whether children's daily lives are seen, weighed and changed.",
            look_back_months=12,
            returns_due_on=day + timedelta(days=28),
            panel_on=day + timedelta(days=42),
            report_due_on=day + timedelta(days=70),
            state=self.state,
            created_at=self.at,
            created_by_id=coordinator,
            opened_at=self.at,
            opened_by_id=coordinator,
            published_at=self.at + timedelta(days=70) if is_published else None,
            published_by_id=coordinator if is_published else None,
            **MINE,
        )
        self.mine = {"round_id": self.round_id, **MINE}
        for number in range(1, 4):
            self.bulk.add(RoundKeyLine, position=number, words="Is the child's own day in the record?", **self.mine)
        for agency_id in range(1, len(AGENCIES) + 1):
            self.bulk.add(RoundAgency, agency_id=agency_id, **self.mine)
        self._note("round_opened", "round", self.round_id, reference(self.number), template="Shared by the strategies")

    def _freeze(self) -> None:
        for read_at, level in enumerate(self.template.scale.as_read, 1):
            known = {"code": level.code, "letter": level.letter, "words": level.words, "rank": level.rank}
            known["read_at"] = read_at
            self.level_ids[level.code] = self.bulk.add(RoundLevel, band=level.band, **known, **self.mine)
        for number, domain in enumerate(self.template.domains, 1):
            domain_id = self.bulk.add(RoundDomain, position=number, title=domain.title, **self.mine)
            for it in domain.indicators:
                names = ("code", "title", "question", "why", "look_for", "example", "rated", "is_panel")
                words = {name: getattr(it, name) for name in names}
                place = {"domain_id": domain_id, "position": len(self.asked) + 1}
                indicator_id = self.bulk.add(RoundIndicator, **place, **words, **self.mine)
                self.asked.append((indicator_id, it))
                for code, guidance in it.guidance.items():
                    its = {"indicator_id": indicator_id, "level_id": self.level_ids[code]}
                    self.bulk.add(RoundGuidance, words=guidance, **its, **MINE)

    def _freeze_attributes(self) -> None:
        for position, it in enumerate((self.requirements[code] for code in self.template.attributes), 1):
            words = {"code": it.code, "title": it.title, "question": it.words, "help": it.detail["help"]}
            is_many = it.detail["answers"] == "many"
            attribute_id = self.bulk.add(RoundAttribute, position=position, is_many=is_many, **words, **self.mine)
            options: dict[str, list[int]] = {}
            for place, option in enumerate(it.detail["option"], 1):
                its = {"attribute_id": attribute_id, "code": option["code"], "words": option["words"]}
                part = option.get("part", "")
                option_id = self.bulk.add(RoundAttributeOption, position=place, part=part, **its, **MINE)
                options.setdefault(part, []).append(option_id)
            self.attributes.append((attribute_id, list(options.values())))

    def _add_panel(self) -> int:
        known = {"held_on": self.at.date() + timedelta(days=42), "place": "The civic centre", "created_at": self.at}
        panel_id = self.bulk.add(Panel, chair_id=self.people[CHAIR], is_on_paper=True, **known, **self.mine)
        self.bulk.add(PanelRoom, panel_id=panel_id, **MINE)
        self.bulk.add(PanelMember, panel_id=panel_id, person_id=self.people[CHAIR], agency_id=None, **MINE)
        for agency_id in range(1, len(AGENCIES) + 1):
            its = {"person_id": self.people[lead(agency_id)], "agency_id": agency_id}
            self.bulk.add(PanelMember, panel_id=panel_id, **its, **MINE)
        return panel_id

    def _add_case(self, position: int, panel_id: int) -> None:
        name, coordinator = case_of(self.number, position), self.people[COORDINATOR]
        state = CaseState.AGREED if self.is_agreed else CaseState.AT_PANEL
        case_id = self.bulk.add(
            Case,
            position=position,
            reference=name,
            state=state if self.is_released else CaseState.WITH_AGENCIES,
            plan_status=self.chance.choice(list(PlanStatus)),
            age_band=self.chance.choice(list(AgeBand)),
            stratum="All children",
            created_at=self.at,
            released_at=self.at if self.is_released else None,
            released_by_id=coordinator if self.is_released else None,
            agreed_at=self.at if self.is_agreed else None,
            agreed_by_id=self.people[CHAIR] if self.is_agreed else None,
            **self.mine,
        )
        known = {"token": f"{case_id:064d}", "number": str(10_000_000 + case_id), "born_on": "2019-05-03"}
        sheet = {"sheet": None, "sheet_saved_at": self.at, "sheet_saved_by_id": coordinator}
        identity_id = self.bulk.add(Identity, case_id=case_id, **known, **sheet, **self.mine)
        self.bulk.add(PanelCase, panel_id=panel_id, case_id=case_id, position=position, **MINE)
        for agency_id in range(1, len(AGENCIES) + 1):
            told = {"agency_id": agency_id, "released_at": self.at, "released_by_id": coordinator}
            self.bulk.add(IdentityRelease, case_id=case_id, **told, **MINE)
            noted = {"agency_id": agency_id, "noted_at": self.at, "noted_by_id": coordinator}
            self.bulk.add(AgencyFileNumber, identity_id=identity_id, number=f"F{case_id:07d}", **noted, **MINE)
            self._add_return(case_id, name, agency_id)
        if self.is_released:
            self._add_items(case_id, name)
            self._add_concern(case_id)
            is_over = self.state is RoundState.PUBLISHED
            add_case_actions(self.bulk, case_id, name, self.round_id, coordinator, at=self.at, is_over=is_over)

    def _add_concern(self, case_id: int) -> None:
        """A concern of long ago: what every page must pass by on its way to those that are open."""
        raiser = {"raised_at": self.at, "raised_by_id": self.people[COORDINATOR], "raised_by_name": "Somebody"}
        words = {"worry": "Alone at home.", "told_whom": "The front door", "told_at": self.at, "agreed": "A visit."}
        closed = {"state": ConcernState.CLOSED, "is_open": False, "closed_at": self.at, "closed_by_name": "Somebody"}
        form = {"token": f"{case_id}", "acknowledge_by": self.at + timedelta(hours=1)}
        self.bulk.add(Concern, case_id=case_id, **form, **raiser, **words, **closed, **MINE)

    def _add_return(self, case_id: int, case: str, agency_id: int) -> None:
        by = self.people[auditor(agency_id, self.chance.randint(1, self.size.auditors))]
        is_in = self.is_released
        name = f"{case} {AGENCIES[agency_id - 1].value}"
        return_id = self.bulk.add(
            AgencyReturn,
            case_id=case_id,
            agency_id=agency_id,
            name=name,
            state=ReturnState.ACCEPTED if is_in else ReturnState.IN_PROGRESS,
            due_on=self.at.date() + timedelta(days=28),
            worked_well="The health visitor and the school spoke to each other every week." if is_in else "",
            to_improve="Earlier advice from the team manager." if is_in else "",
            overall_level_id=self.chance.choice(list(self.level_ids.values())),
            overall_reason="What was promised was done, and the child said so.",
            file_confirmed_at=self.at,
            file_confirmed_by_id=by,
            own_part=OwnPart.NONE,
            minutes_spent=self.chance.randint(45, 240) if is_in else None,
            started_at=self.at,
            submitted_at=self.at if is_in else None,
            submitted_by_id=by if is_in else None,
            **self.mine,
        )
        its = {"return_id": return_id, "agency_id": agency_id, **self.mine}
        done = {"is_submitted": is_in, "answered_at": self.at, "answered_by_id": by}
        for indicator_id, it in self.asked:
            answer, level_code, words = self._answer(it)
            level_id = None if level_code is None else self.level_ids[level_code]
            self.bulk.add(
                Rating,
                indicator_id=indicator_id,
                indicator_code=it.code,
                answer=answer,
                level_id=level_id,
                level_code=level_code,
                reason=words if answer is AnswerKind.NOT_APPLICABLE else "",
                evidence=words if answer is AnswerKind.LEVEL else "",
                where_on_file=f"Case notes, {self.at:%B %Y}",
                **done,
                **its,
            )
        if is_in and agency_id == 1:
            self._send_back(return_id, by)
        answered = {"return_id": return_id, "answered_at": self.at, "answered_by_id": by, **MINE}
        for attribute_id, parts in self.attributes:
            answer_id = self.bulk.add(AttributeAnswer, attribute_id=attribute_id, **answered)
            for options in parts:
                self.bulk.add(AttributeChoice, answer_id=answer_id, option_id=self.chance.choice(options), **MINE)
        self._tell(return_id, by)
        if is_in:
            add_practice(self.bulk, return_id, self.asked[0][0], by, at=self.at)
        if self.is_agreed:
            is_given = self.state is RoundState.PUBLISHED
            add_feedback(self.bulk, return_id, self.round_id, agency_id, by, at=self.at, is_given=is_given)
            add_panel_feedback(self.bulk, case_id, agency_id, by, at=self.at, is_answered=is_given)
        self._note("return_known", "agency_return", return_id, name, case_id, known="Yes, in the look-back period")
        for event in ("ratings_saved", "return_submitted", "return_accepted")[: 3 if is_in else 1]:
            self._note(event, "agency_return", return_id, name, case_id)

    def _send_back(self, return_id: int, by: int) -> None:
        """What was submitted first, kept when it was sent back with two comments."""
        sent = {"sent_back_at": self.at, "sent_back_by_id": self.people[COORDINATOR], "reason": NOTE}
        words = dict.fromkeys(("overall_reason", "worked_well", "to_improve", "learning", "proposed_actions"), NOTE)
        submitted = {"submitted_at": self.at, "submitted_by_id": by}
        version_id = self.bulk.add(ReturnVersion, return_id=return_id, number=1, **submitted, **sent, **words, **MINE)
        said = {"reason": "", "evidence": NOTE, "where_on_file": "Case notes"}
        done = {"answer": AnswerKind.NO_EVIDENCE, "answered_at": self.at, "answered_by_id": by}
        for number, (indicator_id, _) in enumerate(self.asked):
            its = {"version_id": version_id, "indicator_id": indicator_id, **MINE}
            self.bulk.add(RatingVersion, **said, **done, **its)
            if number < COMMENTS_OF_EACH:
                by_whom = {"written_at": self.at, "written_by_id": self.people[COORDINATOR]}
                self.bulk.add(ReturnComment, words=NOTE, **by_whom, **its)
        told = {"version_id": version_id, "answered_at": self.at, "answered_by_id": by}
        for _, parts in self.attributes:
            for options in parts:
                self.bulk.add(ChoiceVersion, option_id=self.chance.choice(options), **told, **MINE)

    def _tell(self, return_id: int, by: int) -> None:
        """A chronology of a few events, a voice, and that more time was given once."""
        saved = {"return_id": return_id, "saved_at": self.at, "saved_by_id": by, **MINE}
        for months in (2, 5, 11):
            day = (self.at - timedelta(days=30 * months)).date()
            self.bulk.add(ChronologyEvent, happened_on=day, event=NOTE, impact=NOTE, response=NOTE, **saved)
        told = {"whose": VoiceOf.CHILD, "contact": Contact.SAFE, "decided_by": "A nurse", "asked_by": "A nurse"}
        said = {"words": NOTE, "words_kind": WordsKind.SUMMARY, "words_use": WordsUse.PARTNERSHIP}
        self.bulk.add(Voice, consent=Consent.AGREED, **told, **said, **saved)
        days = {"from_day": self.at.date() + timedelta(days=21), "to_day": self.at.date() + timedelta(days=28)}
        given = {"reason": NOTE, "extended_at": self.at, "extended_by_id": self.people[COORDINATOR]}
        self.bulk.add(ReturnExtension, return_id=return_id, **days, **given, **MINE)
        mail = {"recipient": f"auditor-{by}@bench.example", "subject": "More time for a return", "created_at": self.at}
        sent = {"occasion": f"more time for {return_id}", "state": MessageState.SENT, "sent_at": self.at}
        self.bulk.add(Message, **mail, **sent, **MINE)

    def _answer(self, it: TemplateIndicator) -> tuple[AnswerKind, str | None, str]:
        """What an agency says: the kind, the level's code, the words."""
        answer = self.chance.choice(ANSWERS)
        if answer is not AnswerKind.LEVEL:
            return answer, None, "The child was not of that age in the period."
        code = self.chance.choices(list(self.level_ids), (1, 4, 4, 2))[0]
        return answer, code, f"{it.guidance[code]} {NOTE}"

    def _add_items(self, case_id: int, case: str) -> None:
        for indicator_id, it in self.asked:
            is_own = it.rated is Rated.OWN_WORK
            for agency_id in range(1, len(AGENCIES) + 1) if is_own else (None,):
                its = {"indicator_id": indicator_id, "agency_id": agency_id}
                state = ItemState.AGREED if self.is_agreed else ItemState.WAITING
                item_id = self.bulk.add(PanelItem, case_id=case_id, state=state, **its, **MINE)
                if self.is_agreed:
                    self._agree(item_id, indicator_id, it)
                    self._note("rating_agreed", "audit_case", case_id, case, case_id, indicator=f"{it.code} {it.title}")

    def _agree(self, item_id: int, indicator_id: int, it: TemplateIndicator) -> None:
        answer, level_code, words = self._answer(it)
        level_id = None if level_code is None else self.level_ids[level_code]
        said = {"answer": answer, "level_id": level_id, "reason": words, "how": AgreedHow.ON_PAPER}
        when = {"agreed_at": self.at, "agreed_by_id": self.people[CHAIR], "is_current": True}
        self.bulk.add(AgreedRating, item_id=item_id, indicator_id=indicator_id, **said, **when, **self.mine)

    def _add_finding(self, position: int) -> None:
        written = {"written_at": self.at, "written_by_id": self.people[COORDINATOR]}
        kind = list(FindingKind)[position % 2]
        title = f"Finding {position}: what daily life was like is {'often' if position % 2 else 'seldom'} on file"
        words = {"position": position, "kind": kind, "title": title, "words": f"{NOTE} {NOTE}"}
        finding_id = self.bulk.add(Finding, **words, **written, **self.mine)
        for indicator_id, _ in self.chance.sample(self.asked, 3):
            self.bulk.add(FindingIndicator, finding_id=finding_id, indicator_id=indicator_id, **MINE)
        self._note("finding_written", "finding", finding_id, title)
        for number in range(ACTIONS_OF_EACH):
            self._add_action(finding_id, 1 + (position + number) % len(AGENCIES))

    def _add_action(self, finding_id: int, agency_id: int) -> None:
        due = self.at.date() + timedelta(days=180)
        leads = {"agency_id": agency_id, "lead_id": self.people[lead(agency_id)]}
        title = "Put the graded care profile into every team's supervision"
        action_id = self.bulk.add(
            Action,
            finding_id=finding_id,
            title=title,
            outcome_measure="Nine of ten files show it within three months.",
            due_on=due,
            brag=self.chance.choice(list(Brag)),
            created_at=self.at,
            created_by_id=self.people[COORDINATOR],
            **leads,
            **self.mine,
        )
        self._note("action_opened", "action", action_id, title)
        for number in range(UPDATES_OF_EACH):
            posted: dict[str, Any] = {"posted_by_id": leads["lead_id"], "posted_by_name": lead(agency_id)}
            posted |= {"posted_at": self.at + timedelta(days=30 * number), "brag": Brag.GREEN}
            self.bulk.add(ProgressUpdate, action_id=action_id, words=NOTE, impact=NOTE, **posted, **MINE)
            self._note("progress_posted", "action", action_id, title)
        moved = {"from_day": due - timedelta(days=30), "to_day": due, "reason": "The training was moved."}
        by = {"changed_at": self.at, "changed_by_id": self.people[COORDINATOR]}
        self.bulk.add(DueDateChange, action_id=action_id, **moved, **by, **MINE)

    def _note(
        self, event: str, kind: str, subject_id: int, name: str, case_id: int | None = None, **facts: str
    ) -> None:
        self.bulk.add(
            HistoryEvent,
            at=self.at,
            event=event,
            actor_id=self.people[BOARD_MEMBER],
            actor_name="Somebody",
            subject_type=kind,
            subject_id=subject_id,
            subject_name=name,
            case_id=case_id,
            facts=facts,
            **self.mine,
        )
