"""The server's notices in words. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.host.strings import has, text
from jobdesk.store.sync_told import Notice

MOVES = frozenset({
    "duplicate", "transfer_request", "transfer_accept", "transfer_refuse", "transfer_withdraw",
    "transfer_over",
})  # fmt: skip
"""Kinds that are dealt with in 转入转出."""


def moves_among(found: Sequence[Notice]) -> list[Notice]:
    """Those about moving and doubles."""
    return [n for n in found if n.kind in MOVES]


def plain_ones(found: Sequence[Notice]) -> list[Notice]:
    """Those a person only reads."""
    return [n for n in found if n.kind not in MOVES]


def kind_said(notice: Notice) -> str:
    """处理通知, 消息."""
    key = f"sync.notice.{notice.kind}"
    return text(key) if has(key) else text("sync.notice.message")


def said(notice: Notice) -> str:
    """What it says; a message in the words of whoever wrote it."""
    if notice.kind == "released":
        return text("sync.notice.released_said")
    return notice.text or text("sync.notice.empty")
