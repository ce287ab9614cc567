"""The suite before a server of ours in this process, with somebody at it; and how to break that server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from province import enrolling, wall
from province.config import Config
from province.contents import Store
from province.db.engine import EVERYTHING, Database
from province.serving import Province
from province.web.app import make_app
from tests.province.http import Http
from tools.conformance.__main__ import ground
from tools.conformance.musts import Ground
from tools.conformance.operating import ByCommands

Patch = pytest.MonkeyPatch


@dataclass
class Here(ByCommands):
    """Somebody at the server who can shut a machine out."""

    url: str = ""
    db: Database = field(kw_only=True)

    def revoke(self, device: str) -> None:
        with self.db.writing(EVERYTHING) as con:
            enrolling.revoke(con, device, "test", wall.now_ms())


def ground_on(db: Database, folder: Path) -> Ground:
    server = Province(db, wall.now_ms, wall.new_id, Store(folder / "contents"))
    with db.writing(EVERYTHING) as con:
        one, two, other = (enrolling.issue_code(con, org, "desk", wall.now_ms()) for org in ("a", "a", "b"))
    wire = Http(make_app(server, Config(per_minute=100_000)))
    return ground(wire, (one, two), other, Here(given={}, db=db))


def around(patch: Patch, where: Any, name: str, instead: Callable[..., Any]) -> None:
    """``instead`` is given what stood there, then what that is called with."""
    whole = getattr(where, name)
    patch.setattr(where, name, lambda *given, **named: instead(whole, *given, **named))
