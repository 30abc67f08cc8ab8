"""Texts of one line, and what of them counts when two are told apart."""

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def one_line(text: str) -> str:
    """A text of one line, such as a title: what was typed as several lines or spaces is one space."""
    return " ".join(text.split())


def key_of(text: str) -> str:
    """What of a title, a heading or a value counts: not capitals, spaces, or the shape of quotation marks."""
    return one_line(text.translate(_STRAIGHT)).casefold()
