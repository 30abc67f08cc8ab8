"""Each agency's audit of its own file on one case.

return: not started -> in progress -> submitted -> changes requested -> submitted -> accepted
(or: not known; known outside the look-back; only a parent or sibling known; declined; closed without return).
"""
