"""The pages of a round's population and sample."""

from audit_app.sampling.views import population, sample
from audit_app.sampling.views.routes import blueprint

__all__ = ["blueprint", "population", "sample"]
