"""Text that is unreadable in the database: Fernet under the settings' keys, newest first, so keys can be rotated."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


def cipher() -> MultiFernet:
    """The cipher of the running application."""
    return current_app.extensions["cipher"]  # type: ignore[no-any-return]


def cipher_from(keys: str) -> MultiFernet:
    """A cipher from comma-separated Fernet keys. The first encrypts, each can decrypt.

    Raises:
        ValueError: a key is not 32 url-safe base64-encoded bytes.
    """
    return MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])


class Encrypted(TypeDecorator[str]):
    """A text column at rest under the settings' keys."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else cipher().encrypt(value.encode())

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            return cipher().decrypt(value).decode()
        except InvalidToken as error:
            raise RuntimeError("A value was encrypted under a key that the settings no longer hold.") from error


class EncryptedBytes(TypeDecorator[bytes]):
    """A file or other bytes at rest under the settings' keys."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else cipher().encrypt(value)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else cipher().decrypt(value)
