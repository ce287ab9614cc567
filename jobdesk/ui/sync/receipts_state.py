"""Receipts in words: one line each, and the whole of one. Pure: no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jobdesk.host.strings import has, text
from jobdesk.services.syncing import BUSY, DOWN, STOPPED, files_said
from jobdesk.sync.receipts import Receipt, StreamLine
from jobdesk.ui.sync.state import SKEW_TOLD_MS, joined, size, skew_said, trouble_said, when, whole_moment
from jobdesk.ui.table import Cell, Column, Row

Tone = Literal["ink", "ink_2", "ok", "warn"]


def r(key: str, /, **params: object) -> str:
    """A sentence about receipts."""
    return text(f"sync.receipt.{key}", **params)


def columns() -> tuple[Column, ...]:
    """Of the list."""

    def c(key: str, width: int, priority: int, stretch: int = 0, right: bool = False) -> Column:
        return Column(key, r(f"col_{key}"), width, stretch, priority, right, sortable=False)

    return (
        c("when", 178, 0), c("how", 146, 0, 3), c("sent", 58, 2, right=True), c("came", 58, 2, right=True),
        c("waiting", 62, 3, right=True), c("agreed", 96, 1, 1),
    )  # fmt: skip


def keyed(found: Sequence[tuple[int, Receipt]]) -> dict[str, tuple[int, Receipt]]:
    """Newest first, each under a key that stays the same when newer ones come."""
    keys: dict[str, tuple[int, Receipt]] = {}
    for at, receipt in reversed(found):
        key = str(receipt.began_ms)
        while key in keys:
            key += "+"
        keys[key] = (at, receipt)
    return dict(reversed(keys.items()))


@dataclass(frozen=True, slots=True)
class Clock:
    """What the time is.

    Attributes:
        now_ms: by the server, where it is known that this PC's clock is off (``state.right_now``).
        ahead_ms: how far this PC's clock was ahead when a server last said.
    """

    now_ms: int
    ahead_ms: int = 0

    def of(self, receipt: Receipt, ms: int) -> int:
        """One of a receipt's times, put right: by the server's own time in it. Where no server answered, one
        that is still to come was kept by the clock that is known to be ahead.
        """
        if receipt.ahead_ms or receipt.server_ms:
            return ms - receipt.ahead_ms
        return ms - self.ahead_ms if ms > self.now_ms + SKEW_TOLD_MS and self.ahead_ms > 0 else ms


def row_of(key: str, at_ms: int, receipt: Receipt, clock: Clock) -> Row:
    """A line of the list."""
    said, tone = _how(receipt)

    def number(count: int) -> Cell:
        return Cell(str(count)) if count else Cell(kind="none")

    agreed, agreed_tone = _agreed(receipt, short=True)
    waiting = receipt.waiting + receipt.waiting_words
    return Row(
        key,
        {
            "when": Cell(when(clock.of(receipt, at_ms), clock.now_ms), "strong"),
            "how": Cell(said, tone=tone, tip=said),
            "sent": number(receipt.sent_ops + receipt.sent_words),
            "came": number(receipt.came_ops + receipt.notices),
            "waiting": Cell(str(waiting), tone="warn") if waiting else Cell(kind="none"),
            "agreed": Cell(agreed, tone=agreed_tone, tip=_agreed(receipt)[0]),
        },
    )


def _how(receipt: Receipt) -> tuple[str, Literal["ink", "ink_2", "warn"]]:
    if receipt.error == STOPPED:
        return r("stopped"), "ink_2"
    if receipt.error == "no_line":
        return r("no_line"), "ink_2"
    if receipt.error == BUSY:
        return r("busy"), "ink_2"
    if receipt.error == DOWN:
        return r("down"), "ink_2"
    if receipt.error:
        return trouble_said(receipt.error), "warn"
    if receipt.apart:
        return r("done_but_apart", count=len(receipt.apart)), "warn"
    if receipt.carried:
        return r("by_stick"), "ink"
    if receipt.refilled_ops:
        return r("done_refilled", count=receipt.refilled_ops), "ink"
    if receipt.known_ops:
        return r("done_known", count=receipt.known_ops), "ink"
    return r("done" if _moved(receipt) else "nothing_new"), "ink"


def _moved(receipt: Receipt) -> bool:
    """Whether anything went or came, papers and words of others among it."""
    r = receipt
    return any((
        r.sent_ops, r.refilled_ops, r.sent_words, r.came_ops, r.contents_sent, r.contents_came, r.notices,
    ))  # fmt: skip


def _agreed(receipt: Receipt, *, short: bool = False) -> tuple[str, Literal["ink_2", "ok", "warn"]]:
    if not receipt.came_through or not receipt.streams:
        return r("not_compared"), "ink_2"
    if receipt.agreed and (apart := max(receipt.stands_apart, len(receipt.apart))):
        return r("agreed_but_short" if short else "agreed_but", count=apart), "warn"
    if receipt.agreed:
        return r("agreed"), "ok"
    if any(s.agreed is False for s in receipt.streams):
        return r("differs_short" if short else "differs"), "warn"
    return r("still_loading"), "warn"


def sentence_of(receipt: Receipt) -> str:
    """The whole exchange in one sentence."""
    waiting = receipt.waiting + receipt.waiting_words
    waits = r("waits", count=waiting) if waiting else ""
    if receipt.error:
        return joined(_how(receipt)[0].rstrip("。"), waits)
    sent = r("sent", count=receipt.sent_ops) if receipt.sent_ops else ""
    known = r("known", count=receipt.known_ops) if receipt.known_ops else ""
    again = r("refilled", count=receipt.refilled_ops) if receipt.refilled_ops else ""
    words = r("words", count=receipt.sent_words) if receipt.sent_words else ""
    what = files_said(receipt.came_cases, receipt.came_households)
    came = r("came_what" if what else "came", count=receipt.came_ops, what=what) if receipt.came_ops else ""
    files = receipt.contents_sent + receipt.contents_came
    papers = r("papers", count=files) if files else ""
    told = r("told", count=receipt.notices) if receipt.notices else ""
    parts = [p for p in (sent, known, again, words, came, papers, told, waits) if p] or [r("nothing_new")]
    return joined(*parts, _agreed(receipt)[0])


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the whole receipt.

    Attributes:
        of_file: the value is a file's name, which breaks nowhere and ends in what tells it apart.
    """

    name: str
    value: str
    tone: Tone = "ink"
    of_file: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything about one exchange, part by part; a part without lines is left out.

    Attributes:
        clock: that this PC's clock was off, and by which one the times are; empty where it was not.
    """

    title: str
    sentence: str
    tone: Tone
    parts: tuple[tuple[str, tuple[Fact, ...]], ...]
    clock: str = ""


def whole(receipt: Receipt, clock: Clock) -> Whole:
    """The side of the list."""
    said, tone = _how(receipt)
    parts = [
        (r("part_went"), _went(receipt)),
        (r("part_came"), _came(receipt)),
        (r("part_waits"), _waits(receipt)),
        # what did not come through may have heard nothing: what the server holds nobody knows then
        (r("part_streams"), () if receipt.error else tuple(_stream(s) for s in receipt.streams)),
        (r("part_repaired"), _repaired(receipt)),
        (r("part_line"), _line(receipt, clock)),
    ]
    return Whole(
        whole_moment(clock.of(receipt, receipt.ended_ms or receipt.began_ms)), said,
        "ok" if tone == "ink" else tone, tuple((name, facts) for name, facts in parts if facts),
        _clock_said(receipt),
    )  # fmt: skip


def _clock_said(receipt: Receipt) -> str:
    """Receipts of before a server's time stood in them have their times by this PC's clock."""
    if receipt.ahead_ms:
        return r("clock_off", said=skew_said(receipt.ahead_ms))
    return r("clock_only", said=skew_said(receipt.skew_ms)) if abs(receipt.skew_ms) >= SKEW_TOLD_MS else ""


def _went(receipt: Receipt) -> tuple[Fact, ...]:
    facts = [Fact(r("changes"), r("of_saves", count=receipt.sent_ops, saves=receipt.sent_actions))]
    if receipt.known_ops:
        facts.append(Fact(r("known_name"), r("known_said", count=receipt.known_ops)))
    if receipt.refilled_ops:
        facts.append(Fact(r("refilled_name"), r("refilled_said", count=receipt.refilled_ops)))
    if receipt.sent_words:
        facts.append(Fact(r("words_name"), r("words_said", count=receipt.sent_words)))
    if receipt.contents_sent:
        facts.append(Fact(r("files"), r("count", count=receipt.contents_sent)))
    return tuple(facts)


def _came(receipt: Receipt) -> tuple[Fact, ...]:
    # what was here already is told of again
    what = files_said(receipt.came_cases, receipt.came_households) if receipt.came_ops else ""
    facts = [Fact(r("changes"), r("of_files" if what else "count_ops", count=receipt.came_ops, what=what))]
    if receipt.contents_came:
        facts.append(Fact(r("files"), r("count", count=receipt.contents_came)))
    if receipt.notices:
        facts.append(Fact(r("notices"), r("count", count=receipt.notices)))
    return tuple(facts)


def _waits(receipt: Receipt) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    if receipt.waiting:
        later = r("next_time_carried" if receipt.carried else "next_time")
        why = trouble_said(receipt.error) if receipt.error else later
        facts.append(Fact(r("unsent", count=receipt.waiting), why, "warn"))
    if receipt.waiting_words:
        why = trouble_said(receipt.error) if receipt.error else r("words_next_time")
        facts.append(Fact(r("words_unsent", count=receipt.waiting_words), why, "warn"))
    for reason, count in Counter(reason for _action, reason in receipt.apart).items():
        facts.append(Fact(r("apart", count=count), reason_said(reason), "warn"))
    return tuple(facts)


def reason_said(reason: str) -> str:
    """Why an action was kept apart."""
    key = f"sync.reason.{reason}"
    return text(key) if has(key) else reason


def _stream(line: StreamLine) -> Fact:
    name = line.name or line.stream
    if line.agreed is None:
        return Fact(name, r("stream_at", seq=line.seq, head=max(line.head, line.seq)), "ink_2")
    if line.agreed:
        return Fact(name, r("stream_agreed", seq=line.seq), "ok")
    return Fact(name, r("stream_differs", seq=line.seq), "warn")


def _repaired(receipt: Receipt) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    for what, count in Counter(receipt.repaired).items():
        key = f"sync.receipt.repaired_{what}"
        facts.append(Fact(text(key) if has(key) else what, r("times", count=count), "ink_2"))
    return tuple(facts)


def _line(receipt: Receipt, clock: Clock) -> tuple[Fact, ...]:
    took = max(0, receipt.ended_ms - receipt.began_ms) / 1000
    return (
        Fact(r("began"), whole_moment(clock.of(receipt, receipt.began_ms)), "ink_2"),
        *([Fact(r("carried"), receipt.carried, "ink_2", of_file=True)] if receipt.carried else []),
        Fact(r("took"), r("seconds", count=f"{took:.1f}"), "ink_2"),
        Fact(
            r("volume"), r("up_down", up=size(receipt.bytes_sent), down=size(receipt.bytes_received)), "ink_2"
        ),
    )
