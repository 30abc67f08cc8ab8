"""What comes out: workbooks and figures.

Plain dataclasses and tuples go in, bytes and dictionaries come out. Nothing here knows the web, the database or who is
signed in: whoever calls decides what the reader may see, and hands over no more than that.
"""
