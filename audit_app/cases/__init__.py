"""Sampled children by reference; the identity key, apart and encrypted; immediate concerns; who sees what.

case: sampled -> with agencies -> at panel -> agreed (-> withdrawn and replaced; -> paused).
concern: raised -> acknowledged -> outcome recorded -> closed (outcome recorded -> acknowledged: not agreed).
"""
