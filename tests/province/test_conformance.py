"""The conformance suite against our own server in this process, and once over real HTTP."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select, update

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Kind, Op
from jobdesk.protocol.messages import Place
from province import bootstrap, doubles, enrolling, erasing, moving, notices, pull, transfers, wall
from province.config import Config
from province.contents import Store
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.serving import Province
from province.web.app import make_app
from tests.province.http import Http
from tools.conformance.__main__ import ground
from tools.conformance.desk import Skipped
from tools.conformance.musts import ALL, Ground
from tools.conformance.operating import ByCommands


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
    return ground(wire, (codes[0], codes[1]), codes[2], ByCommands("", {}))


@pytest.mark.parametrize("must", ALL, ids=lambda must: must.__name__)
def test_our_server_holds(must: Callable[[Ground], None], made: Ground) -> None:
    try:
        must(made)
    except Skipped as why:
        assert "pushing" not in {t.name for t in threading.enumerate()}, "what was skipped goes on"
        pytest.skip(str(why))  # over real HTTP there is somebody at the server


def _ends_pages_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pull._lines

    def one(con: Connection, num: int, after: int, left: int, *rest: Any) -> tuple[list[bytes], Place]:
        lines, _ = whole(con, num, after, left, *rest)
        found = con.execute(
            select(t.listing.c.hash).where(t.listing.c.stream == num, t.listing.c.seq == after + 1)
        )
        return lines[:1], Place(seq=after + 1, hash=bytes(found.scalar_one()).hex())

    monkeypatch.setattr(pull, "_lines", one)


def _leaves_the_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = erasing.blank_line

    def salted(op: Op) -> bytes:
        return whole(op) if op.kind is Kind.ERASED else encode(replace(op, payload=None, body=b""))

    monkeypatch.setattr(erasing, "blank_line", salted)


def _tells_the_home_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = moving.plan

    def narrow(*given: Any) -> moving.Plan:
        plan = whole(*given)
        return replace(plan, others=frozenset()) if plan.erases else plan

    monkeypatch.setattr(moving, "plan", narrow)


BROKEN: dict[str, tuple[str, Callable[[pytest.MonkeyPatch], None]]] = {
    "M-5.2 pages end anywhere": ("m_5_2_pages_end_with_actions", _ends_pages_anywhere),
    "M-6.7 a merge settles nothing": (
        "m_6_7_a_merge_settles_it", lambda m: m.setattr(notices, "settle_pair", _nothing)),
    "M-6.7 a move is told to nobody": (
        "m_6_7_told_after_a_move", lambda m: m.setattr(doubles, "follow", lambda *_: {})),
    "M-6.9 an id looks up any number": (
        "m_6_9_an_id_looks_up_one_number", lambda m: m.setattr(transfers, "_question", lambda *_: "the same")),
    "M-6.10 an erasure leaves a word": (
        "m_6_10_masked_and_blanked", lambda m: m.setattr(notices, "forget", _settles_only)),
    "M-7.1 the salt stays": ("m_7_erasing", _leaves_the_salt),
    "M-7.3 told at home alone": ("m_7_3_told_where_somebody_was", _tells_the_home_alone),
    "M-9.1 ended files first": (
        "m_9_1_open_files_first",
        lambda m: (m.setattr(bootstrap, "_OPEN", bootstrap._ENDED), m.setattr(bootstrap, "_ENDED", 1))[0]),
}  # fmt: skip


def _nothing(*_: object) -> None:
    """What the broken server does."""


def _settles_only(con: Connection, subject: str, now_ms: int) -> None:
    """Nobody is told any more, and all of it is kept."""
    named = select(t.notice_subject.c.notice).where(t.notice_subject.c.subject == subject)
    con.execute(update(t.notice).where(t.notice.c.id.in_(named)).values(settled_ms=now_ms))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_server_is_found(name: str, made: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """The canaries: the suite once passed each of these."""
    asked, broken = BROKEN[name]
    (must,) = (one for one in ALL if one.__name__ == asked)
    must(made)
    broken(monkeypatch)
    with pytest.raises((AssertionError, ValueError)):
        must(made)


def test_ended_by_a_signal_it_takes_its_server_along() -> None:
    """Whoever ends it (a CI that waits no longer) found a server on a port of its own days later."""
    child = subprocess.Popen([sys.executable, "-m", "tools.conformance"], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        first = child.stdout.readline()
        assert first.startswith("ok"), first
        below = [int(p) for p in Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()]
        assert below
        child.terminate()
        assert child.wait(60) == 128 + signal.SIGTERM
    finally:
        child.kill()
        child.stdout.close()
    assert not any(Path(f"/proc/{pid}").exists() for pid in below)


def test_over_real_http() -> None:
    """Killed and restored on the way; only what no server of today can show is left out."""
    done = subprocess.run([sys.executable, "-m", "tools.conformance"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    skipped = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert [line.split(":")[0] for line in skipped] == ["SKIPPED M-1_3_pushes_of_older_versions"]


def test_a_command_that_nobody_gave_is_told(tmp_path: Path) -> None:
    for life, told in (
        (ByCommands("", {}), "CONFORMANCE_KILL"),
        (ByCommands("", {"CONFORMANCE_KILL": "false"}), "false"),
    ):
        with pytest.raises((Skipped, subprocess.CalledProcessError), match=told):
            life.kill()
    only = ByCommands("", {"CONFORMANCE_RESTORE": f"touch {tmp_path / 'restored'}"})
    with pytest.raises(Skipped, match="CONFORMANCE_BACKUP"):
        only.restore()
    assert not (tmp_path / "restored").exists()
