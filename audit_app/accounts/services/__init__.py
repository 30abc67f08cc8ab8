"""Deeds on people, partnerships and sign-ins."""

from audit_app.accounts.services.drafts import (
    forget_draft,
    forget_drafts_at,
    forget_drafts_of,
    forget_drafts_saying,
    forget_old_drafts,
    keep_draft,
    remove_draft,
)
from audit_app.accounts.services.invitations import (
    accept_invitation,
    invite_person,
    renew_invitation,
    why_not_accept_link,
)
from audit_app.accounts.services.kept import forget_old_posts, forget_post, keep_post
from audit_app.accounts.services.links import Invited, hash_of
from audit_app.accounts.services.partners import (
    add_delegated_partner,
    change_delegated_partner,
    set_delegated_partner_ended,
)
from audit_app.accounts.services.partnerships import (
    add_agency,
    add_area,
    add_body,
    change_agency,
    change_area,
    change_body,
    change_settings,
    create_partnership,
    set_agency_ended,
    set_area_ended,
    set_body_ended,
)
from audit_app.accounts.services.roles import end_person, end_role, give_role
from audit_app.accounts.services.sign_in import (
    begin_try,
    forget_try,
    is_over_limit,
    note_failure,
    note_new_password,
    note_sign_in,
    send_reset,
)
from audit_app.accounts.services.terms import change_terms, use_terms

__all__ = [
    "Invited",
    "accept_invitation",
    "add_agency",
    "add_area",
    "add_body",
    "add_delegated_partner",
    "begin_try",
    "change_agency",
    "change_area",
    "change_body",
    "change_delegated_partner",
    "change_settings",
    "change_terms",
    "create_partnership",
    "end_person",
    "end_role",
    "forget_draft",
    "forget_drafts_at",
    "forget_drafts_of",
    "forget_drafts_saying",
    "forget_old_drafts",
    "forget_old_posts",
    "forget_post",
    "forget_try",
    "give_role",
    "hash_of",
    "invite_person",
    "is_over_limit",
    "keep_draft",
    "keep_post",
    "note_failure",
    "note_new_password",
    "note_sign_in",
    "remove_draft",
    "renew_invitation",
    "send_reset",
    "set_agency_ended",
    "set_area_ended",
    "set_body_ended",
    "set_delegated_partner_ended",
    "use_terms",
    "why_not_accept_link",
]
