"""The questions about a partnership's own templates, a form for each of their pages."""

from audit_app.indicators.forms.asked import (
    AddForm,
    IndicatorForm,
    MoveForm,
    WriteForm,
    as_answers,
    indicator_form,
    typed_for_other_levels,
    written_texts,
)
from audit_app.indicators.forms.drafts import (
    ConfirmForm,
    CopyForm,
    DescriptionForm,
    DomainForm,
    PublishForm,
    RecordedForm,
    RemoveDomainForm,
)
from audit_app.indicators.forms.exchange import PROBLEMS_SHOWN, LoadForm

__all__ = [
    "PROBLEMS_SHOWN",
    "AddForm",
    "ConfirmForm",
    "CopyForm",
    "DescriptionForm",
    "DomainForm",
    "IndicatorForm",
    "LoadForm",
    "MoveForm",
    "PublishForm",
    "RecordedForm",
    "RemoveDomainForm",
    "WriteForm",
    "as_answers",
    "indicator_form",
    "typed_for_other_levels",
    "written_texts",
]
