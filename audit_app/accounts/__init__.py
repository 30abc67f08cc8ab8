"""Partnerships and the people in them.

A *person* is a sign-in. A *membership* gives a person one role in one partnership, for an agency or for none,
from a day until a day. A partnership has *agencies*, *bodies* (who commissions, receives and signs off) and *areas*.
"""
