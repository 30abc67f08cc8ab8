"""Two versions of a return laid beside each other, for the page that compares them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from audit_app.core.errors import NotHere
from audit_app.returns.queries.entries import entries_of_return, entries_of_version
from audit_app.returns.queries.one_return import ReturnShown
from audit_app.returns.queries.versions import CommentShown, VersionLine, comments_of_version, versions_of_return
from audit_app.returns.rules import HANDED_OVER, Beside, Entry, ReturnState, beside

_MAY_HAVE_COME_BACK = HANDED_OVER | {ReturnState.CHANGES_REQUESTED, ReturnState.CLOSED}


@dataclass(frozen=True)
class SentBack:
    """The last time that a return was sent back: when, by whom and why, and the comments on single indicators."""

    last: VersionLine
    comments: Sequence[CommentShown]


def sent_back(partnership_id: int, found: ReturnShown) -> SentBack | None:
    """The last time that a return was sent back, for a viewer who may read it, or None."""
    if not found.reads_versions or found.state not in _MAY_HAVE_COME_BACK:
        return None
    versions = versions_of_return(partnership_id, found.id)
    if not versions:
        return None
    last = versions[-1]
    comments = comments_of_version(partnership_id, found.id, last.id, has_current=reads_current(found))
    return SentBack(last, comments)


def reads_current(found: ReturnShown) -> bool:
    """Whether whoever reads the versions of a return reads what it says now: its agency, and others once it is handed
    over again."""
    return found.is_own or found.state in HANDED_OVER


@dataclass(frozen=True)
class Comparison:
    """Two versions of a return, entry by entry. `new` is None for the return as it is now.

    Where there is only one to read, `old` and `new` are the same. `comments` are those with which `old` was sent back,
    by indicator.
    """

    versions: Sequence[VersionLine]
    old: VersionLine | None = None
    new: VersionLine | None = None
    entries: Sequence[Beside] = ()
    comments: Mapping[int, CommentShown] = field(default_factory=dict)

    @property
    def is_one(self) -> bool:
        return self.old is not None and self.old == self.new


def comparison(
    partnership_id: int, return_id: int, *, has_current: bool, old: int | None, new: int | None
) -> Comparison:
    """Two versions of a return by their numbers. Without numbers, the last that was sent back and what came after it:
    the return as it is now, where the viewer reads that (`has_current`).

    Raises:
        NotHere: there is no version of that number.
    """
    versions = versions_of_return(partnership_id, return_id)
    if not versions:
        return Comparison(versions)
    after = None if has_current and new is None else _one(versions, new or versions[-1].number)
    before = _one(versions, old or (versions[-1].number if after is None else max(1, after.number - 1)))

    def entries(version: VersionLine | None) -> Sequence[Entry]:
        if version is None:
            return entries_of_return(partnership_id, return_id)
        return entries_of_version(partnership_id, return_id, version.id)

    was = entries(before)
    comments = comments_of_version(partnership_id, return_id, before.id, has_current=has_current)
    return Comparison(
        versions=versions,
        old=before,
        new=after,
        entries=beside(was, was if after == before else entries(after)),
        comments={comment.indicator_id: comment for comment in comments},
    )


def _one(versions: Sequence[VersionLine], number: int) -> VersionLine:
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise NotHere
    return found
