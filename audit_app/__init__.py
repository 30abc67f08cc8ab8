"""The web application: a folder for each feature, from `core` at the bottom to `factory` at the top."""

from audit_app.factory import create_app

__all__ = ["create_app"]
