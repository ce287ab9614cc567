"""A small station for faults: what was acknowledged, and whether it is still there."""

from __future__ import annotations

from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ids import id_source
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services import registering, serving
from jobdesk.services.desk import Desk
from jobdesk.store.check import check_station
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import open_with_key_file
from jobdesk.store.open_station import OpenStation
from jobdesk.store.opening import open_station
from jobdesk.store.reads import records


class Ground:
    """One station with one person, a clock that is moved by hand, and a list of what was acknowledged."""

    def __init__(self, folder: Path, *, second: Path | None = None) -> None:
        self.clock = FixedClock.at(2026, 11, 20)
        self.paths = StationPaths(folder, second)
        self.key_file = folder / "key" if second is None else second.parent / "key"
        new = NewStation({"name": "示例站", "code": "229901001"}, "于晓梅")
        self.station, code, self.staff = create_station(
            self.paths, new, self.clock, id_source(self.clock), key_file=self.key_file
        )
        self.code = code.text
        self.kept: list[str] = []
        self.case_id = (
            registering.register(self.desk, {"name": "单秀英", "phone": "19900001111"}).result().case_id
        )

    @property
    def desk(self) -> Desk:
        return Desk(self.station.file, self.staff, working_days())

    def save(self, content: str) -> None:
        """A service; counted as acknowledged when no error came."""
        self.clock.tick()
        entry = serving.ServiceEntry(
            {"type": "HF", "channel": "phone", "served_on": "2026-11-19", "content": content},
            serving.Contact("2026-12-18", content),
        )
        serving.record_service(self.desk, [self.case_id], entry).result()
        self.kept.append(content)

    def shown(self) -> list[str]:
        """Contents of the services as rows show them."""
        found = self.station.file.read(lambda con: records(con, "service")).result()
        return [r.text("content") for r in found]

    def lacking(self) -> set[str]:
        """Acknowledged and not there."""
        return set(self.kept) - set(self.shown())

    def reopen(self) -> OpenStation:
        """Close, and open as the next start does."""
        self.station.close()
        key = open_with_key_file(self.paths.keyslots, self.key_file)
        self.station = open_station(self.paths, key, self.clock, id_source(self.clock))
        return self.station

    def faults(self, *, backups: bool = True) -> list[str]:
        """What ``check`` finds."""
        return [f"{r.name}: {r.detail}" for r in check_station(self.station, backups=backups) if not r.ok]
