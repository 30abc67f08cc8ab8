"""The action plan: what agencies will do about the findings, and what came of it.

action: proposed -> open -> done (says the agency) -> signed off (says the board)
(done -> open: sent back; -> withdrawn).
"""
