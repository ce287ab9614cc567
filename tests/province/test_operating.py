"""What whoever runs a server relies on: a log, counters of all processes, a database that goes away."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import uvicorn
from uvicorn.server import ServerState

from province import backups, enrolling, viewing
from province.cli.serving import Prompt
from province.config import Config
from province.db.engine import EVERYTHING, Database, open_database
from province.identity import identity
from province.serving import Province
from province.web.app import make_app
from province.web.limiting import Gate
from province.web.metrics import Metrics
from tests.province.ground import NOW
from tests.province.http import Http
from tests.province.test_web import Device, Server, refusal


def test_a_database_that_is_away_is_a_busy_server_and_not_a_broken_one() -> None:
    nowhere = open_database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    http = Http(make_app(Province(nowhere, lambda: NOW, lambda: "id"), Config()))
    for method, path in (("GET", "/v1/hello"), ("POST", "/v1/push"), ("POST", "/v1/pull"), ("GET", "/view")):
        answer = http.request(method, path, b"", {"Jobdesk-Protocol": "1", "Jobdesk-Device": "d",
                                                  "Jobdesk-Nonce": "n", "Jobdesk-Signature": "s"})  # fmt: skip
        assert (answer.status_code, answer.json()["error"]) == (429, "busy"), path
        assert answer.headers["Retry-After"] == "10"
    assert http.get("/ready").status_code == 503
    assert http.get("/health").status_code == 200


def test_a_database_without_tables_is_not_ready(tmp_path: Path) -> None:
    empty = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert (
        Http(make_app(Province(empty, lambda: NOW, lambda: "id"), Config())).get("/ready").status_code == 503
    )


def test_every_request_is_a_line_of_ids_and_figures(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "province")
    server = Server(db)
    device = Device(server)
    device.enrol(server.code())
    device.ask("/v1/pull", b"{}")
    device.ask("/v1/pull", b'{"cursors":[{"stream":"b","at":{}}]}')
    server.http.request("GET", "/view/in/secret-token", b"", {"Jobdesk-Device": "Zhang San 229901"})
    server.http.get("/ready")
    lines = [getattr(r, "fields") for r in caplog.records if r.name == "province"]  # noqa: B009
    pulls = [line for line in lines if line["path"] == "/v1/pull"]
    assert [(p["status"], p["device"], p.get("error")) for p in pulls] == [
        (200, device.id, None), (403, device.id, "out_of_scope"),
    ]  # fmt: skip
    assert pulls[0]["bytes"] > 0
    said = json.dumps(lines, ensure_ascii=False)
    assert "secret-token" not in said and "Zhang" not in said and "/ready" not in said


def test_whichever_process_is_asked_tells_the_counters_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (Metrics(tmp_path, every_s=0) for _ in range(2))
    for pid, process in ((101, one), (102, two)):
        monkeypatch.setattr(os, "getpid", lambda pid=pid: pid)
        process.request("/v1/push", 200, 0.02)
        process.refused("busy")
        process.pushed(["accepted", "accepted"])
        process.pulled(10)
        process.request("/v1/pull", 200, 0.02)
        process.text()
    for process in (one, two):
        text = process.text()
        assert 'jobdesk_requests_total{path="/v1/push",status="200"} 2' in text
        assert 'jobdesk_request_seconds_bucket{path="/v1/push",le="0.025"} 2' in text
        assert 'jobdesk_refused_total{code="busy"} 2' in text
        assert 'jobdesk_actions_total{verdict="accepted"} 4' in text
        assert "jobdesk_pulled_bytes_total 20" in text


def test_counters_are_not_written_at_every_request(tmp_path: Path) -> None:
    one = Metrics(tmp_path, every_s=3600)
    one.request("/v1/pull", 200, 0.02)
    (file,) = tmp_path.iterdir()
    before = file.read_bytes()
    one.request("/v1/pull", 200, 0.02)
    assert file.read_bytes() == before
    assert 'jobdesk_requests_total{path="/v1/pull",status="200"} 2' in one.text()


def test_names_made_up_by_the_thousand_do_not_slow_the_next_request() -> None:
    gate = Gate(1, 1.0, 2, lambda: 0.0)
    for n in range(50_002):
        gate.count(str(n))
    assert len(gate._seen) < 50_000  # pyright: ignore[reportPrivateUsage]


def test_two_hundred_idle_lines_are_answered_and_a_stop_is_clean(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = dict(os.environ, JOBDESK_PROVINCE_DATABASE=f"sqlite:///{tmp_path / 'p.db'}",
               JOBDESK_PROVINCE_PORT=str(port), JOBDESK_PROVINCE_CONTENTS=str(tmp_path / "c"))  # fmt: skip
    command = [sys.executable, "-m", "province"]
    subprocess.run([*command, "migrate"], env=env, check=True, capture_output=True)
    child = subprocess.Popen([*command, "serve"], env=env, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    try:
        while "Uvicorn running" not in child.stderr.readline():
            assert child.poll() is None
        lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
        for line in lines:
            line.sendall(b"GET /v1/hello HTTP/1.1\r\nHost: x\r\n\r\n")
        told = {line.recv(15) for line in lines}
        assert told == {b"HTTP/1.1 200 OK"}
        for line in lines:
            line.close()
    finally:
        child.send_signal(signal.SIGTERM)
    said = child.communicate(timeout=60)[1].splitlines()
    assert child.returncode in (0, -signal.SIGTERM)
    logged = [json.loads(line) for line in said]
    assert sum(line["event"] == "request" for line in logged) == 200


def test_a_process_may_take_its_time_to_load(tmp_path: Path) -> None:
    """Uvicorn killed what was silent for five seconds, one after the other: of two none ever was ten seconds old."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, time\nif '--multiprocessing-fork' in sys.orig_argv: time.sleep(12)\n"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = dict(os.environ, JOBDESK_PROVINCE_DATABASE="postgresql+psycopg://nobody@127.0.0.1:1/none",
               JOBDESK_PROVINCE_PORT=str(port), PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '.')}")  # fmt: skip
    child = subprocess.Popen(
        [sys.executable, "-m", "province", "serve", "--workers", "2"],
        env=env,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    died = 0
    try:
        while "startup complete" not in (line := child.stderr.readline()):
            died += "died" in line  # one may, where this machine itself has no time for it
            assert died < 4 and child.poll() is None
    finally:
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)


def test_an_answer_does_not_wait_until_its_head_was_acknowledged() -> None:
    """The listening socket of several processes names no protocol, and asyncio asks for no haste then."""

    async def accepted() -> int:
        made = uvicorn.Config(
            make_app(Province(open_database("sqlite://"), lambda: NOW, lambda: "id"), Config())
        )
        made.load()
        lines: list[Prompt] = []

        def answering() -> Prompt:
            lines.append(Prompt(made, ServerState(), {}))
            return lines[-1]

        shared = socket.socket()
        assert shared.proto == 0
        shared.bind(("127.0.0.1", 0))
        async with await asyncio.get_running_loop().create_server(answering, sock=shared):
            _, writer = await asyncio.open_connection(*shared.getsockname())
            await asyncio.sleep(0)
            line = lines[0].transport.get_extra_info("socket")
            told = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            writer.close()
            return told

    assert asyncio.run(accepted())


def test_no_machine_is_let_in_that_could_never_pull(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cursors of more stations than a pull may name: the desk would fail at every exchange."""
    monkeypatch.setattr(enrolling, "MAX_STREAMS", 1)
    with db.writing(EVERYTHING) as con:
        with pytest.raises(ValueError, match="超过 1 个"):
            enrolling.issue_code(con, "220102", "county", NOW)
        assert enrolling.issue_code(con, "220102", "carrier", NOW)
        assert enrolling.issue_code(con, "a", "desk", NOW)


def test_after_a_restore_the_stolen_stay_out_and_old_codes_are_none(db: Database) -> None:
    server = Server(db)
    stolen, late = Device(server), Device(server)
    stolen.enrol(server.code())
    code = server.code()
    with db.writing(EVERYTHING) as con:  # the backup was made before: neither is known in it
        link = viewing.link(con, "a", NOW)
        backups.restored(con, [], NOW, [stolen.id, "of-the-lost-time"])
        assert viewing.enter(con, link, identity(con), NOW) is None
    assert refusal(stolen.ask("/v1/pull", b"{}")) == "revoked"
    assert refusal(late.enrol(code)) == "bad_code"
    assert late.enrol(server.code()).status_code == 200
