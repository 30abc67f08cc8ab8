"""From a council's file to the cases of a round: taken in, drawn, made findable, and told apart as stories."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

from audit_app.accounts.rules import Role
from audit_app.cases import services as cases
from audit_app.cases.models import Case
from audit_app.cases.rules import IdentitySheet
from audit_app.demo import rules
from audit_app.demo.services.days import Days, Story
from audit_app.demo.services.people import Place
from audit_app.returns import services as returns
from audit_app.rounds.models import Round
from audit_app.sampling import services
from audit_app.sampling.rules import Dimension, ReadPopulation, SamplingFrame, SamplingPlan, read_population

FILES_ARE_AS_AT = date(2026, 9, 30)
"""The day on which the material's population files were made; see their README."""

NUMBER_OF_PUPIL = "UPN Z99{:09d}"  # begins with a letter that no school gives


def sample_cases(
    plan: rules.Plan, stories: Sequence[rules.Case], *, found: Round, folder: Path, place: Place, days: Days
) -> Story[Mapping[int, Case]]:
    """Take the population in and draw from it; gives the cases by the positions of the stories that fit them."""
    sample = plan.sample
    assert sample is not None
    assert plan.population_days_before is not None
    assert plan.drawn_days_before is not None
    assert plan.confirmed_days_before is not None
    yield from _take_in(folder / sample.file, before=plan.population_days_before, found=found, place=place, days=days)
    coordinator = place.one(Role.COORDINATOR)
    at = yield days.at(plan.drawn_days_before, time(10, 20))
    draw = services.draw_sample(found.id, frame=SamplingFrame(), plan=_sampling_plan(sample), by=coordinator, at=at)
    at = yield days.at(plan.confirmed_days_before, time(9, 30))
    drawn = services.confirm_sample(found.id, draw.id, by=coordinator, at=at)
    told = _told(drawn, stories, place)
    yield days.at(plan.confirmed_days_before, time(10, 30))
    for story in stories:
        cases.write_summary(told[story.position].id, words=story.summary, version=1, by=coordinator)
    return told


def _take_in(file: Path, *, before: int, found: Round, place: Place, days: Days) -> Story[None]:
    content = file.read_bytes()
    as_at = days.day(before + 1)
    read = moved_in_time(read_population(content, today=FILES_ARE_AS_AT), as_at - FILES_ARE_AS_AT)
    by = place.one(Role.KEY_HOLDER)
    at = yield days.at(before, time(14, 40))
    kept = services.keep_file(found.id, content=content, file_name=file.name, read=read, by=by, at=at)
    at = yield days.at(before, time(14, 55))
    services.confirm_population(found.id, kept.file_sha256, read=read, as_at=as_at, by=by, at=at)


def moved_in_time(read: ReadPopulation, by: timedelta) -> ReadPopulation:
    """What was read of a file, as if the file had been made so much later: everybody is as old as they were."""

    def moved(day: date | None) -> date | None:
        return None if day is None else day + by

    children = tuple(
        replace(child, born=moved(child.born), plan_start=moved(child.plan_start)) for child in read.children
    )
    return replace(read, children=children, latest_date=moved(read.latest_date))


def _sampling_plan(sample: rules.Sample) -> SamplingPlan:
    has_areas = any(stratum.area for stratum in sample.strata)
    strata_by = (Dimension.AGE_BAND, Dimension.AREA) if has_areas else (Dimension.AGE_BAND,)
    return SamplingPlan(
        size=sum(stratum.size for stratum in sample.strata),
        reserves=sample.reserves,
        seed=sample.seed,
        strata_by=strata_by,
        allocation={
            (stratum.age_band.value, *((stratum.area,) if has_areas else ())): stratum.size for stratum in sample.strata
        },
    )


def _told(drawn: Sequence[Case], stories: Sequence[rules.Case], place: Place) -> Mapping[int, Case]:
    """Give each drawn child the first story that fits and is not yet told."""
    areas = {area_id: name for name, area_id in place.areas.items()}
    left = list(stories)
    told = {}
    for case in drawn:
        area = areas.get(case.area_id or 0, "")
        story = next(
            story
            for story in left
            if (story.plan_status, story.age_band) == (case.plan_status, case.age_band) and area in {"", story.area}
        )
        left.remove(story)
        told[story.position] = case
    return told


def complete_sheets(
    drawn: Sequence[Case], names: rules.Names, *, skip: int, before: int, place: Place, days: Days
) -> Story[None]:
    """Complete the identity sheets of cases out of invented names; `skip` of them are used up by other rounds."""
    by = place.one(Role.KEY_HOLDER)
    for number, case in enumerate(drawn, skip):
        at = yield days.at(before, time(11, 0))
        opened = cases.open_identity_sheet(case.id, by=by)
        sheet = _invented(number, names, opened.sheet)
        cases.save_identity_sheet(case.id, sheet=sheet, missing_reason="", version=opened.version, by=by, at=at)


def _invented(number: int, names: rules.Names, kept: IdentitySheet) -> IdentitySheet:
    def pick(words: Sequence[str], offset: int = 0) -> str:
        return words[(number + offset) % len(words)]

    family = pick(names.last_names)
    mother, other = pick(names.parent_first_names, number), pick(names.parent_first_names, number + 1)
    return replace(
        kept,
        names=f"{pick(names.child_first_names)} {family}",
        addresses=f"{number + 3} {pick(names.streets)}, {pick(names.towns)}, {pick(names.postcodes)}",
        numbers=f"{kept.numbers}; {NUMBER_OF_PUPIL.format(number + 1)}",
        school=pick(names.schools),
        practice=pick(names.practices),
        carers=f"{mother} {family} ({names.adult_relations[0]})",
        other_adults=f"{other} {pick(names.last_names, 7)} ({names.adult_relations[1 + number % 4]})",
        siblings=f"{pick(names.child_first_names, 13)} {family}" if number % 2 else "",
    )


def send_out(found: Round, plan: rules.Plan, *, place: Place, days: Days) -> Story[None]:
    """Send the cases to the agencies on the day on which their sheets were completed."""
    assert plan.confirmed_days_before is not None
    at = yield days.at(plan.confirmed_days_before, time(15, 30))
    returns.send_to_agencies(
        found.id,
        due_on=days.day(plan.returns_due_days_before),
        link=place.address("returns"),
        by=place.one(Role.COORDINATOR),
        at=at,
    )
