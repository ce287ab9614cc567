"""What every part of one exchange shares: the file, the client, the receipt, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Trouble
from jobdesk.host.collector import without_collector
from jobdesk.protocol.limits import MAX_BATCH_BYTES, MAX_BODY_BYTES
from jobdesk.protocol.messages import Hello
from jobdesk.store import sync_facts
from jobdesk.store.log import Connection
from jobdesk.store.station_file import StationFile, Writing
from jobdesk.sync.client import Client
from jobdesk.sync.receipts import Receipt

T = TypeVar("T")
MOST_REPAIRS = 40
"""Own figure: an exchange that had to put right more than this ends and tells it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a long exchange stands, over all streams: ``load`` counts files, ``contents`` bytes, the others
    changes. ``of`` is 0 where nobody can say.
    """

    step: str
    done: int = 0
    of: int = 0


def nobody_listens(progress: Progress) -> None:
    """For exchanges without a screen."""


@dataclass(slots=True)
class Exchange:
    """One exchange in progress.

    Attributes:
        page_bytes: how much is asked for at once; small where a person types beside it.
        came: kinds by id of subjects that something new came of, for the receipt.
        touched: ids of all whose rows changed, for the screens.
        server_ms: the server's clock at its hello.
        heard: pushes of this device that the server knows of, as it last answered (M-8.6).
        carried: the answers come from a file: nothing further can be asked in this exchange.
        ahead: pages of a bootstrap are asked for on a thread of their own while others are taken in.
        echoed: operations that this exchange sent and that came back with their stream.
        sent_anew: own operations that a server which had lost them was given anew.
        refused: why the server did not take something of others that it may lack: it is offered again.
    """

    file: StationFile
    client: Client
    clock: Clock
    receipt: Receipt
    progress: Callable[[Progress], None] = nobody_listens
    page_bytes: int = 256 * 1024
    push_bytes: int = 1024 * 1024
    body_bytes: int = MAX_BODY_BYTES
    epoch: str = ""
    came: dict[str, str] = field(default_factory=dict[str, str])
    touched: set[str] = field(default_factory=set[str])
    stopped: Callable[[], bool] = lambda: False
    server_ms: int = 0
    heard: int = 0
    carried: bool = False
    ahead: bool = False
    refused: Trouble | None = None
    echoed: int = 0
    sent_anew: set[str] = field(default_factory=set[str])
    tallies: dict[str, dict[str, tuple[int, int]]] = field(
        default_factory=dict[str, dict[str, tuple[int, int]]]
    )

    def tally(self, step: str, part: str, done: int, of: int) -> None:
        """Tell how far one stream is, as what all of them together come to."""
        parts = self.tallies.setdefault(step, {})
        parts[part] = (done, of)
        self.progress(Progress(step, sum(d for d, _ in parts.values()), sum(o for _, o in parts.values())))

    def begins(self, step: str) -> None:
        """A step begins: it is told before the line answers, with what it came to in an earlier round."""
        parts = self.tallies.get(step, {}).values()
        self.progress(Progress(step, sum(d for d, _ in parts), sum(o for _, o in parts)))

    def echo(self, known: int) -> int:
        """How many of the operations that came and were here are those that this exchange had sent itself."""
        mine = min(known, self.to_echo)
        self.echoed += mine
        return mine

    @property
    def to_echo(self) -> int:
        """Operations that this exchange sent and that did not come back yet."""
        return max(0, self.receipt.sent_ops - self.echoed)

    @property
    def now_ms(self) -> int:
        return self.clock.now_ms()

    def read(self, job: Callable[[Connection], T]) -> T:
        return self.file.read(job).result()

    def write(self, job: Callable[[Writing], T]) -> T:
        """One transaction. Between two of them a stop is heeded: everything goes on from here next time."""
        if self.stopped():
            raise Trouble("sync_stopped")
        with without_collector():  # operations and what they fold to refer to nothing that refers back
            return self.file.write(job).result()

    def heed(self, hello: Hello) -> None:
        """The server's limits; never above our own."""
        self.push_bytes = min(self.push_bytes, hello.limits.batch_bytes, MAX_BATCH_BYTES)
        self.body_bytes = min(self.body_bytes, hello.limits.body_bytes)

    def repaired(self, what: str) -> None:
        """Note something that was met and put right.

        Raises:
            Trouble: ``sync_no_progress``: too often.
        """
        self.receipt.repaired.append(what)
        if len(self.receipt.repaired) > MOST_REPAIRS:
            raise Trouble("sync_no_progress", what=what)

    def server_lost_something(self, why: str) -> None:
        """After this exchange's pulls everything that the server lacks is offered, whosesoever it is."""
        self.write(lambda w: sync_facts.put(w.con, "refill", why))
