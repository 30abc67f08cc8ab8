"""What a practice case shows: the questions that most need a conversation come first."""

from dataclasses import replace

from audit_app.accounts.rules import AgencyKind
from audit_app.indicators.rules import AppliesBy, Band, Rated
from audit_app.panels.rules import PracticeAnswer, PracticeRating, calibrated, questions_of
from audit_app.panels.rules.agreement import Outcome
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.rules import FrozenDomain, FrozenIndicator, FrozenLevel, FrozenTemplate

LEVELS = tuple(
    FrozenLevel(10 + rank, words.lower(), words[0], words, rank, Band.ADEQUATE, rank)
    for rank, words in enumerate(("Best", "Good", "Fair", "Poor"), start=1)
)


def an_indicator(number: int) -> FrozenIndicator:
    return FrozenIndicator(
        id=number,
        domain_id=1,
        position=number,
        code=f"A{number:02}",
        title=f"Question {number}",
        question="How well?",
        why="",
        look_for="",
        example="",
        rated=Rated.CHILD_EXPERIENCE,
        is_panel=False,
        is_narrative=False,
        guidance={},
        limits={},
    )


TEMPLATE = FrozenTemplate(LEVELS, (FrozenDomain(1, 1, "All", tuple(an_indicator(one) for one in range(1, 7))),))


def answers(**ranks: str) -> list[PracticeRating]:
    """From A01="122": what the first, second and third person said, by rank; - for not applicable, . for nothing."""
    found = []
    for code, row in ranks.items():
        for person, one in enumerate(row, start=1):
            if one == "-":
                found.append(
                    PracticeRating(person, int(code[1:]), PracticeAnswer(AnswerKind.NOT_APPLICABLE, None, "Too young."))
                )
            elif one != ".":
                found.append(
                    PracticeRating(
                        person, int(code[1:]), PracticeAnswer(AnswerKind.LEVEL, 10 + int(one), f"Says {one}")
                    )
                )
    return found


def test_the_least_agreement_comes_first_and_what_cannot_be_compared_last() -> None:
    found = calibrated(answers(A01="222", A02="124", A03="112", A04="12.", A05="2-.", A06="143"), TEMPLATE)
    assert [one.indicator.code for one in found.questions] == ["A02", "A06", "A04", "A03", "A01", "A05"]
    assert [one.indicator.code for one in found.questions if one.is_to_talk_about] == ["A02", "A06"]
    assert found.people == 3


def test_a_question_shows_how_its_answers_are_spread_and_what_people_wrote() -> None:
    (question,) = calibrated(answers(A01="21-2"), TEMPLATE).questions
    assert [(level.words, count) for level, count in question.counts] == [
        ("Best", 1),
        ("Good", 2),
        ("Fair", 0),
        ("Poor", 0),
    ]
    assert (question.others, question.apart) == (1, 1)
    assert question.reasons == [("Best", "Says 1"), ("Good", "Says 2"), ("Good", "Says 2"), ("No level", "Too young.")]


def test_over_all_questions_units_are_questions_and_raters_are_people() -> None:
    whole = calibrated(answers(A01="222", A02="124", A03="112", A04="122", A05="333", A06="443"), TEMPLATE).whole
    assert (whole.outcome, whole.units, whole.raters) == (Outcome.MEASURED, 6, 3)
    few = calibrated(answers(A01="22", A02="12"), TEMPLATE).whole
    assert (few.outcome, few.percentage) == (Outcome.TOO_FEW, 0.5)


def test_an_auditor_is_asked_what_their_kind_of_agency_is_asked_with_a_level() -> None:
    of_police = replace(an_indicator(1), limits={AppliesBy.AGENCY_KIND: frozenset({"police"})})
    of_babies = replace(an_indicator(2), limits={AppliesBy.AGE_BAND: frozenset({"unborn"})})
    in_words = replace(an_indicator(3), is_narrative=True)
    template = FrozenTemplate(LEVELS, (FrozenDomain(1, 1, "All", (of_police, of_babies, in_words)),))
    assert [one.id for one in questions_of(template, AgencyKind.POLICE)] == [1, 2]
    assert [one.id for one in questions_of(template, AgencyKind.HEALTH)] == [2]
