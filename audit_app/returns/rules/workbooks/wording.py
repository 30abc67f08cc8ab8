"""The words of a return as a workbook: its sheets, headings and lines."""

READ_ME = "Read me"
KNOWN = "Is the child known"
RATINGS = "Ratings"
CHILD = "About the child"
CHRONOLOGY = "Chronology"
OVERALL = "Over the whole return"
SHEETS = (READ_ME, KNOWN, RATINGS, CHILD, CHRONOLOGY, OVERALL)

FILE_CODE = "Code of this file"
"""The line of the first sheet by which a file says whose it is."""

LINE, ABOUT, QUESTION, HOW, YOURS = "Line", "About", "Question", "How to answer", "Your answer"
OPTION = "What can be chosen"
SEEN = "For the service: leave as it is"
"""The hidden column: for each row the version that the file was written from."""

CODE, DOMAIN, LOOK_FOR, LEVELS = "Code", "Domain", "What to look for", "What each level looks like"
ANSWER, REASON = "Answer", "Why it does not apply"
EVIDENCE, WHERE = "Judgement and its reason", "Where on file (document, date)"
TAG = "Strength or concern"

DATE, EVENT, IMPACT, RESPONSE = "Date", "What happened", "Impact on the child", "What was done"

IN_WORDS = "Answer this in words, under “Judgement and its reason”. Use the list only where that cannot be."

IN_WORDS_ON_PAPER = "Answer this in words. Tick a box only where that cannot be."

YES, NO = "Yes", "No"

EVENTS_TO_FILL_IN = 60
"""Empty rows of the chronology. More can be loaded: what stands below them is read too."""

NOTHING = "Nothing"
