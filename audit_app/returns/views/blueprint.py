"""The blueprint of all pages on returns."""

from flask import request

from audit_app.accounts.access import partnership_blueprint

blueprint = partnership_blueprint("returns", __name__)

DOMAIN_BYTES_AT_MOST = 8 * 1024 * 1024
"""A domain of 33 indicators with every text full, as a browser encodes it. The default would cut it at 500,000."""
LONG_FORMS = {
    "returns.score_domain",
    "returns.save_rating",
    "returns.save_words",
    "returns.send_back",
    "returns.own_work",
}
DOMAIN_PARTS_AT_MOST = 2_000
PASTE_BYTES_AT_MOST = 16 * 1024 * 1024
"""What may be pasted and what waits to be added, as a browser encodes them."""


@blueprint.url_value_preprocessor
def allow_long_texts(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Runs before anything reads the form, the check of its token included."""
    if endpoint in LONG_FORMS:
        request.max_form_memory_size = DOMAIN_BYTES_AT_MOST
        request.max_form_parts = DOMAIN_PARTS_AT_MOST
    if endpoint == "returns.paste_events":
        request.max_form_memory_size = PASTE_BYTES_AT_MOST
