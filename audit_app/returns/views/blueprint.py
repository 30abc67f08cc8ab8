"""The blueprint of all pages on returns."""

from flask import request

from audit_app.accounts.access import partnership_blueprint

blueprint = partnership_blueprint("returns", __name__)

DOMAIN_BYTES_AT_MOST = 8 * 1024 * 1024
"""A domain of 33 indicators with every text full, as a browser encodes it. The default would cut it at 500,000."""
DOMAIN_PARTS_AT_MOST = 2_000


@blueprint.url_value_preprocessor
def allow_long_texts(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Runs before anything reads the form, the check of its token included."""
    if endpoint in {"returns.score_domain", "returns.own_work"}:
        request.max_form_memory_size = DOMAIN_BYTES_AT_MOST
        request.max_form_parts = DOMAIN_PARTS_AT_MOST
