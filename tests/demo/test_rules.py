"""The demonstration's material is whole, consistent, and about nobody."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from audit_app.accounts.rules import ROLES_OF_AN_AGENCY, Role
from audit_app.actions.rules import ActionState, is_overdue
from audit_app.demo.rules import Agreed, Case, Material, Rating, Round, read_material
from audit_app.indicators.rules import AppliesBy, AuditTemplate, Rated, read_catalogue
from audit_app.panels.rules import OVERALL
from audit_app.returns.rules import AnswerKind, ReturnState
from config import PROJECT

REAL_PLACES = re.compile(
    r"\b(Bath|Birmingham|Bristol|Cumbria|Cumberland|England|Hackney|Hereford|Herefordshire|Kent|Leeds|Leicester|Lincoln"
    r"|Lincolnshire|Liverpool|London|Manchester|Newcastle|Norfolk|Plymouth|Sandwell|Sheffield|Somerset|Surrey|Wales|York)\b"
)
LEVELS = {"outstanding", "good", "requires_improvement", "inadequate"}


def files_in(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.toml"))}


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return files_in(PROJECT / "audit_app" / "demo" / "material")


@pytest.fixture(scope="module")
def material(files: dict[str, str]) -> Material:
    return read_material(files)


@pytest.fixture(scope="module")
def core_16() -> AuditTemplate:
    templates = read_catalogue(files_in(PROJECT / "audit_templates")).templates
    return next(template for template in templates if template.code == "core-16")


def all_cases(material: Material) -> Iterator[tuple[Round, Case]]:
    return ((round_, case) for round_ in material.rounds for case in round_.cases)


def words_of(case: Case) -> list[str]:
    """Everything a case says about the child, each text once as it was written."""
    ratings = [rating for agency_return in case.returns for rating in agency_return.ratings]
    returns = [
        text
        for r in case.returns
        for text in (r.reason, r.worked_well, r.to_improve, r.overall_reason, r.learning, r.proposed_actions)
    ]
    sent_back = [r.sent_back for r in case.returns if r.sent_back]
    returns += [text for sent in sent_back for one in sent.comments for text in (one.words, one.was)]
    returns += [sent.reason for sent in sent_back]
    answers = [text for rating in ratings for text in (rating.reason, rating.evidence)]
    concerns = [
        text
        for concern in case.concerns
        for text in (concern.worry, concern.told_whom, concern.agreed, concern.outcome)
    ]
    told = [text for one in case.told for text in (one.feedback, one.question, one.answer)]
    texts = [
        case.summary,
        case.outcome,
        case.good_practice,
        *told,
        *returns,
        *answers,
        *concerns,
        *(agreed.reason for agreed in case.agreed),
        *(agreed.better for agreed in case.agreed),
        *(one.why for asked in case.in_room for one in (*asked.given, *asked.again)),
        *(asked.note for asked in case.in_room),
    ]
    return [text for text in texts if text]


def test_four_rounds_are_published_half_way_being_planned_and_at_panel(material: Material) -> None:
    assert [len(round_.cases) for round_ in material.rounds] == [9, 8, 0, 3]
    published, half_way, planned, at_panel = material.rounds
    assert published.plan.published_days_before is not None
    assert half_way.plan.confirmed_days_before is not None
    assert half_way.plan.published_days_before is None
    assert planned.plan.opened_days_before is None
    assert [panel.began_minutes_before is not None for panel in at_panel.plan.panels] == [True]


def test_every_role_is_held_by_somebody_and_one_person_holds_several(material: Material) -> None:
    people = material.partnership.people
    assert {role for person in people for role in person.roles} == set(Role)
    assert any(len(person.roles) >= 3 for person in people)
    agencies = {agency.code for agency in material.partnership.agencies}
    for person in people:
        assert person.agency in agencies | {""}
        assert person.agency or not set(person.roles) & ROLES_OF_AN_AGENCY, person.name
    auditing = {person.agency for person in people if Role.AUDITOR in person.roles}
    leading = {person.agency for person in people if Role.AGENCY_LEAD in person.roles}
    assert auditing == leading == agencies


def test_one_person_belongs_to_both_partnerships(material: Material) -> None:
    first, second = ({person.email for person in p.people} for p in (material.partnership, material.second))
    assert len(first & second) == 1


def test_every_address_is_one_that_reaches_nobody(files: dict[str, str]) -> None:
    addresses = re.findall(r"[\w.+-]+@[\w.-]+", "\n".join(files.values()))
    assert addresses
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_every_round_has_a_whole_plan(material: Material) -> None:
    bodies = {body.code for body in material.partnership.bodies}
    people = {person.email for person in material.partnership.people}
    for round_ in material.rounds:
        plan = round_.plan
        assert plan.title
        assert plan.theme
        assert plan.prompt_detail
        assert plan.terms_of_reference
        assert plan.commissioned_by in bodies
        assert set(plan.agencies) <= {agency.code for agency in material.partnership.agencies}
        assert 4 <= len(plan.key_lines_of_enquiry) <= 6
        assert plan.area in {*material.partnership.areas, ""}
        assert plan.returns_due_days_before > plan.panel_days_before > plan.report_due_days_before
        for panel in plan.panels:
            assert {panel.chair, *panel.members} <= people
        if round_.cases:
            assert sorted(itertools.chain(*(panel.cases for panel in plan.panels))) == [
                c.position for c in round_.cases
            ]


def test_the_days_of_a_round_follow_one_another(material: Material) -> None:
    for round_ in material.rounds:
        plan = round_.plan
        days = [
            plan.created_days_before,
            plan.opened_days_before,
            plan.population_days_before,
            plan.drawn_days_before,
            plan.confirmed_days_before,
            plan.returns_due_days_before,
            plan.panel_days_before,
            plan.report_due_days_before,
        ]
        known = [day for day in days if day is not None]
        assert known == sorted(known, reverse=True)
        for case in round_.cases:
            assert plan.confirmed_days_before is not None
            for agency_return in case.returns:
                if agency_return.answered_days_before is not None:
                    first, last = plan.confirmed_days_before, max(0, plan.returns_due_days_before)
                    assert last <= agency_return.answered_days_before <= first
                    dated = [r.document_days_before for r in agency_return.ratings if r.document]
                    assert all(day >= agency_return.answered_days_before for day in dated), case.position


def test_the_sample_asks_for_exactly_the_children_of_the_stories(material: Material) -> None:
    for round_ in material.rounds:
        sample = round_.plan.sample
        if sample is None:
            continue
        by_area = any(stratum.area for stratum in sample.strata)
        wanted = {(stratum.age_band, stratum.area): stratum.size for stratum in sample.strata}
        assert wanted == Counter((case.age_band, case.area if by_area else "") for case in round_.cases)
        assert {case.area for case in round_.cases} <= set(material.partnership.areas)


def test_every_case_has_a_return_from_each_agency_of_its_round(material: Material) -> None:
    for round_, case in all_cases(material):
        assert Counter(r.agency for r in case.returns) == Counter(round_.plan.agencies), case.position


def test_returns_hold_what_their_state_asks(material: Material, core_16: AuditTemplate) -> None:
    kinds = {agency.code: agency.kind for agency in material.partnership.agencies}
    for _, case in all_cases(material):
        for agency_return in case.returns:
            traits = {
                AppliesBy.AGENCY_KIND: kinds[agency_return.agency],
                AppliesBy.PLAN_STATUS: case.plan_status,
                AppliesBy.AGE_BAND: case.age_band,
            }
            asked = {
                indicator.code
                for indicator in core_16.indicators
                if all(traits[by] in values for by, values in indicator.applies.items())
            }
            answered = [rating.indicator for rating in agency_return.ratings]
            assert len(answered) == len(set(answered))
            match agency_return.state:
                case ReturnState.ACCEPTED | ReturnState.SUBMITTED:
                    assert set(answered) == asked
                    assert agency_return.worked_well
                    assert agency_return.to_improve
                    assert agency_return.overall in {"outstanding", "good", "requires_improvement", "inadequate"}
                    assert agency_return.overall_reason
                case ReturnState.IN_PROGRESS:
                    assert set(answered) < asked
                    assert len(answered) >= 8
                case ReturnState.NOT_STARTED:
                    assert not answered
                case _:
                    assert not answered
                    assert agency_return.reason


def test_a_published_case_is_agreed_on_every_item_and_on_nothing_else(
    material: Material, core_16: AuditTemplate
) -> None:
    own = {indicator.code for indicator in core_16.indicators if indicator.rated is Rated.OWN_WORK}
    for case in material.rounds[0].cases:
        asked = {(r.indicator, agency_return.agency) for agency_return in case.returns for r in agency_return.ratings}
        items = {(code, agency if code in own else "") for code, agency in asked} | {(OVERALL.code, "")}
        assert Counter((a.indicator, a.agency) for a in case.agreed) == Counter(items), case.position
        assert case.outcome


def test_a_room_agrees_what_it_rated_and_showed(material: Material) -> None:
    sitting = {person.email for person in material.partnership.people if Role.PANEL_MEMBER in person.roles}
    rooms = [case for case in material.rounds[3].cases if case.in_room]
    assert [case.position for case in rooms] == [1, 2]
    for case in rooms:
        shown = {(asked.indicator, asked.agency) for asked in case.in_room if asked.is_shown}
        assert shown == {(one.indicator, one.agency) for one in case.agreed}
        assert {one.by for asked in case.in_room for one in (*asked.given, *asked.again)} <= sitting
    finished, on_the_table = rooms
    assert finished.in_room[-1].indicator == OVERALL.code
    assert [asked.indicator for asked in on_the_table.in_room if not asked.is_shown] == ["B01"]


def test_a_practice_case_is_scored_by_every_agency_of_its_round(material: Material, core_16: AuditTemplate) -> None:
    practised = [round_ for round_ in material.rounds if round_.practice]
    assert [round_.plan.reference for round_ in practised] == ["SQ1"]
    for round_ in practised:
        assert round_.practice is not None
        assert [one.agency for one in round_.practice.answers] == list(round_.plan.agencies)
        asked = {indicator.code for indicator in core_16.indicators}
        for one in round_.practice.answers:
            assert one.levels.keys() | {"H02"} == asked
            assert set(one.levels.values()) <= LEVELS
            assert one.words.keys() <= one.levels.keys()


def test_a_published_case_says_what_was_good_and_speaks_to_agencies_that_took_part(material: Material) -> None:
    for case in material.rounds[0].cases:
        assert case.good_practice
        asked = {one.agency for one in case.returns if one.ratings}
        assert case.told
        assert {one.agency for one in case.told} <= asked, case.position
        assert all(one.feedback for one in case.told)
    questions = [one for case in material.rounds[0].cases for one in case.told if one.question]
    assert sorted(bool(one.answer) for one in questions) == [False, True]
    assert all((one.answered_days_before is not None) == bool(one.answer) for one in questions)


def test_every_answer_has_its_words(material: Material) -> None:
    for _, case in all_cases(material):
        answers: list[Rating | Agreed] = [*case.agreed, *(r for a in case.returns for r in a.ratings)]
        for answer in answers:
            assert answer.level in LEVELS | {""}
            if isinstance(answer, Rating) and answer.answer is not AnswerKind.NOT_APPLICABLE:
                assert answer.evidence, (case.position, answer.indicator)
                assert answer.document
                assert answer.document_days_before > 0
            else:
                assert answer.reason, (case.position, answer.indicator)


def test_no_two_texts_of_a_case_are_the_same(material: Material) -> None:
    for round_, case in all_cases(material):
        twice = [text for text, count in Counter(words_of(case)).items() if count > 1]
        assert twice == [], (round_.plan.reference, case.position)


def test_each_text_is_made_of_whole_sentences(material: Material) -> None:
    for _, case in all_cases(material):
        for text in words_of(case):
            assert re.fullmatch(r"[“A-Z0-9].*[.”?]", text, re.DOTALL), text


def test_no_name_of_a_child_a_parent_or_a_worker_is_in_what_is_said_of_a_case(material: Material) -> None:
    names = material.names
    workers = [part for person in material.partnership.people for part in person.name.split()]
    spoken = [*names.child_first_names, *names.parent_first_names, *names.last_names, *names.streets, *workers]
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, spoken))})\b", re.IGNORECASE)
    for _, case in all_cases(material):
        assert [text for text in words_of(case) if pattern.search(text)] == []


def test_no_real_place_is_named(files: dict[str, str]) -> None:
    assert [path for path, text in files.items() if REAL_PLACES.search(text)] == []


def test_there_are_names_enough_for_every_child_of_both_samples(material: Material) -> None:
    names = material.names
    assert len(set(names.child_first_names)) >= sum(len(round_.cases) for round_ in material.rounds)
    assert len(set(names.last_names)) >= 20


def test_findings_rest_on_the_template_and_actions_on_findings_and_people(
    material: Material, core_16: AuditTemplate
) -> None:
    published = material.rounds[0]
    codes = {indicator.code for indicator in core_16.indicators}
    findings = {finding.code for finding in published.findings}
    leads = {(p.email, p.agency) for p in material.partnership.people if Role.AGENCY_LEAD in p.roles}
    board = {p.email for p in material.partnership.people if Role.BOARD_MEMBER in p.roles}
    assert len(published.findings) == 5
    assert all(set(finding.indicators) <= codes for finding in published.findings)
    assert {action.finding for action in published.actions} == findings
    for action in published.actions:
        assert (action.lead, action.agency) in leads
        assert len(action.updates) >= 2
        assert all(update.words and update.impact for update in action.updates)
        days = [action.opened_days_before, *(update.days_before for update in action.updates)]
        assert days == sorted(days, reverse=True)
        if action.state is ActionState.SIGNED_OFF:
            assert action.signed_off_by in board
            assert action.evaluation


def test_one_action_is_overdue(material: Material) -> None:
    day = date(2026, 3, 4)
    due = [(action.state, day - timedelta(days=action.due_days_before)) for action in material.rounds[0].actions]
    assert [is_overdue(state, due_on, day) for state, due_on in due].count(True) == 1


def test_the_counts_in_the_findings_are_those_of_the_agreed_ratings(material: Material) -> None:
    published = material.rounds[0]
    levels: dict[str, Counter[str]] = {}
    care: dict[str, Counter[str]] = {}
    for case in published.cases:
        for agreed in case.agreed:
            levels.setdefault(agreed.indicator, Counter())[agreed.level] += 1
            if agreed.agency == "childrens_social_care":
                care.setdefault(agreed.indicator, Counter())[agreed.level] += 1

    def strong(counts: Counter[str]) -> int:
        return counts["good"] + counts["outstanding"]

    def rated(counts: Counter[str]) -> int:
        return counts.total() - counts[""]

    words = {finding.code: re.sub(r"\s+", " ", finding.words) for finding in published.findings}
    men, sharing = levels["E01"], levels["G01"]
    assert f"good in {strong(sharing)} of the {rated(sharing)} agency returns" in words["sharing"]
    assert f"good or outstanding in {strong(levels['B01'])} of 9 cases" in words["voice"]
    assert f"well understood in {strong(levels['B03'])} of 9 cases" in words["voice"]
    assert f"men in the child's life in {strong(care['E01'])} of 9 cases" in words["men"]
    assert f"in {care['E01']['inadequate']} of 9 the work was inadequate" in words["men"]
    assert f"good in {strong(men)} of the {rated(men)} returns that could be rated" in words["men"]
    assert f"well understood in {strong(levels['A04'])} of 9 cases" in words["history"]
    assert f"used history well in {strong(care['C01'])} of 9 cases" in words["history"]
    assert f"in {strong(care['C02'])} of 9 had a chronology" in words["history"]
    assert strong(levels["F03"]) == 0
    assert f"none of the {rated(levels['F03'])} cases" in words["change"]
    assert f"in {levels['F03']['inadequate']} of them the work was inadequate" in words["change"]


def test_a_concern_says_who_was_told_before_it_was_written_down(material: Material) -> None:
    concerns = [concern for _, case in all_cases(material) for concern in case.concerns]
    assert len(concerns) == 1
    assert concerns[0].told_at < concerns[0].raised_at
    assert concerns[0].told_whom
    assert concerns[0].agreed


def test_a_file_that_is_no_toml_is_named() -> None:
    with pytest.raises(ValueError, match=r"^names\.toml: "):
        read_material({"names.toml": "child_first_names = ["})


def test_what_does_not_fit_the_shape_is_refused_with_its_place(files: dict[str, str]) -> None:
    path = "round-1/case-1.toml"
    broken = files[path].replace('level = "good"', 'level = ""', 1).replace("summary =", "sumary =", 1)
    with pytest.raises(ValueError, match=r"rounds\.0\.cases\.0\.summary") as refusal:
        read_material({**files, path: broken})
    assert "needs a level exactly when its answer is one" in str(refusal.value)
