"""The conformance suite against our own server in this process, and once over real HTTP."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from province import enrolling, wall
from province.config import Config
from province.contents import Store
from province.db.engine import EVERYTHING, Database
from province.serving import Province
from province.web.app import make_app
from tests.province.http import Http
from tools.conformance.__main__ import ground
from tools.conformance.musts import ALL, Ground


@dataclass
class Here:
    """The application in this process as the suite's wire."""

    http: Http

    def request(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        return self.http.request(method, path, content, headers)


@pytest.fixture
def made(db: Database, tmp_path: Path) -> Ground:
    server = Province(db, wall.now_ms, wall.new_id, Store(tmp_path / "contents"))
    wire = Here(Http(make_app(server, Config(per_minute=100_000))))
    with db.writing(EVERYTHING) as con:
        codes = [enrolling.issue_code(con, org, "desk", wall.now_ms()) for org in ("a", "a", "b")]
    return ground(wire, (codes[0], codes[1]), codes[2])


@pytest.mark.parametrize("must", ALL, ids=lambda must: must.__name__)
def test_our_server_holds(must: Callable[[Ground], None], made: Ground) -> None:
    must(made)


def test_over_real_http() -> None:
    done = subprocess.run([sys.executable, "-m", "tools.conformance"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
