"""What the pill and the first tab of 同步 say. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from jobdesk.cases.clock import local_date, local_datetime
from jobdesk.host.strings import has, text
from jobdesk.services.syncing import BUSY, DOWN, FOR_A_PERSON, Pill, Seen
from jobdesk.store.sync_facts import put_right

Tone = Literal["ink_2", "accent", "ok", "warn", "bad"]
DAY_MS = 24 * 3600 * 1000
SKEW_TOLD_MS = 5 * 60 * 1000
"""A clock that is further off is told (own figure); nothing depends on it (M-2.4)."""
MUCH = 200
"""Operations from which on the pill counts along (own figure): fewer are gone before they are read."""
STALE_MS = 25 * 3600 * 1000
"""From when on 已同步 says how long ago (own figure): a line that is paid by volume is used once a day."""


def t(key: str, /, **params: object) -> str:
    """A sentence of this place."""
    return text(f"sync.page.{key}", **params)


def when(ms: int, now_ms: int) -> str:
    """今天 09:05, 昨天 17:30, 7月12日 09:05, 2025年7月12日 09:05."""
    at, today = local_datetime(ms), local_date(now_ms)
    clock = f"{at:%H:%M}"
    if at.date() == today:
        return t("today_at", time=clock)
    if at.date() == today - timedelta(days=1):
        return t("yesterday_at", time=clock)
    if at.year == today.year:
        return t("day_at", month=at.month, day=at.day, time=clock)
    return t("year_day_at", year=at.year, month=at.month, day=at.day, time=clock)


def whole_moment(ms: int) -> str:
    """2026年11月21日 09:05:07."""
    at = local_datetime(ms)
    return t("moment", year=at.year, month=at.month, day=at.day, time=f"{at:%H:%M:%S}")


def since(ms: int, now_ms: int) -> str:
    """How long there was no line, to the nearest: 3 小时, 12 天."""
    took = max(0, now_ms - ms)
    minutes, hours, days = ((2 * took + unit) // (2 * unit) for unit in (60_000, 3600_000, DAY_MS))
    if minutes < 60:
        return t("minutes", count=max(1, minutes))
    return t("hours", count=hours) if hours < 48 else t("days", count=days)


def right_now(seen: Seen, now_ms: int) -> int:
    """The time by the server's clock, where it is known that this one is off."""
    return put_right(now_ms, seen.now.counts.skew_ms, seen.now.counts.server_ms)


def last_good(seen: Seen, now_ms: int) -> int:
    """When an exchange last came through; 0 where none did, or the time kept of it is still to come: whoever
    kept it had a wrong clock.
    """
    kept = seen.now.last_good_ms
    return kept if kept <= right_now(seen, now_ms) + SKEW_TOLD_MS else 0


def skew_said(skew_ms: int) -> str:
    """本机时钟比服务器快 2 小时; nothing is changed by it."""
    size = since(0, abs(skew_ms))
    return t("clock_fast", time=size) if skew_ms > 0 else t("clock_slow", time=size)


def trouble_said(code: str) -> str:
    """The sentence of an error; one that this program does not know is said by its code."""
    key = f"error.{code}"
    return text(key, detail="", what="", versions="", server="") if has(key) else t("unknown", code=code)


# ---------------------------------------------------------------------- pill


@dataclass(frozen=True, slots=True)
class PillWords:
    """Behind 已保存 in the header; ``short`` alone where there is no room for both."""

    more: str
    short: str
    tone: Tone


def pill_words(seen: Seen, now_ms: int) -> PillWords:
    """The pill, every state of it."""
    now = seen.now
    waiting = t("pill_waiting", count=now.waiting) if now.waiting else ""
    match now.pill:
        case Pill.NOT_ENROLLED:
            if seen.practice:
                return PillWords("", "", "ok")
            if seen.trouble in FOR_A_PERSON or seen.trouble == "sync_bad_code":
                return PillWords(t("pill_enrol"), t("pill_enrol"), "warn")
            if seen.trouble or seen.offered:
                return PillWords(t("pill_enrol_waits"), t("pill_enrol_waits"), "ink_2")
            return PillWords(t("pill_alone"), "", "ok")
        case Pill.SENDING:
            said = share_said(seen) or t("pill_sending")
            return PillWords(said, t("pill_sending"), "accent")
        case Pill.PERSON:
            said = t("pill_person", count=now.for_person) if now.for_person else ""
            if now.error in FOR_A_PERSON:  # leads: what waits for a person waits, this lets nothing through
                return PillWords(joined(t("pill_error"), said, waiting), t("pill_error"), "warn")
            line = stands_still(seen, now_ms) if now.error else held_said(seen)
            return PillWords(joined(said, line, waiting), said, "warn")
        case Pill.BUSY:
            short = t("pill_down" if now.error == DOWN else "pill_busy")
            return PillWords(joined(stands_still(seen, now_ms), waiting), short, "ink_2")
        case Pill.OFFLINE:
            said = joined(stands_still(seen, now_ms), waiting)
            return PillWords(said, waiting or t("pill_no_line"), "ink_2")
        case Pill.WAITING:
            return PillWords(joined(waiting, held_said(seen)), waiting, "ok")
        case Pill.SAVED:
            last = "" if seen.held == "person" else _last_said(seen, now_ms)
            return PillWords(joined(last, held_said(seen)), "", "ok")


def held_said(seen: Seen) -> str:
    """Why nothing goes by itself: somebody paused it, or the line is paid by volume and spared."""
    return t({"": "", "person": "pill_paused", "metered": "pill_metered"}[seen.held]) if seen.held else ""


def _last_said(seen: Seen, now_ms: int) -> str:
    """已同步, and how long ago where that is no news of today: before the first try of a day nobody knows."""
    if not seen.now.last_good_ms:
        return t("pill_never")
    good, right = last_good(seen, now_ms), right_now(seen, now_ms)
    stale = good and right - good > STALE_MS
    return t("pill_last", time=since(good, right)) if stale else t("pill_saved")


def offline_said(key: str, without: str, seen: Seen, now_ms: int) -> str:
    """With how long, where that is known."""
    good = last_good(seen, now_ms) if seen.now.offline_since_ms else 0
    return t(key, time=since(good, right_now(seen, now_ms))) if good else t(without)


def stands_still(seen: Seen, now_ms: int) -> str:
    """离线 3 天, 服务器忙，09:05 再试, 已暂停: why nothing goes, while the last try did not come through."""
    now = seen.now
    if seen.held == "person":
        return t("pill_paused")
    if now.error == BUSY:
        return again_said("pill_busy", seen, now_ms)
    if now.error == DOWN:
        return again_said("pill_down", seen, now_ms)
    return offline_said("pill_offline", "pill_no_line", seen, now_ms)


def again_said(key: str, seen: Seen, now_ms: int) -> str:
    """With the time of the next try in it, where that is known and still to come."""
    if seen.again_ms <= now_ms:
        return t(key)
    at, today = local_datetime(seen.again_ms), local_date(now_ms)
    said = f"{at:%H:%M:%S}" if seen.again_ms - now_ms < 2 * 60_000 else f"{at:%H:%M}"
    return t(f"{key}_at", time=said if at.date() == today else when(seen.again_ms, now_ms))


def joined(*parts: str) -> str:
    """Those that say something, with a dot between them."""
    return " · ".join(part for part in parts if part)


def share_said(seen: Seen) -> str:
    """正在接收 40% while much is under way; empty otherwise."""
    moving = seen.now.moving
    if moving.of < MUCH or moving.step not in ("load", "pull", "push", "refill", "contents"):
        return ""
    return t(f"step_{moving.step}_share", percent=min(100, moving.done * 100 // moving.of))


# ---------------------------------------------------------------------- first tab


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of the line in one sentence, and why.

    Attributes:
        way_out: what a person can do, where there is something to do.
    """

    icon: str
    tone: Tone
    sentence: str
    why: str
    way_out: str = ""


def standing(seen: Seen, now_ms: int) -> Standing:
    """What the first card says."""
    now = seen.now
    last = _last_good_said(seen, now_ms)
    if now.pill is Pill.NOT_ENROLLED:
        return _not_enrolled(seen)
    if now.pill is Pill.SENDING:
        return Standing("sync", "accent", t("sending"), step_said(seen))
    if now.error in FOR_A_PERSON:
        way = _asks(f"way_{now.error}", f"way_{now.error}_above", seen)
        return Standing("alert", "warn", t("stopped"), trouble_said(now.error), way)
    if now.error and seen.held != "person":
        key = "kept_here" if now.error == "no_line" else "kept_till_next"
        kept = t(key, count=now.waiting) if now.waiting else t("nothing_waits")
        if now.error == "no_line":
            head = offline_said("offline", "no_line", seen, now_ms)
            return Standing("alert", "ink_2", head, kept, t("way_no_line"))
        if now.error == BUSY:
            return Standing("clock", "ink_2", again_said("busy", seen, now_ms), t("busy_why"), kept)
        if now.error == DOWN:
            return Standing(
                "clock",
                "ink_2",
                again_said("down", seen, now_ms),
                _asks("down_why", "down_why_above", seen),
                kept,
            )
        head = again_said("not_through", seen, now_ms)
        return Standing("alert", "ink_2", head, trouble_said(now.error), kept)
    if seen.held == "person":
        kept = t("kept_for_later", count=now.waiting) if now.waiting else t("nothing_waits")
        return Standing("clock", "ink_2", t("paused"), kept, t("way_paused"))
    if now.counts.loading:
        return Standing("download", "accent", t("loading"), t("loading_why"))
    if now.waiting:
        why = t("metered_why") if seen.held == "metered" else t("waiting_why")
        return Standing("clock", "ok", t("waiting", count=now.waiting), why, last)
    if not now.last_good_ms:
        return Standing("clock", "ink_2", t("first_due"), t("first_due_why"))
    why = t("metered_why") if seen.held == "metered" else ""
    if now.counts.stands_apart:  # looked at, it is no news; that both sides hold the same it is not either
        said = t("agreed_but", count=now.counts.stands_apart)
        return Standing("alert", "warn" if now.counts.apart else "ink_2", said, last, t("see_apart") + why)
    return Standing("check-circle", "ok", t("agreed"), last, why)


def _asks(key: str, above: str, seen: Seen) -> str:
    """A sentence that names whom to ask: a desk above stations is the county itself, and asks further up."""
    return t(above if seen.now.counts.above and has(f"sync.page.{above}") else key)


def _last_good_said(seen: Seen, now_ms: int) -> str:
    if not seen.now.last_good_ms:
        return t("never_good")
    good = last_good(seen, now_ms)
    return t("last_good", when=when(good, right_now(seen, now_ms))) if good else t("last_unknown")


def _not_enrolled(seen: Seen) -> Standing:
    if seen.practice:
        return Standing("graduate", "ink_2", t("practice"), t("practice_why"))
    if seen.trouble:
        key = f"way_offer_{seen.trouble}"
        way = t(key) if has(f"sync.page.{key}") else t("way_offer")
        return Standing("alert", "warn", t("offer_failed"), trouble_said(seen.trouble), way)
    if seen.offered:
        return Standing("clock", "ink_2", t("offered"), t("offered_why"))
    return Standing("hard-drive", "ink_2", t("alone"), t("alone_why"), t("alone_way"))


def step_said(seen: Seen) -> str:
    """What is being done now, how much of it is done, and what of it can be used already."""
    moving = seen.now.moving
    said = t(f"step_{moving.step}") if moving.step else ""
    if moving.step == "refill":
        return joined(said, t("so_far_refill", done=moving.done)) if moving.done else said
    if moving.of <= 1 or not moving.step:
        return said
    done = min(moving.done, moving.of)
    if moving.step == "contents":
        return joined(said, t("so_far_contents", done=size(done), of=size(moving.of)))
    return joined(said, t(f"so_far_{moving.step}", done=done, of=moving.of))


def size(count: int) -> str:
    """1.2 MB, 340 KB, 12 B."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024 / 1024:.1f} MB"
