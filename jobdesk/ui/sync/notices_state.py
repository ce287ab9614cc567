"""The server's notices in words. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.host.strings import has, text
from jobdesk.store.sync_told import CROSSED, OF_STATIONS, Notice


def moves_among(found: Sequence[Notice]) -> list[Notice]:
    """Those about moving and doubles."""
    return [n for n in found if n.kind in OF_STATIONS]


def plain_ones(found: Sequence[Notice]) -> list[Notice]:
    """Those a person only reads."""
    return [n for n in found if n.kind not in OF_STATIONS]


def kind_said(notice: Notice) -> str:
    """处理通知, 消息."""
    key = f"sync.notice.{notice.kind}"
    return text(key) if has(key) else text("sync.notice.message")


def said(notice: Notice) -> str:
    """What it says; a message in the words of whoever wrote it."""
    if notice.kind == "released":
        return text("sync.notice.released_said")
    if notice.kind == CROSSED:
        return text("conflicts.crossed_gone")
    return notice.text or text("sync.notice.empty")
