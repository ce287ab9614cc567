"""What IT has set for this PC, in words. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from jobdesk.host import machine_code, publishers
from jobdesk.host.policy_settings import Managed, Name
from jobdesk.host.settings_file import AppConfig
from jobdesk.ui.settings.state import t

ORDER: tuple[Name, ...] = (
    "station_code", "server", "second", "data_folder", "updates", "update_folder", "only_publishers"
)  # fmt: skip
_ON_OFF = frozenset({"updates", "only_publishers"})


@dataclass(frozen=True, slots=True)
class ManagedLine:
    """A greyed line; ``note`` says what this version makes of it, where that is not plain."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PublisherLine:
    """Somebody whose packs are taken in; ``by_unit``: cannot be taken away here."""

    key_id: str
    name: str
    by_unit: bool


def managed_lines(config: AppConfig) -> list[ManagedLine]:
    """Every setting of IT, in the order of the page."""
    values = config.policy.values
    lines = [_line(values[name]) for name in ORDER if name in values]
    if config.policy.enrolment is not None:
        at = 2 if "server" in values else 1
        used = machine_code.is_used(config.paths.data, config.policy.enrolment.text)
        note = t("unit_code_used" if used else "unit_code_waits")
        code = ManagedLine(t("unit_enrolment_code"), config.policy.enrolment.masked, note)
        lines.insert(min(at, len(lines)), code)
    return lines


def _line(managed: Managed) -> ManagedLine:
    value = t(f"unit_{managed.value}") if managed.name in _ON_OFF else managed.value
    note = t("unit_server_note") if managed.name == "server" else ""
    return ManagedLine(t(f"unit_{managed.name}"), value, note)


def publisher_lines(config: AppConfig) -> list[PublisherLine]:
    """The publishers in force, IT's first."""
    by_unit = {k.key_id for k in config.policy.publishers}
    return [PublisherLine(k.key_id, k.name, k.key_id in by_unit) for k in publishers.in_force(config)]
