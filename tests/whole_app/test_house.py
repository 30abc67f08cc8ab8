"""The house: sizes, rooms, tables, secrets. What no other tool says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import ForeignKeyConstraint, Table

from audit_app.core.db import db
from config import PROJECT

LEFT_OUT = {".git", ".venv", "build", "instance", "vendor", "node_modules"}
TEXTS = {".py", ".html", ".js", ".css", ".md", ".toml", ".txt", ".in", ".yaml", ".cfg", ".ini", ""}
ROOMS = {"__init__", "rules", "models", "queries", "services", "forms", "views", "cli", "access"}
NOT_ROOMS = {"utils", "util", "helpers", "common", "misc"}
SHARED_BY_ALL = {
    *("partnership", "person", "sign_in_failure", "kept_post", "job"),
    *("strategy", "indicator", "indicator_source", "indicator_guidance", "scale", "scale_level"),
    *("audit_template_version", "template_domain", "template_indicator", "template_guidance"),
    "template_applicability",
    "strategy_statement",
    "requirement",
    "requirement_source",
}
"""The only tables that belong to no partnership: people, the library, and work waiting to be done."""
DELIVERED_OR_OWN = {"audit_template"}
"""Tables with rows for all partnerships beside rows of one. What belongs to such a row is reached through it alone."""


def files(*suffixes: str) -> Iterator[Path]:
    for path in sorted(PROJECT.rglob("*")):
        parts = path.relative_to(PROJECT).parts
        is_ours = not LEFT_OUT.intersection(parts) and not any(part.endswith("_cache") for part in parts)
        if is_ours and path.is_file() and path.suffix in suffixes:
            yield path


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def test_no_file_of_code_is_longer_than_400_lines() -> None:
    code = [path for path in files(".py", ".html", ".js", ".css") if "migrations/versions" not in named(path)]
    long = {named(path): lines for path in code if (lines := len(path.read_text().splitlines())) > 400}
    assert len(code) > 50
    assert long == {}


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{named(path)}: {node.name}"
        for path in files(".py")
        if "migrations/versions" not in named(path)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_features_hold_rooms_and_nothing_else() -> None:
    strangers = []
    for path in files(".py"):
        parts = path.relative_to(PROJECT).with_suffix("").parts
        if parts[-1] in NOT_ROOMS:
            strangers.append(named(path))
        if parts[0] == "audit_app" and len(parts) > 2 and parts[1] not in {"core", "static"} and parts[2] not in ROOMS:
            strangers.append(named(path))
    assert strangers == []


def test_a_feature_says_what_it_is_and_imports_nothing_at_its_door() -> None:
    for path in (PROJECT / "audit_app").glob("*/__init__.py"):
        module = ast.parse(path.read_text())
        assert ast.get_docstring(module), named(path)
        assert len(module.body) == 1, f"{named(path)} holds more than its docstring"


def test_only_the_settings_read_the_environment() -> None:
    reading = {named(path) for path in files(".py") if re.search(r"\bos\.(environ|getenv)\b", path.read_text())}
    assert {name for name in reading if not name.startswith(("tests/", "benchmarks/"))} == {"config.py"}


def test_only_transaction_commits() -> None:
    committing = {
        named(path)
        for path in files(".py")
        if named(path).startswith("audit_app/") and re.search(r"\bsession\b.*\.commit\(", path.read_text())
    }
    assert committing == {"audit_app/core/db.py"}


def test_templates_live_with_their_feature_or_with_what_all_pages_share() -> None:
    features = {path.name for path in (PROJECT / "audit_app").iterdir() if (path / "__init__.py").exists()}
    folders = {path.name for path in (PROJECT / "audit_app/templates").iterdir()}
    assert folders - features <= {"layouts", "components", "security"}


@pytest.mark.parametrize(
    "forbidden",
    [
        r"[-]-(extra-)?index[-]url|[-]-find[-]links|\"resolve[d]\"\s*:|registr[y]\s*=\s*[\"']?http",
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
        r"\b(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abps]-[A-Za-z0-9-]{10,})\b",
    ],
    ids=["a package registry's address", "a private key", "a token"],
)
def test_no_file_holds(forbidden: str) -> None:
    this = Path(__file__)
    holding = [
        named(path)
        for path in files(*TEXTS)
        if path != this and re.search(forbidden, path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert holding == []


def test_what_is_made_at_the_first_start_is_never_committed() -> None:
    ignored = (PROJECT / ".gitignore").read_text().splitlines()
    assert {"instance/", ".venv/"} <= set(ignored)


def tables(app: Flask) -> list[Table]:
    with app.app_context():
        return list(db.metadata.sorted_tables)


def test_every_table_belongs_to_one_partnership(application: Flask) -> None:
    loose = {table.name for table in tables(application) if "partnership_id" not in table.columns}
    assert loose == SHARED_BY_ALL
    for table in tables(application):
        if "partnership_id" in table.columns:
            assert table.columns["partnership_id"].nullable is (table.name in DELIVERED_OR_OWN), table.name


def test_no_row_can_refer_to_another_partnerships_row(application: Flask) -> None:
    """References between tables that belong to a partnership carry the partnership as well."""
    single = []
    for table in tables(application):
        for constraint in table.constraints:
            if not isinstance(constraint, ForeignKeyConstraint) or "partnership_id" not in table.columns:
                continue
            target = constraint.referred_table
            if "partnership_id" in target.columns and "partnership_id" not in constraint.column_keys:
                single.append(f"{table.name}.{constraint.column_keys} -> {target.name}")
    assert single == []
