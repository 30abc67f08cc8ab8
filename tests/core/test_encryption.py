"""What is encrypted is unreadable in the database, and keys can be changed."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask
from sqlalchemy import text

from audit_app.core.db import db
from audit_app.core.encryption import cipher_from
from tests.factories.accounts import a_partnership


def test_the_database_never_sees_the_words(app: Flask) -> None:
    a_partnership(token_secret="the secret words")
    stored = bytes(db.session.execute(text("SELECT token_secret FROM partnership")).scalar_one())
    assert b"secret" not in stored


def test_an_old_key_still_reads_and_the_new_one_writes() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before = cipher_from(old).encrypt(b"kept")
    both = cipher_from(f"{new}, {old}")
    assert both.decrypt(before) == b"kept"
    rotated = both.rotate(before)
    assert cipher_from(new).decrypt(rotated) == b"kept"
    with pytest.raises(InvalidToken):
        cipher_from(old).decrypt(rotated)
