"""What the measured servers serve: the application as it is, beside the control, each answer saying its statements.

The control saves the same post as the page of a domain: the same rows in the same file, with no sign-in, no form to
check and no history. It is how fast this machine, this server and this database could be.
"""

import threading
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from flask import Flask, request
from sqlalchemy import Engine, event, select
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.returns.models import Rating
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import RoundLevel
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
    """The control, saving as one would with the same libraries and nothing else: read the rows, set them, commit."""
    bare = Flask("control")
    codes: dict[int, str] = {}

    @bare.post("/<int:return_id>")
    def save_domain(return_id: int) -> tuple[str, int]:
        asked = [int(name.removeprefix("answer-")) for name in request.form if name.startswith("answer-")]
        with database.app_context(), transaction():
            if not codes:  # once in the life of a server
                codes.update(db.session.execute(select(RoundLevel.id, RoundLevel.code)).all())
            of_return = (Rating.partnership_id == PARTNERSHIP_ID, Rating.return_id == return_id)
            for rating in db.session.scalars(select(Rating).where(*of_return, Rating.indicator_id.in_(asked))):
                its = rating.indicator_id
                rating.answer, rating.level_id = AnswerKind.LEVEL, int(request.form[f"answer-{its}"])
                rating.level_code = codes[rating.level_id]
                rating.evidence = request.form[f"evidence-{its}"]
                rating.where_on_file = request.form[f"where-{its}"]
                rating.answered_at = clock.now()
        return "", 204

    return bare


def served() -> Flask:
    """The application as a server gets it, with everything that measuring needs around it."""
    app: Flask = import_module("wsgi").app  # here: it is made as soon as it is imported
    app.wsgi_app = counted(DispatcherMiddleware(app.wsgi_app, {"/control": control(app).wsgi_app}))  # type: ignore[method-assign,assignment]
    return app
