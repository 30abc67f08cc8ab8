"""Meetings in which cases are scored together, and what they agree.

item: waiting -> voting -> revealed -> agreed; waiting -> agreed (together, or on paper); agreed -> voting (reopened).
"""
