"""What the measured servers serve: the application as it is, beside the control, each answer saying its statements.

The control saves the same post as the page of a domain: the same rows in the same file, with no sign-in, no form to
check and no history. It is how fast this machine, this server and this database could be.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request
from sqlalchemy import Engine, bindparam, event, update
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from audit_app import create_app
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.returns.models import Rating
from audit_app.returns.rules import AnswerKind
from benchmarks.world import PARTNERSHIP_ID

QUERIES = "X-Statements"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_running = threading.local()


@event.listens_for(Engine, "before_cursor_execute")
def _count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not statement.startswith(("BEGIN", "PRAGMA")):
        _running.statements = getattr(_running, "statements", 0) + 1


def counted(wsgi: Wsgi) -> Wsgi:
    """Say in each answer how many statements it took. One thread answers a request from beginning to end."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        _running.statements = 0

        def start_with_count(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, [*headers, (QUERIES, str(_running.statements))], *rest)

        return wsgi(environ, start_with_count)

    return answer


def control(database: Flask) -> Flask:
    """The control, saving through the engine of the application."""
    bare = Flask("control")
    table = Rating.metadata.tables[Rating.__tablename__]
    save = (
        update(table)
        .where(
            table.c.partnership_id == PARTNERSHIP_ID,
            table.c.return_id == bindparam("its_return"),
            table.c.indicator_id == bindparam("its_indicator"),
        )
        .values({name: bindparam(name) for name in ("answer", "level_id", "evidence", "where_on_file", "answered_at")})
    )

    @bare.post("/<int:return_id>")
    def save_domain(return_id: int) -> tuple[str, int]:
        asked = [int(name.removeprefix("answer-")) for name in request.form if name.startswith("answer-")]
        rows = [
            {
                "its_return": return_id,
                "its_indicator": indicator_id,
                "answer": AnswerKind.LEVEL,
                "level_id": int(request.form[f"answer-{indicator_id}"]),
                "evidence": request.form[f"evidence-{indicator_id}"],
                "where_on_file": request.form[f"where-{indicator_id}"],
                "answered_at": clock.now(),
            }
            for indicator_id in asked
        ]
        with database.app_context(), transaction():
            db.session.connection().execute(save, rows)
        return "", 204

    return bare


def served() -> Flask:
    """The application with everything that measuring needs around it."""
    app = create_app()
    app.wsgi_app = counted(DispatcherMiddleware(app.wsgi_app, {"/control": control(app).wsgi_app}))  # type: ignore[method-assign,assignment]
    return app
