"""What the cards of 转入转出 say of people, of the other file and of the day, and what each word is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from jobdesk.cases.clock import local_datetime
from jobdesk.protocol.codes import Why
from jobdesk.services.household.naming import called
from jobdesk.services.moving.reading import Moves
from jobdesk.store.sync_moves import Ask
from jobdesk.store.sync_told import Notice
from jobdesk.ui.case_words import day
from jobdesk.ui.moves.cards import t

_APART = "transfer_apart"


def into_here(notice: Notice, found: Moves) -> bool:
    """Whether it is about a file that comes here; else about one that goes, or was to."""
    target = notice.more.get("target")
    return target == found.own or (notice.kind == "transfer_over" and not target)


def is_erased(notice: Notice) -> bool:
    """Over since the person is erased; a reason that only a later program knows is none such."""
    return notice.kind == "transfer_over" and notice.more.get("why") == Why.ERASED


def of_twins(notice: Notice) -> bool:
    """An answer about two files of one person; of those who move there is always a target."""
    return notice.kind == _APART or (is_erased(notice) and not notice.more.get("target"))


class Told:
    """A state as it is told on a day."""

    def __init__(self, found: Moves, today: date) -> None:
        self.found, self.today = found, today

    def twin_words(self, far: Sequence[str], into: object, asked: str = "") -> str:
        """Somebody who is here too: the other file is to be merged into ours, and we know his name."""
        pair = next((p for p in (*self.found.twins, *self.found.merged) if p.far in far), None)
        station = asked or (self.found.station(pair.notice.sender) if pair else t("other_station"))
        names = [self.found.people.get(str(s)) for s in (into, pair.own if pair else "")]
        return t("asked_twin", station=station, who=next((n for n in names if n), t("somebody")))

    def asked_who(self, ask: Ask) -> str:
        shown: Mapping[str, Any] = ask.body.get("shown", {})
        named = shown.get("masked") or shown.get("name")
        return str(named) if named else self.who(ask.subjects, ask.body.get("facts", ()))

    def who(self, subjects: Sequence[str], facts: Sequence[Mapping[str, Any]] = ()) -> str:
        """Somebody here by the whole name, somebody of another station by the surname."""
        told = [str(f.get("name", "")) for f in facts[:1]]
        names = [self.found.people.get(s) for s in subjects[:1]] + told
        if len(subjects) < 2:
            return next((n for n in names if n), t("somebody"))
        return t("several", name=next((n for n in names if n), called("")), count=len(subjects) - 1)

    def lines(self, facts: str, reason: str) -> tuple[str, ...]:
        return tuple(line for line in (facts, t("told_reason", text=reason) if reason else "") if line)

    def day(self, ms: int) -> str:
        return day(local_datetime(ms).date().isoformat(), self.today)


def facts_lines(facts: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """A line for each person; the household of which they are members is in the title."""
    people = facts[1:] if len(facts) > 1 else facts
    return tuple(line for f in people if (line := facts_words([f])))


def facts_words(facts: Sequence[Mapping[str, Any]]) -> str:
    """Masked facts in one line: 王**，1980年生，229901********1234，2026年1月5日建档."""
    if not facts:
        return ""
    f = facts[0]
    parts = [
        str(f.get("name", "")), t("fact_birth", value=f["birth"]) if f.get("birth") else "",
        str(f.get("id_number", "")),
        t("fact_opened", value=day(str(f["opened_on"]))) if f.get("opened_on") else "",
        t("fact_ended") if f.get("help_state") == "ended" else "",
    ]  # fmt: skip
    return t("join").join(p for p in parts if p)
