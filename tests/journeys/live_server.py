"""The province of a journey as it runs for real: PostgreSQL, a server process, HTTP; and the line to it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from jobdesk.protocol.limits import MAX_CARRIED_BYTES
from jobdesk.sync.http_transport import HttpTransport
from jobdesk.sync.transport import Answered, no_line
from tools.live_province import DATABASE, LiveProvince
from tools.postgres import Postgres

CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


class LiveServer:
    """What ``tests.sync.ground.Server`` offers a journey, of processes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self._temp = tempfile.TemporaryDirectory(prefix="jobdesk-weeks-")
        home = Path(self._temp.name)
        home.chmod(0o755)  # PostgreSQL works as a user of its own
        self._live = LiveProvince(home / "server", processes=1, durable=False)
        for station, name in (("a", "甲站"), ("b", "乙站")):
            self._live.command("org", station, name, "station", "--parent", "220102")
        self._live.start_all()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._live.ports[0]}"

    @property
    def _postgres(self) -> Postgres:
        return self._live.postgres

    def code(self, org: str = "a", role: str = "desk") -> str:
        """``role`` follows from the organisation, as on the command line."""
        found = CODE.search(self._live.command("code", org))
        assert found is not None, role
        return found[0]

    def digest(self, org: str = "a") -> tuple[int, bytes]:
        found = self._postgres.ask(
            f"SELECT head || ' ' || encode(digest, 'hex') FROM stream WHERE id = '{org}'", DATABASE
        )
        head, digest = found.split()
        return int(head), bytes.fromhex(digest)

    def copy(self, name: str) -> Path:
        """The mark, then ``pg_basebackup``."""
        self._live.command("backup", name)
        target = self._postgres.folder / name
        self._postgres.base_backup(target)
        return target

    def restore(self, copy: Path, *, epoch: bool) -> None:
        """As docs/how-to/province.md says."""
        self._live.kill_all()
        self._postgres.restore(copy)
        if epoch:
            self._live.command("epoch", "--none-erased")
        self._live.start_all()

    def close(self) -> None:
        self._live.close()
        self._temp.cleanup()


class LiveWire:
    """HTTP to it; ``fault`` as of the wire in memory."""

    def __init__(self, server: LiveServer) -> None:
        self._address = server.address
        self._http: HttpTransport | None = None
        self.fault: Callable[[int], str] = lambda _n: ""
        self.count = 0

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        self.count += 1
        if self.fault(self.count):
            raise no_line("test")
        if self._http is None:
            self._http = HttpTransport(self._address, most_bytes=MAX_CARRIED_BYTES)
        return self._http.request(method, path, headers, body)

    def close(self) -> None:
        """Connections go; the next request opens new ones."""
        if self._http is not None:
            self._http.close()
            self._http = None
