"""Work done outside a request: what was wanted, by whom, how it went. A killed worker loses nothing.

A *job* is a row in a table, of a *kind* for which some feature above has a *handler*. One worker process at a time
takes what is due; what a dead worker left running is queued again by the next.
"""
