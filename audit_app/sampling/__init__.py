"""From a population file to drawn cases: reading, confirming, drawing, confirming.

import: read -> confirmed or discarded. The file itself is kept encrypted until then, for an hour at most.
"""
