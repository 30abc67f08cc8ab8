"""Looking at the templates and at what stands behind each indicator. Any member may."""

from flask import render_template

from audit_app.accounts.access import members, partnership_blueprint
from audit_app.indicators import queries
from audit_app.indicators.rules import RATED_WORDS, applies_in_words, reference_in_words

blueprint = partnership_blueprint("indicators", __name__)


@blueprint.get("/templates")
@members
def list_templates() -> str:
    return render_template("indicators/list_templates.html", templates=queries.templates_offered())


@blueprint.get("/templates/<code>/<int:version>")
@members
def show_template(code: str, version: int) -> str:
    template = queries.template_version(queries.version_id(code, version))
    return render_template(
        "indicators/show_template.html",
        template=template,
        rated_words=RATED_WORDS,
        limits={indicator.code: applies_in_words(indicator.applies) for indicator in template.indicators},
    )


@blueprint.get("/indicators/<code>")
@members
def show_indicator(code: str) -> str:
    return render_template(
        "indicators/show_indicator.html",
        page=queries.indicator_page(code),
        rated_words=RATED_WORDS,
        reference_in_words=reference_in_words,
    )
