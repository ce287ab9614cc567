"""Who this machine is and what its line is taken for, in words. Pure: no Qt."""

from __future__ import annotations

from typing import Literal

from jobdesk.cases.clock import local_datetime
from jobdesk.host.strings import has, text
from jobdesk.services.syncing import ENROL_ANEW, Enrolment
from jobdesk.store.sync_facts import put_right
from jobdesk.ui.sync.state import DAY_MS, SKEW_TOLD_MS, Tone, skew_said, t

SOON_MS = 30 * DAY_MS
"""How long before its end a device's validity is told (own figure)."""


def enrolment_lines(
    found: Enrolment, now_ms: int, error: str = ""
) -> list[tuple[str, str, Tone | Literal["ink"]]]:
    """(name, value, tone) about the device; ``error`` is what the last try ended with."""
    left = found.valid_until_ms - put_right(now_ms, found.skew_ms, found.server_ms)
    valid = local_datetime(found.valid_until_ms)
    said = (
        t("day", year=valid.year, month=valid.month, day=valid.day)
        if found.valid_until_ms
        else t("unknown_day")
    )
    lines: list[tuple[str, str, Tone | Literal["ink"]]] = [
        (t("its_station"), found.station_name or found.station, "ink"),
        (t("its_role"), role_said(found.role), "ink"),
        (t("its_server"), found.server, "ink"),
        (t("its_device"), found.device, "ink_2"),
        (t("its_validity"), *_validity(said, left, error)),
    ]
    if abs(found.skew_ms) >= SKEW_TOLD_MS:
        lines.append((t("its_clock"), skew_said(found.skew_ms), "warn"))
    return lines


def _validity(day: str, left_ms: int, error: str) -> tuple[str, Literal["ink", "warn"]]:
    """No day holds of a machine that the server lets in no more."""
    if error in ENROL_ANEW:
        return t(f"valid_{error}"), "warn"
    if left_ms <= 0:
        return t("valid_over", day=day), "warn"
    return t("valid_until", day=day), "ink" if left_ms > SOON_MS else "warn"


def role_said(role: str) -> str:
    key = f"sync.page.role_{role}"
    return text(key) if has(key) else role


def line_said(wish: str, held: str) -> str:
    """What holds for the line now; nothing where only the system could tell and is not asked while somebody
    pauses.
    """
    if wish == "system" and held == "person":
        return ""
    spared = wish == "always" or (wish == "system" and held == "metered")
    return t("line_spared") if spared else t("line_free")
