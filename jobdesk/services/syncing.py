"""What a person sees of the exchange with the province: the pill in the header, receipts, what waits and why.

Reads, and the port to what runs beside the window (``jobdesk.sync.running``); no server is asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol

from jobdesk.host.strings import text
from jobdesk.services.desk import Desk
from jobdesk.store import sync_facts, sync_state, sync_told
from jobdesk.store.log import Connection
from jobdesk.store.sync_told import Apart, Counts, Notice
from jobdesk.store.twins_asked import asked_twins

FOR_A_PERSON = frozenset(
    {
        "sync_revoked", "sync_unknown_device", "sync_upgrade", "sync_unsigned", "sync_bad_signature",
        "sync_no_progress", "sync_kept_apart",
    }
)  # fmt: skip
"""Errors that trying again does not mend: enrol anew, update the program, ask the county."""


ENROL_ANEW = frozenset({"sync_unknown_device", "sync_revoked"})
"""Errors that a new enrolment code mends."""

BUSY = "sync_busy"
"""The server has no room for it now: it says when, and it is tried again by itself."""

DOWN = "sync_no_answer"
"""The server is stopped, and what stands before it answers: it is tried again by itself."""

STOPPED = "sync_stopped"
"""No trouble: somebody paused, or closed the program."""

FAILED = "sync_failed"
"""Something nobody foresaw: it stands in the log, and is tried again by itself."""

Held = Literal["", "person", "metered"]
"""Why nothing goes by itself: somebody paused it, or the line is paid by volume."""


class Pill(StrEnum):
    """What the pill says, the most urgent first: ``sync.pill.<code>``."""

    NOT_ENROLLED = "not_enrolled"
    SENDING = "sending"
    PERSON = "person"
    BUSY = "busy"
    OFFLINE = "offline"
    WAITING = "waiting"
    SAVED = "saved"


@dataclass(frozen=True, slots=True)
class Moving:
    """What the runner is doing.

    Attributes:
        step: ``push load pull refill contents``, empty while nothing runs; of 0 where nobody can say.
        paused: the line is metered, or somebody paused it.
    """

    step: str = ""
    done: int = 0
    of: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class SyncNow:
    """The state of the exchange as one value.

    Attributes:
        waiting: operations and words to other stations not sent.
        for_person: actions apart, conflicts and notices together.
        offline_since_ms: end of the last exchange that came through, where the last try did not; 0 otherwise.
        error: code of the last try, ``error.<code>``; empty when it came through.
    """

    pill: Pill
    waiting: int
    for_person: int
    offline_since_ms: int
    last_good_ms: int
    error: str
    moving: Moving
    counts: Counts


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pill and the page are drawn from.

    Attributes:
        held: why nothing goes by itself; trouble: what kept the machine from enrolling by itself (a code).
        offered: IT has set server and code, and this machine is about to use them.
        practice: the practice station.
        again_ms: when the next exchange begins by itself; 0 where nobody can say.
    """

    now: SyncNow
    held: Held = ""
    trouble: str = ""
    offered: bool = False
    practice: bool = False
    again_ms: int = 0


class Syncing(Protocol):
    """What runs exchanges beside a window; made by ``app``, handed to the screens.

    Attributes:
        actor: who acts at this desk now.
        trouble: code of what kept this machine from enrolling by itself; empty otherwise.
        again_ms: when the next exchange begins by itself, by this PC's clock; 0 before the first one.
    """

    actor: str
    trouble: str
    again_ms: int

    def start(self) -> None:
        """Begin to exchange by itself."""
        ...

    def stop(self, patience_s: float | None = None) -> None:
        """End after the transaction that runs; waits for it, at most as long as given. Idempotent."""
        ...

    def now(self) -> None:
        """Somebody asks for it: at once, also on a metered line."""
        ...

    def saved(self) -> None:
        """Something was saved: push soon, when nobody types."""
        ...

    def typed(self) -> None:
        """A key was pressed."""
        ...

    def pause(self) -> None:
        """Nothing goes by itself until ``resume`` or ``now``; an exchange under way ends soon."""
        ...

    def resume(self) -> None:
        """Go on, at once."""
        ...

    def line_told(self) -> None:
        """Somebody said that this line is paid by volume, or is not: looked at anew, at once."""
        ...

    @property
    def held(self) -> Held: ...

    @property
    def offered(self) -> bool:
        """IT has set server and code, and they are about to be used."""
        ...

    @property
    def moving(self) -> Moving: ...

    def listen(self, told: Callable[[], None]) -> None:
        """Call back after every change, on the runner's thread."""
        ...


def sync_now(desk: Desk, moving: Moving | None = None) -> Future[SyncNow]:
    """The state for the pill and the 同步 page."""
    runs = moving or Moving()
    return desk.read(lambda con: state_of(sync_told.counts(con), runs))


def state_of(counts: Counts, moving: Moving) -> SyncNow:
    """Pure: counts and what runs → what is shown."""
    for_person = counts.apart + counts.conflicts + counts.notices
    waiting = counts.waiting + counts.asks
    error = "" if counts.last_error == STOPPED else counts.last_error
    offline = counts.last_good_ms if error else 0
    if not counts.enrolled:
        pill = Pill.NOT_ENROLLED
    elif moving.step:
        pill = Pill.SENDING
    elif error in FOR_A_PERSON or for_person:
        pill = Pill.PERSON
    elif error:
        pill = Pill.BUSY if error in (BUSY, DOWN) else Pill.OFFLINE
    else:
        pill = Pill.WAITING if waiting else Pill.SAVED
    return SyncNow(pill, waiting, for_person, offline, counts.last_good_ms, error, moving, counts)


def files_said(cases: int, households: int) -> str:
    """37 份档案、2 户家庭: what came in an exchange, as people count it; empty where it was neither."""
    said = [text("sync.receipt.cases", count=cases)] if cases else []
    said += [text("sync.receipt.households", count=households)] if households else []
    return "、".join(said)


def receipts(desk: Desk, limit: int = 200) -> Future[list[tuple[int, dict[str, Any]]]]:
    """(when, body as ``sync.receipts.Receipt`` names it), newest first; a year of them is kept."""
    return desk.read(lambda con: sync_told.receipts(con, limit))


def kept_apart(desk: Desk) -> Future[list[Apart]]:
    """Actions that the server keeps apart, newest first; ``sync.reason.<reason>`` says why."""
    return desk.read(sync_told.apart)


def look_at_apart(desk: Desk, action: str) -> Future[None]:
    """A person has looked at it: it counts no longer, and stays in the list."""
    return desk.write(lambda w: sync_told.mark_seen(w.con, action, w.clock.now_ms()))


def notices(desk: Desk, *, unseen_only: bool = False) -> Future[list[Notice]]:
    """What the server wants a person to know, newest first; unseen: as ``Counts.notices`` counts them."""

    def job(con: Connection) -> list[Notice]:
        found = sync_told.notices(con, unseen_only=unseen_only)
        quiet = asked_twins(con) if unseen_only else frozenset[str]()
        return [n for n in found if n.id not in quiet]

    return desk.read(job)


def notice_done(desk: Desk, notice_id: str) -> Future[None]:
    """A person has dealt with it."""
    return desk.write(lambda w: sync_told.notice_seen(w.con, notice_id, w.clock.now_ms()))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Which device of which station at which server; without the keys. ``skew_ms``, ``server_ms``: see
    ``sync_facts.put_right``.
    """

    server: str
    device: str
    station: str
    station_name: str
    role: str
    valid_until_ms: int
    skew_ms: int
    server_ms: int = 0


def enrolment(desk: Desk) -> Future[Enrolment | None]:
    """None while this file knows no server."""

    def job(con: Any) -> Enrolment | None:
        facts: Mapping[str, str] = sync_facts.all_facts(con)
        if "device" not in facts:
            return None
        return Enrolment(
            facts.get("server", ""), facts["device"], facts.get("station", ""),
            sync_state.unit_name(con, facts),
            facts.get("role", ""), int(facts.get("valid_until_ms", 0)), int(facts.get("skew_ms", 0)),
            int(facts.get("server_ms", 0)),
        )  # fmt: skip

    return desk.read(job)
