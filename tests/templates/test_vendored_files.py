"""Other people's files are the ones named beside them, and hold nothing that belongs to GOV.UK alone."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "audit_app" / "static" / "vendor"


def test_every_vendored_file_is_the_one_that_was_checked() -> None:
    listed = dict(re.findall(r"^\| `(\S+)` \|.*`([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.MULTILINE))
    files = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*.*") if path.suffix in {".css", ".js"}}
    assert files <= listed.keys()
    for name in files:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == listed[name], name


def test_no_crown_and_no_typeface_of_gov_uk() -> None:
    css = (VENDOR / "govuk-frontend" / "govuk-frontend.min.css").read_text()
    assert "@font-face" not in css
    assert "GDS Transport" not in css
    assert "url(" not in css


def test_each_licence_lies_beside_its_files() -> None:
    assert all(
        (VENDOR / name / "LICENSE").read_text().startswith(("The MIT", "MIT")) for name in ("govuk-frontend", "plotly")
    )
