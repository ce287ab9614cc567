"""Setup by IT without typing: server and code stand in the machine's policy, the desk does the rest."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jobdesk.cases.enrolment_code import enrolment_code
from jobdesk.host import machine_code, policy_settings
from jobdesk.host.policy_settings import read_policy
from jobdesk.host.settings_file import AppConfig
from jobdesk.services import selftest
from jobdesk.services.syncing import enrolment
from jobdesk.sync.receipts import Receipt
from jobdesk.sync.running import Running
from jobdesk.ui.sync.making import make_running
from tests.sync.conftest import clock, pcs, server  # noqa: F401  # pyright: ignore[reportUnusedImport]
from tests.sync.ground import PC, Server

ADDRESS = "https://sync.example"
WRONG = enrolment_code(bytes(range(9)))


@pytest.fixture
def policy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "policy.json"
    monkeypatch.setattr(policy_settings, "POLICY_FILE", file)
    return file


class Started:
    """A runner as the window makes it, over a wire in memory."""

    def __init__(self, pc: PC, *, practice: bool = False) -> None:
        self.pc, self.came = pc, threading.Event()
        self.receipts: list[Receipt] = []
        desk = replace(pc.desk, practice=practice)
        self.running: Running = make_running(
            pc.station, desk, read_policy(), self._done, lambda _server: pc.wire
        )
        self.running.listen(self._moved)
        self.moved = threading.Event()
        self.running.start()

    def _done(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)
        self.came.set()

    def _moved(self) -> None:
        self.moved.set()

    def until(self, held: Callable[[], bool], seconds: float = 20) -> None:
        for _ in range(int(seconds * 50)):
            if held():
                return
            self.moved.wait(0.02)
            self.moved.clear()
        raise AssertionError("it did not come to that")

    def end(self) -> None:
        self.running.stop()


def write(file: Path, code: str, **more: str) -> None:
    file.write_text(json.dumps({"Server": ADDRESS, "EnrolmentCode": code, **more}), "utf-8")


def test_nobody_types_anything(server: Server, pcs: tuple[PC, PC], policy_file: Path) -> None:  # noqa: F811
    one, two = pcs
    code = server.code()
    write(policy_file, code, StationCode="220102001")
    one.open_case("c1", "周雨桐")
    started = Started(one)
    assert started.came.wait(20)
    started.end()
    told = enrolment(one.desk).result()
    assert told is not None and told.server == ADDRESS and told.station_name == "甲站"
    assert started.receipts[-1].agreed and started.receipts[-1].sent_ops >= 3
    # the code is gone from where rights allow it, what else IT has set stays, and the machine remembers
    assert json.loads(policy_file.read_text("utf-8")) == {"Server": ADDRESS, "StationCode": "220102001"}
    assert machine_code.is_used(one.paths.data, code) and code not in (
        one.paths.data / machine_code.MARK_NAME
    ).read_text("ascii")
    # the server has it: another PC of the station gets the person
    two.enrol().sync_well()
    assert two.case("c1").root.text("name") == "周雨桐"


def test_a_code_that_cannot_be_wiped_is_used_once_and_told_to_it(
    server: Server,  # noqa: F811
    pcs: tuple[PC, PC],  # noqa: F811
    policy_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, _ = pcs
    code = server.code()
    write(policy_file, code)

    def no_rights(*_given: object, **_more: object) -> None:
        raise PermissionError("owned by the administrator")

    monkeypatch.setattr(machine_code.policy_settings, "POLICY_FILE", policy_file)
    plain = machine_code.replace_file
    monkeypatch.setattr(
        machine_code, "replace_file",
        lambda path, data, **m: no_rights() if path == policy_file else plain(path, data, **m),  # type: ignore[arg-type]
    )  # fmt: skip
    config = AppConfig(data=str(one.paths.data), policy=read_policy())
    assert selftest.policy_line(config).state == "ok"
    started = Started(one)
    assert started.came.wait(20)
    started.end()
    assert read_policy().enrolment is not None
    line = selftest.policy_line(config)
    assert line.state == "warn" and line.code == "policy_code_left" and "EnrolmentCode" in line.said
    assert code not in line.said
    again = Started(one)
    assert not again.running.offered
    assert again.came.wait(20)
    again.end()
    assert "/v1/enrol" not in one.wire.paths[-2:] and one.wire.paths.count("/v1/enrol") == 1


def test_a_code_the_server_does_not_take_is_tried_once_and_told(
    server: Server,  # noqa: F811
    pcs: tuple[PC, PC],  # noqa: F811
    policy_file: Path,
) -> None:
    one, _ = pcs
    write(policy_file, WRONG.text)
    started = Started(one)
    started.until(lambda: started.running.trouble == "sync_bad_code")
    asked = one.wire.count
    started.running.now()
    started.until(lambda: not started.running.offered)
    started.end()
    assert one.wire.count == asked and enrolment(one.desk).result() is None
    assert machine_code.is_used(one.paths.data, WRONG.text) and read_policy().enrolment is None


def test_without_a_line_the_code_is_kept_for_later(
    server: Server,  # noqa: F811
    pcs: tuple[PC, PC],  # noqa: F811
    policy_file: Path,
) -> None:
    one, _ = pcs
    code = server.code()
    write(policy_file, code)
    one.wire.fault = lambda _n: "lost"
    started = Started(one)
    started.until(lambda: started.running.trouble == "no_line")
    assert read_policy().enrolment is not None and not machine_code.is_used(one.paths.data, code)
    one.wire.fault = lambda _n: ""
    started.running.now()
    assert started.came.wait(20)
    started.end()
    assert started.running.trouble == "" and enrolment(one.desk).result() is not None


def test_the_practice_station_never_enrols_by_itself(
    server: Server,  # noqa: F811
    pcs: tuple[PC, PC],  # noqa: F811
    policy_file: Path,
) -> None:
    one, _ = pcs
    write(policy_file, server.code())
    started = Started(one, practice=True)
    assert not started.running.offered
    started.running.now()
    started.end()
    assert one.wire.count == 0 and enrolment(one.desk).result() is None
    assert read_policy().enrolment is not None
