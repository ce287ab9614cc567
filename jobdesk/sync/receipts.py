"""What an exchange came to, for the person who wants to know: counted while it runs, kept for a year."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from jobdesk.store.sync_facts import WRONG_MS


@dataclass(slots=True)
class StreamLine:
    """One stream at the end of an exchange. ``agreed`` None: its end was not reached."""

    stream: str
    name: str
    seq: int
    head: int
    agreed: bool | None


@dataclass(slots=True)
class Receipt:
    """One exchange.

    Attributes:
        sent_actions, sent_ops: new to the server.
        known_ops: sent as well, and it had them: from before this file was restored, by an exchange whose
            answer was lost, or from somebody else.
        sent_words: words to other stations that the server had not heard.
        refilled_ops: what a server that lost something was given back, of this PC and of others.
        came_ops: operations that were not here before; came_subjects: people and other subjects they
            are of; came_cases, came_households: those of them that are files of people, and households.
            Receipts of before this was counted have 0 there.
        apart: (action, reason) that the server said in this exchange it keeps apart, and does at its end: it
            says so too of what a person has listed since, and tells that behind it.
        stands_apart: actions that the server keeps apart, of earlier exchanges too; of receipts of before
            this was counted 0.
        waiting: operations still unsent at the end; waiting_words: words to other stations.
        repaired: what was met and put right: ``gap fork epoch diverged digest hole``, each as often as met.
        error: code of what ended it early; empty when it came through.
        bytes_sent, bytes_received: bodies on the wire.
        carried: name of the file that brought the answers, where no line did.
        skew_ms: how far this PC's clock is ahead of the server's.
        server_ms: the server's clock where it answered over a line, else 0; by it a receipt grows old.
        touched: ids of the subjects that changed, for the screens; never kept.
    """

    began_ms: int
    ended_ms: int = 0
    sent_actions: int = 0
    sent_ops: int = 0
    known_ops: int = 0
    sent_words: int = 0
    refilled_ops: int = 0
    came_ops: int = 0
    came_subjects: int = 0
    contents_sent: int = 0
    contents_came: int = 0
    came_cases: int = 0
    came_households: int = 0
    apart: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    notices: int = 0
    waiting: int = 0
    waiting_words: int = 0
    streams: list[StreamLine] = field(default_factory=list[StreamLine])
    repaired: list[str] = field(default_factory=list[str])
    error: str = ""
    bytes_sent: int = 0
    bytes_received: int = 0
    skew_ms: int = 0
    server_ms: int = 0
    next_sync_s: int = 0
    carried: str = ""
    stands_apart: int = 0
    touched: set[str] = field(default_factory=set[str], compare=False)

    @property
    def came_through(self) -> bool:
        return not self.error

    @property
    def ahead_ms(self) -> int:
        """How far the clock was ahead that this receipt's times are by; 0 where nobody knows, or it counts
        little.
        """
        ahead = self.began_ms - self.server_ms if self.server_ms else 0
        return ahead if abs(ahead) >= WRONG_MS else 0

    @property
    def agreed(self) -> bool:
        """Whether both sides hold the same of every stream."""
        return self.came_through and all(s.agreed for s in self.streams)

    def body(self) -> dict[str, Any]:
        """As it is kept."""
        kept = asdict(self)
        del kept["touched"]
        return kept


def receipt_of(body: dict[str, Any]) -> Receipt:
    """From what was kept; keys of a newer program are passed over."""
    known = {k: v for k, v in body.items() if k in Receipt.__slots__}
    known["streams"] = [StreamLine(**s) for s in known.get("streams", [])]
    known["apart"] = [(a, r) for a, r in known.get("apart", [])]
    return Receipt(**known)
