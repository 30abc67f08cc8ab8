"""Looking at templates: the list, one version, the preview, what changed. Any member may; drafts are for some."""

from collections.abc import Sequence

from flask import render_template, request

from audit_app.accounts.access import current_actor, members
from audit_app.core.errors import NotHere
from audit_app.core.forms import whole_number
from audit_app.indicators import queries, rules
from audit_app.indicators.queries import VersionShown
from audit_app.indicators.rules import RATED_WORDS, applies_in_words
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
    template, recorded = queries.template_version(shown.version_id), queries.requirements()
    return render_template(
        "indicators/show_template.html",
        attributes=[recorded[one] for one in template.attributes],
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
    position = request.args.get("domain", 1, type=whole_number)
    if not 1 <= position <= max(1, len(template.domains)):
        raise NotHere
    return render_template(
        "indicators/preview_template.html",
        shown=shown,
        template=template,
        position=position,
        questions=rules.preview_questions(template, position) if template.domains else (),
        levels=rules.preview_levels(template),
        rated_words=RATED_WORDS,
    )


@blueprint.get("/templates/<code>/changes")
@members
def compare_versions(code: str) -> str:
    versions = queries.versions_seen_by(current_actor(), code)
    last = versions[-1].version
    newer = _of_number(versions, request.args.get("new", last, type=whole_number))
    before = [one.version for one in versions if one.version < newer.version] or [newer.version]
    older = _of_number(versions, request.args.get("old", before[-1], type=whole_number))
    old, new = (queries.template_version(one.version_id) for one in (older, newer))
    return render_template(
        "indicators/compare_versions.html",
        versions=versions,
        older=older,
        newer=newer,
        whole=rules.template_words(old, new),
        differences=rules.differences(old, new, current_actor().terms),
    )


def _of_number(versions: Sequence[VersionShown], number: int) -> VersionShown:
    for one in versions:
        if one.version == number:
            return one
    raise NotHere
