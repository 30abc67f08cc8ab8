"""The partnership's words: what it calls roles, plans of children, kinds of agency and those who use tools."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries, rules, services
from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.forms import terms_form
from audit_app.accounts.rules import DELIVERED_TERMS, TERM_GROUP_WORDS, TERM_SET_WORDS, Role, TermGroup, Terms, TermSet
from audit_app.accounts.views.blueprint import accounts
from audit_app.core.db import transaction
from audit_app.core.errors import Refused, Stale
from audit_app.core.forms import is_number
from audit_app.core.web import refuse


@accounts.get("/p/<slug>/words")
@allow(Role.ADMINISTRATOR, Role.COORDINATOR)
def show_words() -> str:
    kept = queries.partnership_settings(current_actor().partnership_id)
    terms = Terms(kept.terms)
    return render_template(
        "accounts/words.html",
        groups=[(group, words, DELIVERED_TERMS[group], terms.of(group)) for group, words in TERM_GROUP_WORDS.items()],
        coming=rules.COMING_TERMS,
        is_coming=rules.is_of_set(TermSet.COMING, terms),
        is_today=rules.is_of_set(TermSet.TODAY, terms),
        version=kept.terms_version,
    )


@accounts.route("/p/<slug>/words/<group>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def change_words(group: str) -> str | Response:
    if group not in set(TermGroup):
        abort(404)
    actor, named = current_actor(), TermGroup(group)
    kept = queries.partnership_settings(actor.partnership_id)
    form = terms_form(named, Terms(kept.terms), version=kept.terms_version)
    theirs: Mapping[str, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_terms(named, form.words(), version=form.version.data, by=actor)
            flash(f"{TERM_GROUP_WORDS[named]}: the words are saved.", "success")
            return redirect(url_for("accounts.show_words"))
        except Stale as stale:
            refuse(form, stale)
            theirs, form.version.data = stale.theirs, stale.version
        except Refused as refusal:
            refuse(form, refusal)
    return render_template(
        "accounts/change_words.html",
        form=form,
        title=TERM_GROUP_WORDS[named],
        differences=[
            (field.label.text, theirs[field.name], field.data)
            for field in form.word_fields()
            if theirs and theirs[field.name] != field.data
        ],
    )


@accounts.post("/p/<slug>/words/use/<chosen>")
@allow(Role.ADMINISTRATOR)
def use_words(chosen: str) -> Response:
    if chosen not in set(TermSet):
        abort(404)
    named, version = TermSet(chosen), request.form.get("version", "")
    try:
        with transaction():
            services.use_terms(named, version=int(version) if is_number(version) else 0, by=current_actor())
        flash(f"The partnership now uses {TERM_SET_WORDS[named]}.", "success")
    except Stale:
        flash("Someone else changed the words while you were looking. Look at them again.")
    except Refused as refusal:
        flash(refusal.reason)
    return redirect(url_for("accounts.show_words"))
