"""What the server keeps apart, in words, with the way out. Pure: no Qt."""

from __future__ import annotations

from jobdesk.host.strings import has, text
from jobdesk.services.sync_apart import ApartLine, Saved
from jobdesk.ui.sync.receipts_state import reason_said
from jobdesk.ui.sync.state import when
from jobdesk.ui.table import Cell, Column, Row

_WAITS = frozenset({"revoked", "out_of_scope", "newer_schema"})
"""Reasons with which the server can still list it: an upgrade, a move, or whoever is above does so."""
_NEVER = frozenset({"unreadable", "too_large", "bad_payload", "foreign", "split_action"})
"""Those with which whoever is above can only let it go: it has to be said anew."""


def a(key: str, /, **params: object) -> str:
    """A sentence about what is kept apart."""
    return text(f"sync.apart.{key}", **params)


def columns() -> tuple[Column, ...]:
    """Of the list."""

    def c(key: str, width: int, priority: int, stretch: int = 0) -> Column:
        return Column(key, a(f"col_{key}"), width, stretch, priority, sortable=False)

    return (
        c("who", 106, 0, 2),
        c("what", 100, 2, 2),
        c("why", 160, 0, 3),
        c("state", 76, 1),
        c("when", 158, 3),
    )


def who_said(line: Saved) -> str:
    """Whom it is about: 周雨桐; 周雨桐等 3 人; 不涉及人员."""
    if not line.cases:
        return a("nobody")
    first = line.cases[0][1] or a("nameless")
    return first if len(line.cases) == 1 else a("several", name=first, count=len(line.cases))


def what_said(line: Saved) -> str:
    """服务记录, 帮扶档案: kinds of the records that were written."""
    kinds = (text(f"record.{k}") for k in line.records if has(f"record.{k}"))
    return a("join").join(dict.fromkeys(kinds)) or a("changes", count=line.operations)


def way_said(reason: str) -> str:
    """What a person can do about it."""
    key = f"sync.apart.way_{reason}"
    return text(key) if has(key) else a("way_other")


def kept_said(reason: str) -> str:
    """Where it stands, and whether it may be typed again: what is listed later would stand there twice."""
    if reason in _WAITS:
        return a("kept_waits")
    return a("kept_never" if reason in _NEVER else "kept")


def saved_said(line: Saved, now_ms: int) -> str:
    """于晓梅，7月12日 09:05 保存."""
    if not line.saved_ms:
        return a("gone")
    return a("saved", who=line.who or a("nobody_chosen"), when=when(line.saved_ms, now_ms))


def row_of(line: ApartLine, now_ms: int) -> Row:
    """A line of the list."""
    seen = line.apart.seen_ms > 0
    return Row(
        line.apart.action,
        {
            "who": Cell(who_said(line.saved), "muted" if seen else "strong"),
            "what": Cell(what_said(line.saved), "muted" if seen else "text"),
            "why": Cell(reason_said(line.apart.reason), "muted" if seen else "text"),
            "state": Cell(a("seen"), "muted") if seen else Cell(a("unseen"), tone="warn"),
            "when": Cell(when(line.apart.at_ms, now_ms), "muted"),
        },
    )
