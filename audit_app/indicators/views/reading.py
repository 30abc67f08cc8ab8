"""Looking at templates: the list, one version, the preview, what changed. Any member may; drafts are for some."""

from collections.abc import Sequence

from flask import render_template, request

from audit_app.accounts.access import current_actor, members
from audit_app.core.errors import NotHere
from audit_app.core.forms import whole_number
from audit_app.indicators import queries, rules
from audit_app.indicators.queries import VersionShown
from audit_app.indicators.rules import RATED_WORDS, AppliesBy, applies_in_words
from audit_app.indicators.views.blueprint import blueprint


@blueprint.get("/templates")
@members
def list_templates() -> str:
    own = queries.own_templates(current_actor())
    return render_template(
        "indicators/list_templates.html",
        delivered=queries.templates_offered(None),
        published=[one for one in own if one.is_published],
        drafts=[one for one in own if not one.is_published],
        with_drafts={one.code for one in own if not one.is_published},
    )


@blueprint.get("/templates/<code>/<int:version>")
@members
def show_template(code: str, version: int) -> str:
    versions = queries.versions_seen_by(current_actor(), code)
    shown = _of_number(versions, version)
    terms = current_actor().terms
    template = queries.template_version(shown.version_id)
    return render_template(
        "indicators/show_template.html",
        attributes=queries.case_attributes(),
        shown=shown,
        versions=versions,
        template=template,
        library=queries.library_codes(),
        rated_words=RATED_WORDS,
        limits={indicator.code: applies_in_words(indicator.applies, terms) for indicator in template.indicators},
    )


@blueprint.get("/templates/<code>/<int:version>/preview")
@members
def preview_template(code: str, version: int) -> str:
    shown = queries.version_seen_by(current_actor(), code, version)
    template = queries.template_version(shown.version_id)
    first = 0 if template.attributes else 1  # the page about the child comes before the domains
    position = request.args.get("domain", 1, type=whole_number)
    if not first <= position <= max(1, len(template.domains)):
        raise NotHere
    known = queries.case_attributes()
    terms = current_actor().terms
    possible = rules.applies_by_words(terms)
    of = {by: value for by in AppliesBy if (value := request.args.get(by.value, "")) in possible[by]}
    return render_template(
        "indicators/preview_template.html",
        shown=shown,
        template=template,
        position=position,
        of=of,
        possible=possible,
        asking=rules.preview_domains(template, of),
        attributes=[known[code] for code in template.attributes] if position == 0 else (),
        questions=rules.preview_questions(template, position, of) if template.domains and position else (),
        limits={indicator.code: applies_in_words(indicator.applies, terms) for indicator in template.indicators},
        levels=rules.preview_levels(template),
        rated_words=RATED_WORDS,
    )


@blueprint.get("/templates/<code>/changes")
@members
def compare_versions(code: str) -> str:
    versions = queries.versions_seen_by(current_actor(), code)
    last = versions[-1].version
    chosen = _of_number(versions, request.args.get("new", last, type=whole_number))
    before = [one.version for one in versions if one.version < chosen.version] or [chosen.version]
    other = _of_number(versions, request.args.get("old", before[-1], type=whole_number))
    older, newer = sorted((chosen, other), key=lambda one: one.version)
    old, new = (queries.template_version(one.version_id) for one in (older, newer))
    return render_template(
        "indicators/compare_versions.html",
        versions=versions,
        older=older,
        newer=newer,
        notes=[one for one in versions if older.version < one.version <= newer.version and one.note],
        whole=rules.template_words(old, new, {code: one.title for code, one in queries.case_attributes().items()}),
        differences=rules.differences(old, new, current_actor().terms),
    )


def _of_number(versions: Sequence[VersionShown], number: int) -> VersionShown:
    for one in versions:
        if one.version == number:
            return one
    raise NotHere
