"""Templates that partnerships send each other, as a workbook or as TOML: written whole, read with every problem."""

from audit_app.core.spreadsheets import ARCHIVE, MEGABYTE, UnreadableFile, open_workbook
from audit_app.indicators.rules.catalogue import AuditTemplate
from audit_app.indicators.rules.exchange.as_toml import as_toml
from audit_app.indicators.rules.exchange.as_workbook import as_workbook
from audit_app.indicators.rules.exchange.from_toml import from_toml, is_exchanged_toml
from audit_app.indicators.rules.exchange.from_workbook import from_workbook
from audit_app.indicators.rules.exchange.wording import Known, known_to
from audit_app.indicators.rules.problems import CatalogueProblems, Problem
from audit_app.indicators.rules.toml_texts import LARGEST_TOML

__all__ = ["LARGEST_TEMPLATE_FILE", "Known", "as_toml", "as_workbook", "is_exchanged", "known_to", "read_template"]

LARGEST_TEMPLATE_FILE = 5 * MEGABYTE

TOO_LARGE = "This file is larger than 5 MB, and a template is far smaller. Choose the file with the template."
TOO_LARGE_TOML = (
    "This file is larger than 1 MB, and a template in TOML is far smaller. Choose the file with the template."
)
NO_TEMPLATE = "This file is neither an Excel workbook (.xlsx) nor TOML. Save the template as one of the two."


def read_template(content: bytes, known: Known, *, file: str = "") -> AuditTemplate:
    """The template in a file that somebody sent, told by its bytes: a workbook, or a text in TOML.

    Args:
        content: the bytes as they were uploaded.
        known: the library, scales and case attributes here, which the file is held against.
        file: what problems call the file, where there are several.

    Raises:
        UnreadableFile: the file as a whole cannot be read; one sentence says why.
        CatalogueProblems: with every problem in it.
    """
    if len(content) > LARGEST_TEMPLATE_FILE:
        raise UnreadableFile(TOO_LARGE)
    workbook = open_workbook(content)
    if workbook is None and not _is_text(content):
        raise UnreadableFile(NO_TEMPLATE)
    if workbook is None and len(content) > LARGEST_TOML:
        raise UnreadableFile(TOO_LARGE_TOML)
    read, problems = from_workbook(workbook, known) if workbook else from_toml(content, known)
    if read is None or problems:
        raise CatalogueProblems(Problem(file, place, mending) for place, mending in problems)
    return read


def is_exchanged(content: bytes) -> bool:
    """Whether a file is a template that partnerships send each other, and none of the folder of the service's own."""
    return content.startswith(ARCHIVE) or is_exchanged_toml(content)


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False
