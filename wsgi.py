"""The application for a server: `gunicorn wsgi:app`."""

from audit_app import create_app

app = create_app()
