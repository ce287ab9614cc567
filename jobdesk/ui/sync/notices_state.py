"""The server's notices in words. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jobdesk.host.strings import has, text
from jobdesk.services.household.naming import called
from jobdesk.services.sync_apart import Saved
from jobdesk.store.sync_told import CROSSED, ELSEWHERE, OF_STATIONS, RELEASED, WENT_ALONG, Notice
from jobdesk.ui.case_words import day, label, record_name
from jobdesk.ui.sync.apart_state import saved_said, what_said, who_said


def moves_among(found: Sequence[Notice]) -> list[Notice]:
    """Those about moving and doubles."""
    return [n for n in found if n.kind in OF_STATIONS]


def plain_ones(found: Sequence[Notice]) -> list[Notice]:
    """Those a person only reads. Of somebody erased nothing is left to say what went along."""
    return [
        n for n in found
        if n.kind not in OF_STATIONS and not n.more.get(ELSEWHERE) and (n.kind != WENT_ALONG or n.more)
    ]  # fmt: skip


def kind_said(notice: Notice) -> str:
    """处理通知, 消息."""
    key = f"sync.notice.{notice.kind}"
    return text(key) if has(key) else text("sync.notice.message")


def said(notice: Notice) -> str:
    """What it says; a message in the words of whoever wrote it."""
    if notice.kind == RELEASED:
        return text("sync.notice.released_said")
    if notice.kind == CROSSED:
        return text("conflicts.crossed_gone")
    if notice.kind == WENT_ALONG:
        return _went_along(notice)
    return notice.text or text("sync.notice.empty")


def _went_along(notice: Notice) -> str:
    """Whose file is where since when, and what was typed here of it."""
    more = notice.more
    kind = str(more.get("kind") or "case")
    name = str(more.get("name") or "")
    who = called(name) if kind == "household" else name or text("moves.nameless")
    fields = "、".join(label(kind, str(f)) for f in more.get("fields") or ())
    records: Mapping[str, int] = more.get("records") or {}
    counted = [
        text("sync.notice.went_records", what=record_name(k), count=n) for k, n in sorted(records.items())
    ]
    on = str(more.get("on") or "")
    station = str(more.get("station") or "")
    moved = (
        text("sync.notice.went_to_on", who=who, station=station, day=day(on))
        if on
        else text("sync.notice.went_to", who=who, station=station)
    )
    end = "sync.notice.went_what_house" if kind == "household" else "sync.notice.went_what"
    return moved + text(end, what="；".join(p for p in (fields, *counted) if p))


def released_said(saved: Saved, now_ms: int) -> str:
    """What was taken after all, where it stands here: whose, what, saved by whom and when."""
    return text(
        "sync.notice.released_of", who=who_said(saved), what=what_said(saved), saved=saved_said(saved, now_ms)
    )
