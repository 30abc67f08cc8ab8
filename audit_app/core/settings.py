"""The settings of the running application, for the few deeds that depend on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import current_app

from config import Settings


def settings() -> Settings:
    """The settings that the running application was made with."""
    return current_app.extensions["settings"]  # type: ignore[no-any-return]


@contextmanager
def settings_with(**changes: Any) -> Iterator[None]:
    """Let some settings be others for what is done inside, before the application serves anybody."""
    before = settings()
    current_app.extensions["settings"] = replace(before, **changes)
    try:
        yield
    finally:
        current_app.extensions["settings"] = before
