"""The queue and its worker."""

from audit_app.jobs.services.queue import clear_finished, enqueue, handler, queue_lost_again, run_due, run_one
from audit_app.jobs.services.worker import do_chores, regularly, the_only_worker, work

__all__ = [
    "clear_finished",
    "do_chores",
    "enqueue",
    "handler",
    "queue_lost_again",
    "regularly",
    "run_due",
    "run_one",
    "the_only_worker",
    "work",
]
