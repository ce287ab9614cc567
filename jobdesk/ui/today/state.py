"""What 今日 shows for a board: sections, filters, the line to go on with. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.due import CONTACT_KINDS, Bucket, DueLine
from jobdesk.cases.due_order import DayLine
from jobdesk.host.strings import text
from jobdesk.services.board import Board, Scope
from jobdesk.ui.serviceform.state import what_of
from jobdesk.ui.today.kinds import GROUPS, OF_PEOPLE, group_of
from jobdesk.ui.today.saying import LineWords, entry_words, words_of

__all__ = [
    "GROUPS", "OF_PEOPLE", "Day", "Filters", "LineWords", "Section", "day_of", "entry_words", "group_of",
    "named", "next_after", "phone_round", "words_of",
]  # fmt: skip
_SHOWN = (Bucket.OVERDUE, Bucket.TODAY, Bucket.THIS_WEEK)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for.

    Attributes:
        group: key of ``GROUPS``, empty for all.
        community, owner: empty for all.
    """

    group: str = ""
    community: str = ""
    owner: str = ""

    @property
    def any(self) -> bool:
        return bool(self.group or self.community or self.owner)

    def scope(self, most: int) -> Scope:
        """The same for a board that cannot keep everything."""
        return Scope(most, GROUPS.get(self.group, frozenset()), self.community, self.owner)


@dataclass(frozen=True, slots=True)
class Section:
    """Overdue, today …, with its lines in order."""

    bucket: Bucket
    lines: tuple[DayLine, ...]

    @property
    def title(self) -> str:
        return text(f"bucket.{self.bucket.code}")


@dataclass(frozen=True, slots=True)
class Day:
    """The board as shown.

    Attributes:
        counts: filter → lines of the shown sections within the chosen community and owner; ``""`` for all.
        communities: of the shown sections, with the number of lines, by name.
        next_week: lines of the seven days after this week.
        unlisted: lines of the shown sections that are only counted.
    """

    today: date
    sections: tuple[Section, ...]
    counts: Mapping[str, int]
    communities: Mapping[str, int]
    next_week: int
    unlisted: int = 0

    @property
    def lines(self) -> tuple[DayLine, ...]:
        return tuple(line for section in self.sections for line in section.lines)


def day_of(board: Board, asked: Filters | str = "", *, ahead: bool = False) -> Day:
    """The sections of a board; ``ahead`` adds what comes later.

    Args:
        asked: filters; a mere group for short.
    """
    if isinstance(asked, str):
        asked = Filters(asked)
    buckets = frozenset((*_SHOWN, Bucket.LATER) if ahead else _SHOWN)
    counts = {"": 0, **dict.fromkeys(GROUPS, 0)}
    communities: dict[str, int] = {}
    wanted = asked.scope(0)
    following = matching = 0
    for mark, number in board.all_marks():
        if mark.soon:
            following += number
        if mark.bucket not in buckets or not number:
            continue
        if asked.owner and mark.owner != asked.owner:
            continue
        communities[mark.community] = communities.get(mark.community, 0) + number
        if asked.community and mark.community != asked.community:
            continue
        counts[""] += number
        for name in {group_of(kind) for kind in mark.kinds}:
            counts[name] += number
        if wanted.takes(mark):
            matching += number
    by_bucket: dict[Bucket, list[DayLine]] = {b: [] for b in sorted(buckets)}
    everything = not asked.any
    for entry in board.entries:
        if entry.bucket in by_bucket and (everything or wanted.takes(board.marks[entry.uid])):
            by_bucket[entry.bucket].append(entry)
    sections = tuple(Section(b, tuple(lines)) for b, lines in by_bucket.items() if lines)
    listed = sum(len(s.lines) for s in sections)
    communities.pop("", None)
    return Day(board.today, sections, counts, dict(sorted(communities.items())), following, matching - listed)


def named(lines: Sequence[DueLine]) -> str:
    """What several lines ask for, each thing once."""
    return text("today.why_joint_short").join(dict.fromkeys(what_of(line) for line in lines))


def next_after(lines: Sequence[DayLine], uid: str, gone: str = "") -> DayLine | None:
    """The line to go on with: the one after ``uid`` that is not of the subject ``gone``, else the first."""
    at = next((n for n, line in enumerate(lines) if line.uid == uid), -1)
    for line in (*lines[at + 1 :], *lines[: max(at, 0)]):
        if not gone or line.subject != gone:
            return line
    return None


def phone_round(lines: Sequence[DayLine]) -> list[DueLine]:
    """One line a person for the phone round: whom a contact is due with, in the order of the list."""
    seen: dict[str, DueLine] = {}
    for entry in lines:
        found = next((line for line in entry.lines if line.kind in CONTACT_KINDS), None)
        if found is not None:
            seen.setdefault(entry.subject, found)
    return list(seen.values())
