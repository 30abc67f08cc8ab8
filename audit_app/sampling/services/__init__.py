"""What people do to get from a council's file to the cases of a round."""

from audit_app.sampling.services.population import (
    GONE,
    confirm_population,
    destroy_expired_files,
    keep_file,
    set_file_aside,
)
from audit_app.sampling.services.samples import confirm_sample, draw_sample, set_sample_aside, withdraw_case

__all__ = [
    "GONE",
    "confirm_population",
    "confirm_sample",
    "destroy_expired_files",
    "draw_sample",
    "keep_file",
    "set_file_aside",
    "set_sample_aside",
    "withdraw_case",
]
