"""The fields of an answer are written out for speed. They stay what the general macros draw."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from audit_app.indicators.rules import Band, Rated
from audit_app.returns.rules import Answer, AnswerKind, Question, Tag
from audit_app.rounds.rules import FrozenLevel

LEVELS = (
    FrozenLevel(11, "good", "G", "Good", 1, Band.STRONG, 1),
    FrozenLevel(12, "poor", "P", "Poor", 2, Band.WEAK, 2),
)
CHIPS = {11: "Good", 12: "<Poor>"}
WRITTEN_OUT = """{% from "components/answer.html" import answer_fields %}
{{- answer_fields(question, answer, levels, chips, error) }}"""
BY_MACROS = """{% from "components/forms.html" import radios, text_input, textarea %}
{%- set of_code %}<span class="govuk-visually-hidden"> for A01</span>{% endset %}
{%- set options = [] %}
{%- for level in levels %}{% set _ = options.append({"value": level.id, "text": chips[level.id],
  "hint": question.guidance[level.id], "checked": answer.level_id == level.id}) %}{% endfor %}
{%- set _ = options.append({"divider": "or"}) %}
{%- set reason = textarea("reason-7", "Why does A01 not apply?", answer.reason, rows=2) %}
{%- set _ = options.append({"value": "not_applicable", "text": "Not applicable",
  "checked": answer.kind == "not_applicable", "conditional": reason}) %}
{%- set _ = options.append({"value": "no_evidence", "text": "No evidence on file",
  "checked": answer.kind == "no_evidence"}) %}
{{- radios("answer-7", question.question, options, error=error, small=true) }}
{%- set in_brackets %}<span class="govuk-visually-hidden"> (A01)</span>{% endset %}
<div class="app-judgement">
{{- textarea("evidence-7", "What is your judgement, and why?" ~ in_brackets, answer.evidence, rows=5) }}
</div>
{{- text_input("where-7", "Where on file" ~ of_code, answer.where_on_file, hint="The document and its date") }}
{{- radios("tag-7", "Does it show a strength or a concern?" ~ in_brackets, [("strength", "A strength"),
  ("concern", "A concern"), ("neither", "Neither")], answer.tag or "neither", inline=true, small=true) }}"""
QUESTION = Question(
    indicator_id=7,
    code="A01",
    title="Signs were seen",
    question="How soon was neglect seen & named?",
    why="",
    look_for="",
    example="",
    rated=Rated.OWN_WORK,
    is_narrative=False,
    guidance={11: "At once, in the family's <words>.", 12: "Late."},
    answer=Answer(),
    version=1,
    answered_at=None,
    answered_by="",
)


def tidy(html: str) -> str:
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", html)).replace(" >", ">")


@pytest.mark.parametrize("error", ["", "Choose one of the answers shown."])
@pytest.mark.parametrize("question", [QUESTION, replace(QUESTION, guidance={12: "Late."})], ids=["guided", "in part"])
@pytest.mark.parametrize(
    "answer",
    [
        Answer(),
        Answer(AnswerKind.LEVEL, 12, evidence='"Cold" & <hungry>\nagain', where_on_file="Notes, May", tag=Tag.CONCERN),
        Answer(AnswerKind.NOT_APPLICABLE, reason="Not born yet."),
        Answer(AnswerKind.NO_EVIDENCE),
    ],
    ids=["nothing", "a level", "not applicable", "no evidence"],
)
def test_what_is_written_out_is_what_the_macros_draw(
    application: Flask, answer: Answer, question: Question, error: str
) -> None:
    shown = {"question": question, "answer": answer, "levels": LEVELS, "chips": CHIPS, "error": error}
    drawn = [application.jinja_env.from_string(template).render(shown) for template in (WRITTEN_OUT, BY_MACROS)]
    assert tidy(drawn[0]) == tidy(drawn[1])
