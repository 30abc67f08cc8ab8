"""An audit round: why, what, who and when; and the copy of the template that it was opened with.

draft -> sampling -> returns -> panel -> moderation -> accuracy check -> reporting -> published -> closed
(withdrawn, before published).
"""
