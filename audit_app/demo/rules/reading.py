"""How the files of the material are read."""

import tomllib
from collections.abc import Mapping
from typing import Any

from audit_app.demo.rules.rounds import Material


def read_material(files: Mapping[str, str]) -> Material:
    """The material in `files`, whose keys are paths inside `material/` and whose values are TOML texts.

    Raises:
        ValueError: a file is no TOML, or together they do not have the shape above. Says where and what.
    """
    tables = {path: _parsed(path, text) for path, text in files.items()}
    partnership = tables.get("partnership.toml", {})
    folders = sorted({path.split("/")[0] for path in tables if "/" in path})
    return Material.model_validate(
        {
            "partnership": {key: value for key, value in partnership.items() if key != "second"},
            "second": partnership.get("second", {}),
            "names": tables.get("names.toml", {}),
            "rounds": [_round(folder, tables) for folder in folders],
        }
    )


def _parsed(path: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}") from None


def _round(folder: str, tables: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    cases = [table for path, table in tables.items() if path.startswith(f"{folder}/case-")]
    return {
        "plan": tables.get(f"{folder}/round.toml", {}),
        "cases": sorted(cases, key=lambda case: int(case.get("position", 0))),
        **tables.get(f"{folder}/practice.toml", {}),
        **tables.get(f"{folder}/findings.toml", {}),
        **tables.get(f"{folder}/actions.toml", {}),
    }
