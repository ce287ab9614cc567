"""Whether a caller may list an action: what a push knows of its subjects, behind their streams' locks."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Op
from jobdesk.protocol.codes import Reason, Verdict
from province import register, strays, streams
from province.actions import MERGES, Action, same
from province.db import tables as t
from province.db.writing import among, widened
from province.known import Known, look
from province.reading import moves_to
from province.scope import Caller


class Judging:
    """What one push sees.

    Args:
        told_where: a person said where begins what nobody knows.
        others: whoever wrote it is not of the caller's organisation, or nobody knows of which.

    Attributes:
        came: subjects that began, moved or were said to move, were merged or taken apart, or were kept in a
            merge before they were known.
    """

    def __init__(
        self, con: Connection, caller: Caller, now_ms: int, *, told_where: bool = False, others: bool = False
    ) -> None:
        self._con, self._caller, self._now = con, caller, now_ms
        self._told_where, self._others = told_where, others
        self._may_write = caller.may_write
        self._heads: dict[int, streams.Head] = {}
        self._known = Known()
        self._holds_people = False
        self._strange: set[str] = set()
        self.came: set[str] = set()

    @property
    def locked(self) -> frozenset[int]:
        """Numbers of the streams it holds."""
        return frozenset(self._heads)

    def _lock_all(self, subjects: Collection[str], also: Collection[int]) -> None:
        first = set(also)
        if self._caller.home is not None:
            first.add(self._caller.home)
        else:
            first |= self._look(subjects).nums(self._caller)
        self._heads = streams.lock(self._con, first)
        self._known = self._look(subjects)
        self._need(self._known.nums(self._caller))

    def _need(self, nums: Collection[int]) -> None:
        """These streams locked too, in order; else from the start."""
        missing = set(nums) - self._heads.keys()
        if not missing:
            return
        if self._holds_people or (self._heads and min(missing) < max(self._heads)):
            raise streams.Again(frozenset(missing | self._heads.keys()))
        self._heads.update(streams.lock(self._con, missing))
        now = self._look(self._known.homes.keys() | self._known.late.keys())
        if not now.nums(self._caller) <= self._heads.keys():
            raise streams.Again(now.nums(self._caller) | self._heads.keys())
        now.erased |= self._known.erased
        self._known = now

    def _look(self, subjects: Collection[str]) -> Known:
        return look(self._con, self._caller, subjects)

    def _may(self, action: Action) -> bool:
        """Whether the caller has a part in every subject; one that nobody knows begins where he is. Not by
        what a station has of files that never were there: their merges into its own (M-6.5).
        """
        if self._others and self._is_anothers_move(action):
            action.keep(Reason.OUT_OF_SCOPE)
            return False
        unknown = self._unknown(action)
        far = any(s in self._known.homes or self._caller.home is None for s in unknown)
        if not far and not self._merged_only(action, unknown):
            return True
        if self._back(action) and not self._merged_only(action, self._unknown(action)):
            return True
        if any(op.kind in MERGES for op in action.ops) and self.there(action):
            action.verdict = Verdict.ALREADY
        else:
            action.keep(Reason.OUT_OF_SCOPE)
        return False

    def _is_anothers_move(self, action: Action) -> bool:
        """Whether it would move somebody away from where the caller has no part, by the word of neither: who
        is left or wrote it says it himself, and until then it waits. Listed by a station that somebody was at
        once it would move nothing, and stand for a move that had been made.
        """
        for op in action.ops:
            home, to = self._known.home(op.subject.id), moves_to(op)
            if to is None or home is None or home in self._may_write:
                continue
            there = self._con.execute(
                select(t.stream.c.id).where(t.stream.c.num == home)
            ).scalar_one_or_none()
            if to != there and not self.there(action):
                return True
        return False

    def _merged_only(self, action: Action, subjects: Collection[str]) -> bool:
        """Whether it says of one of these only into what it was merged, and nobody said where it begins."""
        more = {op.subject.id for op in action.ops if op.kind not in MERGES}
        return not self._told_where and not more.issuperset(subjects)

    def there(self, action: Action) -> bool:
        """Whether all of it is listed, wherever, and under whatever life of its file."""
        with widened(self._con):
            mine = self._listed(action)
        return mine is not None and len(mine) == len(action.items)

    def _unknown(self, action: Action) -> set[str]:
        """Subjects that are not, and never were, in the caller's sight."""
        return {
            i.subject for i in action.items
            if i.subject not in self._known.late
            and self._known.homes.get(i.subject) not in self._may_write
        }  # fmt: skip

    def _back(self, action: Action) -> bool:
        """Whether all that seem strangers to the caller are his station's after all (``strays``).

        Raises:
            streams.Again
        """
        con, caller = self._con, self._caller
        if caller.home is None or caller.home not in self._may_write:
            return False
        asked = (con, caller, action.ops, self._unknown(action), self._strange)
        found = strays.homes(*asked)
        self._need({*found.values()})
        if not found or strays.homes(*asked) != found:  # behind the locks
            return False
        with widened(con):
            for subject, home in found.items():
                places = strays.owe(con, caller, subject, home, self._heads)
                streams.keep(con, self._heads.values(), places)
                self._known.homes.pop(subject, None)
                self._known.late[subject] = home
            self._tell(self._known.erased & found.keys())  # of the action itself all may be there already
        self._known.owed |= found.keys()
        self.came |= found.keys()
        return True

    def _listed(self, action: Action) -> set[str] | None:
        """Its operations that are listed already; None when one of their ids is another operation's. In a
        wide scope.
        """
        sent = {i.op_id: i for i in action.items}
        query = select(t.op.c.op_id, t.op.c.replica, t.op.c.line)
        found = self._con.execute(query.where(among(self._con, t.op.c.op_id, sent.keys()))).all()
        mine = {
            row.op_id
            for row in found
            if row.replica == action.items[0].replica or same(decode(bytes(row.line)), sent[row.op_id].sound)
        }
        return mine if len(mine) == len(found) and len(sent) == len(action.items) else None

    def _home_of(self, op: Op) -> int:
        home = self._known.home(op.subject.id)
        if home is None:
            home = self._caller.home
        assert home is not None  # _may has seen to it
        return home

    def _tell(self, erased: Collection[str], has: Collection[int] = ()) -> None:
        """Their erasing operations where they are listed and it is not said (M-7.3); in a wide scope.

        Args:
            has: streams that list who speaks of them.
        """
        if erased:
            told = register.tell(self._con, erased, self._heads, self._now, has=has)
            streams.keep(self._con, self._heads.values(), told)
