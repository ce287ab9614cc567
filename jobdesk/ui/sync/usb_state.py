"""What 无网络交换 shows: files with their state, and every result in words. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jobdesk.cases.errors import JobdeskError
from jobdesk.host.strings import text
from jobdesk.protocol.carried_names import SUFFIX
from jobdesk.services.syncing import files_said
from jobdesk.store.sync_carried import OUT, READ, WRITING, CarriedFile
from jobdesk.sync.carried_desk import BroughtBack, Read, TakenOut
from jobdesk.sync.carrier import Delivered
from jobdesk.ui.case_words import day
from jobdesk.ui.sync.receipts_state import size
from jobdesk.ui.sync.state import trouble_said, when
from jobdesk.ui.table import Cell, Column, Row

Look = Literal["ok", "info", "trouble"]
OLD_MS = 60 * 24 * 3600 * 1000
"""A file that nobody brought an answer to for so long is called old (own figure); it can still be read."""


def u(key: str, /, **params: object) -> str:
    """A sentence of this tab."""
    return text(f"sync.usb.{key}", **params)


@dataclass(frozen=True, slots=True)
class Line:
    """A result: what happened, and what to know or do besides."""

    look: Look
    sentence: str
    more: str = ""


def columns() -> tuple[Column, ...]:
    """Of the list."""

    def c(key: str, width: int, priority: int, stretch: int = 0) -> Column:
        return Column(key, u(f"col_{key}"), width, stretch, priority, sortable=False)

    return (c("name", 240, 0, 3), c("made", 160, 2), c("holds", 150, 3), c("state", 250, 1, 1))


def row_of(found: CarriedFile, now_ms: int) -> Row:
    """A line of the list."""
    said, tone = state_said(found, now_ms)
    return Row(
        found.exchange,
        {
            "name": Cell(found.name.removesuffix(SUFFIX), "strong", tip=found.name),
            "made": Cell(when(found.made_ms, now_ms)),
            "holds": Cell(holds_said(found.ops, found.contents, found.left_over)),
            "state": Cell(said, tone=tone, tip=said),
        },
    )


def state_said(found: CarriedFile, now_ms: int) -> tuple[str, Literal["ink", "ink_2", "ok", "warn"]]:
    """等带回, 已读回, 过期 …"""
    if found.state == READ:
        said = u("state_read", when=when(found.read_ms, now_ms))
        if found.came:
            said = u("state_came", said=said, came=found.came)
        return (u("state_read_more", said=said), "warn") if found.more else (said, "ok")
    if found.overtaken:
        return u("state_overtaken"), "ink_2"
    if found.state == WRITING:
        return u("state_writing"), "warn"
    if now_ms - found.made_ms > OLD_MS:
        return u("state_old", days=(now_ms - found.made_ms) // (24 * 3600 * 1000)), "warn"
    assert found.state == OUT
    return u("state_out"), "ink"


def holds_said(ops: int, contents: int, left: int = 0) -> str:
    """12 条改动，2 个附件。"""
    parts = [u("ops", count=ops)] if ops else []
    if contents:
        parts.append(u("contents", count=contents))
    if left:
        parts.append(u("left", count=left))
    return "，".join(parts) or u("only_asks")


def on_the_way(files: list[CarriedFile], now_ms: int) -> int:
    """How many answers are still waited for."""
    return sum(f.state == OUT and not f.overtaken and now_ms - f.made_ms <= OLD_MS for f in files)


def goes_said(waiting: int, contents: int) -> str:
    """What 带出 would take along."""
    if not waiting and not contents:
        return u("goes_nothing")
    return u("goes", what=holds_said(waiting, contents))


def waits_said(count: int) -> str:
    """What 读回 is about."""
    return u("waits", count=count) if count else u("waits_none")


def out_said(done: TakenOut) -> Line:
    """After 带出."""
    made = done.made
    more = u("out_next")
    if made.file.left_over or made.left_contents:
        left = holds_said(made.file.left_over, made.left_contents)
        more = u("out_left", left=left) + more
    what = holds_said(made.file.ops, made.file.contents)
    return Line("ok", u("out_done", name=done.path.name, what=what, size=size(made.file.size)), more)


def read_said(found: BroughtBack) -> list[Line]:
    """After 读回: what came, what could not be read, and in one line what was no news."""
    news = [r for r in found.read if not _silent(r)]
    lines = [_brought(r) for r in news if r.brought is not None]
    lines += _problems([(r.path.name, r.problem) for r in news if r.problem is not None])
    silent = [r for r in found.read if _silent(r)]
    if len(silent) == 1 and silent[0].problem is not None:
        lines.append(Line("info", u("of", name=silent[0].path.name, said=said(silent[0].problem))))
    elif silent:
        lines.append(Line("info", u("silent", count=len(silent))))
    if not lines:
        more = u("none_out", count=found.out) if found.out else u("none_more")
        lines = [Line("info", u("none_here"), more)]
    if found.others:
        lines.append(Line("info", u("others", count=found.others)))
    return lines


def _silent(read: Read) -> bool:
    """Read before, or nothing in it that was not here."""
    if read.brought is None:
        return read.problem is not None and read.problem.code == "carried_read_before"
    return read.brought.nothing_new and not read.brought.more


def _brought(read: Read) -> Line:
    assert read.brought is not None
    brought, receipt = read.brought, read.brought.receipt
    notes = [u("ahead")] if brought.ahead else []
    notes += [u("more")] if brought.more else []
    if receipt.apart:
        notes.append(u("apart", count=len(receipt.apart)))
    if receipt.error:
        return Line("trouble", u("of", name=read.path.name, said=trouble_said(receipt.error)), "".join(notes))
    if receipt.contents_sent or receipt.contents_came:
        notes.insert(0, u("files_too", sent=receipt.contents_sent, came=receipt.contents_came))
    parts = [u("sent", count=receipt.sent_ops)] if receipt.sent_ops else []
    if receipt.known_ops:
        parts.append(u("known", count=receipt.known_ops))
    if receipt.refilled_ops:
        parts.append(u("refilled", count=receipt.refilled_ops))
    if receipt.sent_words:
        parts.append(u("words", count=receipt.sent_words))
    if receipt.came_ops:
        what = files_said(receipt.came_cases, receipt.came_households)
        parts.append(u("came_what" if what else "came", count=receipt.came_ops, what=what))
    what = "，".join(parts or [u("read")]) + "。"
    return Line("ok", u("of", name=read.path.name, said=what), "".join(notes))


def _problems(found: list[tuple[str, JobdeskError]]) -> list[Line]:
    """One line for each reason, however many files it meets."""
    lines: list[Line] = []
    for code in dict.fromkeys(error.code for _, error in found):
        same = [(name, error) for name, error in found if error.code == code]
        name = same[0][0] if len(same) == 1 else u("several", name=same[0][0], count=len(same))
        lines.append(Line("trouble", u("of", name=name, said=said(same[0][1]))))
    return lines


_WHY = {
    **dict.fromkeys(("ConnectError", "ConnectTimeout", "ProxyError"), "connect"),
    **dict.fromkeys(("ReadTimeout", "WriteTimeout", "PoolTimeout"), "slow"),
    **dict.fromkeys(("InvalidURL", "UnsupportedProtocol", "LocalProtocolError"), "address"),
}
"""What kept a line from its end (``no_line``'s ``what``) → the word for it; all else is a line that broke."""


def carried_said(done: list[Delivered], server: str, folder: str) -> list[Line]:
    """After 代为传送: the sum, then what did not go, to where, from where, and the way out."""
    if not done:
        return [Line("info", u("nothing_to_carry"), u("nothing_to_carry_more"))]
    count = {state: sum(d.state == state for d in done) for state in ("answered", "before", "failed")}
    parts = [u(f"carried_{state}", count=n) for state, n in count.items() if n]
    more = u("carried_next") if count["answered"] or count["before"] else ""
    lines = [Line("trouble" if count["failed"] else "ok", "，".join(parts) + "。", more)]
    lost = [d.problem for d in done if d.problem is not None and d.problem.code == "no_line"]
    if lost:
        why = _WHY.get(str(lost[0].params.get("what", "")), "broke")
        way = u("carry_address_way") if why == "address" else u("carry_no_line_way")
        left = u("carry_left", count=len(lost), folder=folder)
        lines.append(Line("trouble", u(f"carry_no_line_{why}", server=server), left + way))
    told = [(d.path.name, d.problem) for d in done if d.problem is not None and d.problem.code != "no_line"]
    return [*lines, *_problems(told)]


def failed_said(error: JobdeskError) -> Line:
    """Why nothing came of it; a stick that is there no longer is called by its name, with what to do."""
    if error.code == "file_missing":
        path = str(error.params.get("path", ""))
        return Line("trouble", u("stick_gone", path=path), u("stick_gone_way"))
    return Line("trouble", said(error))


def said(error: JobdeskError) -> str:
    """The sentence of an error with its values."""
    params = {"detail": "", "what": "", "versions": "", "server": "", "path": "", **error.params}
    if "day" in params:
        params["day"] = day(str(params["day"]))
    return text(f"error.{error.code}", **params)
