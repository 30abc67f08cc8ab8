"""The forms that move a round on or take it back."""

from audit_app.core.forms import PageForm, VersionField, WordsField, at_most, needed


class CheckForm(PageForm):
    """Opening a round with the plan that was checked."""

    version = VersionField()


class WithdrawForm(PageForm):
    reason = WordsField(
        "Why is this round withdrawn?",
        [needed("Say why the round is withdrawn."), at_most(2000, "The reason")],
        description="It stays on the round's page and in its history. No child's name.",
    )
