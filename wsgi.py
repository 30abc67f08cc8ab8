"""The application for a server: `gunicorn wsgi:app`."""

import gc

from audit_app import create_app
from audit_app.core.turns import Turns


def settled() -> None:
    """Tell Python that what stands now stays: it is not searched for garbage again, which held up every request.

    Searching everything took a sixth of a second each time. What requests leave is looked for less often, too.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


app = create_app()
app.wsgi_app = Turns(app.wsgi_app, go_first="/room/now")  # type: ignore[method-assign]
settled()
