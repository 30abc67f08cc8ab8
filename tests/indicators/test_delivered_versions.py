"""A version that was delivered never changes: its file may not say something else under the same number."""

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from config import PROJECT
from tests.factories.indicators import the_catalogue

LEDGER = PROJECT / "tests" / "data" / "delivered_versions.json"
"""Of each delivered version, and of each scale, a digest of all that it says."""
MEND = "Raise the version of a template that changes, give a scale that changes a new code, and add it to the ledger"


def digest(said: object) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): plain(inner) for key, inner in sorted(value.items())}
        if isinstance(value, frozenset):
            return sorted(value)
        return [plain(one) for one in value] if isinstance(value, tuple | list) else value

    return sha256(json.dumps(plain(said), sort_keys=True).encode()).hexdigest()[:16]


def delivered() -> dict[str, str]:
    catalogue = the_catalogue()
    scales = {code: asdict(scale) for code, scale in catalogue.scales.items()}
    for scale in scales.values():
        scale["levels"] = [{name: value for name, value in one.items() if name != "means"} for one in scale["levels"]]
    return {f"scale {code}": digest(scale) for code, scale in scales.items()} | {
        f"{one.code} {one.version}": digest({**asdict(one), "position": 0, "scale": one.scale.code})
        for one in catalogue.templates
    }


def test_what_was_delivered_under_a_number_still_says_the_same() -> None:
    ledger, now = json.loads(LEDGER.read_text(encoding="utf-8")), delivered()
    changed = [name for name, mark in now.items() if ledger.get(name, mark) != mark]
    assert changed == [], MEND


def test_everything_that_is_delivered_stands_in_the_ledger() -> None:
    assert set(delivered()) <= set(json.loads(LEDGER.read_text(encoding="utf-8"))), MEND
