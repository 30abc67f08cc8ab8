"""The demonstration's panel in its room: opened today, one case finished in it, and one on the table."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.demo import rules
from audit_app.demo.services.auditing import level_of
from audit_app.demo.services.case_actions import raise_case_action
from audit_app.demo.services.days import Days, Story
from audit_app.demo.services.meeting import outcome_of, release_cases
from audit_app.demo.services.people import Place
from audit_app.panels import queries, services
from audit_app.panels.rules import (
    EVERYTHING,
    OVERALL,
    AgreedHow,
    Decision,
    Item,
    OwnRating,
    RoomStep,
    VoteKind,
    proposed,
    room_agenda,
)
from audit_app.rounds.rules import FrozenTemplate

TAKEN_BY_A_CASE = timedelta(minutes=60)
TOGETHER = "Confirmed together."


def sit_in_room(
    panel: rules.Panel,
    stories: Sequence[rules.Case],
    drawn: Mapping[int, Case],
    *,
    template: FrozenTemplate,
    place: Place,
    days: Days,
) -> Story[None]:
    """Release the cases of a panel, open its room, and take it as far as the stories of its cases go."""
    assert panel.began_minutes_before is not None
    yield from release_cases(panel, drawn, place=place, days=days)
    chair = place.people[panel.chair]
    at = yield days.minutes_ago(panel.began_minutes_before)
    panel_id = queries.hold_of(place.id, drawn[panel.cases[0]].id).panel_id or 0
    services.open_room(panel_id, is_nobody_recording=True, by=chair, at=at)
    for member in panel.members:
        services.say_here(panel_id, by=place.people[member])
    table = _Table(panel, panel_id, template, place)
    for story in stories:
        if story.opened_minutes_before is not None:
            at = yield days.minutes_ago(story.opened_minutes_before)
            services.open_case(panel_id, drawn[story.position].id, by=chair, at=at)
            table.go_through(story, drawn[story.position], at=at)
            if story.outcome:
                at = yield min(at + TAKEN_BY_A_CASE, days.built_at)
                table.finish(story, drawn[story.position], at=at)


class _Table:
    """The people of a panel around a case that is open in their room."""

    def __init__(self, panel: rules.Panel, panel_id: int, template: FrozenTemplate, place: Place) -> None:
        self.panel_id, self.template, self.place = panel_id, template, place
        self.chair = place.people[panel.chair]
        self.writer = next(who for who in map(place.people.__getitem__, panel.members) if who.has(Role.NOTE_TAKER))
        self.levels = {level.code: level.id for level in template.levels}

    def go_through(self, story: rules.Case, case: Case, *, at: datetime) -> None:
        """Rate one after another what the story says was rated; the rest is confirmed before the case over all."""
        ids = {(item.indicator.code, item.agency_id): item.id for item in self._items(case)}
        agreed = {(one.indicator, one.agency): one for one in story.agreed}
        for asked in story.in_room:
            if asked.indicator == OVERALL.code:
                self._confirm_the_rest(case, at=at)
            item_id = ids[asked.indicator, self.place.agencies[asked.agency] if asked.agency else None]
            services.ask_to_rate(item_id, by=self.chair)
            self._rate(item_id, asked.given, ballot=1, at=at)
            if asked.note:
                services.note_item(item_id, reason=asked.note, better="", version=0, by=self.writer, at=at)
            if asked.is_shown:
                self._show(item_id, asked, at=at)
                self._agree(item_id, agreed[asked.indicator, asked.agency], at=at)

    def finish(self, story: rules.Case, case: Case, *, at: datetime) -> None:
        """Write what the panel takes away, finish the case, and raise what is to be done for the child."""
        services.look_at(self.panel_id, RoomStep.OUTCOME, by=self.chair, at=at)
        services.save_outcome(case.id, outcome_of(story, self.place), by=self.writer)
        for action in story.case_actions:
            raise_case_action(action, case, by=self.chair, place=self.place, at=at)
        services.finish_case(case.id, link=self.place.address("panel-feedback"), by=self.chair, at=at)

    def _items(self, case: Case) -> Sequence[Item]:
        return queries.items_of_case(self.place.id, case.id, self.template, sight=EVERYTHING)

    def _version(self, item_id: int) -> int:
        return queries.item_for_change(self.place.id, item_id).row.version

    def _rate(self, item_id: int, given: Sequence[rules.OwnRating], *, ballot: int, at: datetime) -> None:
        for one in given:
            rating = OwnRating(VoteKind.LEVEL, self.levels[one.level], one.why)
            services.give_rating(item_id, ballot=ballot, rating=rating, by=self.place.people[one.by], at=at)

    def _show(self, item_id: int, asked: rules.InRoom, *, at: datetime) -> None:
        services.show_ratings(item_id, version=self._version(item_id), by=self.chair)
        if asked.again:
            services.rate_again(item_id, version=self._version(item_id), by=self.chair)
            self._rate(item_id, asked.again, ballot=2, at=at)
            services.show_ratings(item_id, version=self._version(item_id), by=self.chair)

    def _agree(self, item_id: int, told: rules.Agreed, *, at: datetime) -> None:
        decision = Decision(
            item_id,
            self._version(item_id),
            told.answer,
            level_of(told, self.template),
            told.reason,
            better=told.better,
            how=AgreedHow.VOTED,
        )
        services.agree_item(decision, by=self.chair, at=at)

    def _confirm_the_rest(self, case: Case, *, at: datetime) -> None:
        services.look_at(self.panel_id, RoomStep.REST, by=self.chair, at=at)
        rest = [(item, said) for item in room_agenda(self._items(case)).rest if (said := proposed(item)) is not None]
        decisions = [Decision(item.id, item.version, *said, TOGETHER, how=AgreedHow.TOGETHER) for item, said in rest]
        services.agree_ratings(case.id, decisions, by=self.chair, at=at)
