"""Who carries: files of several stations at once, over real HTTP too; a line that breaks; a stick in between."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.protocol import limits
from jobdesk.protocol.codes import STATUS, ErrorCode
from jobdesk.protocol.messages import Refusal
from jobdesk.protocol.signing import DEVICE
from jobdesk.store import sync_facts
from jobdesk.sync import carried_desk, carrier
from jobdesk.sync.client import Client
from jobdesk.sync.http_transport import HttpTransport
from jobdesk.sync.transport import Answered, no_line
from province.asking import Asked
from province.carrying import carried
from province.cli.sticks import answer_folder
from province.refusing import Refused
from tests.sync.ground import PC, Server, same
from tests.sync.sticks import back, out


class Line:
    """``POST /v1/carried`` without HTTP."""

    def __init__(self, server: Server) -> None:
        self.server, self.devices, self.fault = server, list[str](), ""

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        if path != "/v1/carried":
            return self.server.answer(method, path, headers, body)
        if self.fault == "lost":
            raise no_line("test")
        if self.fault == "once":
            self.fault = ""
            raise no_line("RemoteProtocolError")
        if self.fault == "busy":
            self.fault = ""
            return _refusal(Refused(ErrorCode.BUSY, retry_after_s=7))
        device = headers.get(DEVICE, "")
        self.devices.append(device)
        asked = Asked(method, path, body, device, headers.get("Jobdesk-Nonce", ""),
                      headers.get("Jobdesk-Signature", ""))  # fmt: skip
        try:
            answer = carried(self.server.province, body, asked if device else None)
        except Refused as no:
            return _refusal(no)
        return Answered(200, answer[: len(answer) // 2] if self.fault == "cut" else answer)


def _refusal(no: Refused) -> Answered:
    refusal = Refusal(error=no.error, detail=no.detail, retry_after_s=no.retry_after_s)
    return Answered(STATUS[no.error], refusal.model_dump_json(exclude_none=True).encode())


@pytest.fixture
def stick(tmp_path: Path, server: Server, pcs: tuple[PC, PC]) -> Path:
    """A file of each of two stations, and things that are none of the carrier's business."""
    folder = tmp_path / "stick"
    for pc, org in zip(pcs, "ab", strict=True):
        pc.enrol(org).open_case(f"c-{org}")
        out(pc, folder)
    (folder / "照片.jpg").write_bytes(b"x")
    (folder / "规则包.jobdesk").write_bytes(b"PK\3\4" + bytes(100))
    return folder


def states(found: list[carrier.Delivered]) -> list[tuple[str, str]]:
    return [(d.state, d.problem.code if d.problem else "") for d in found]


def test_two_stations_by_somebody_who_is_no_device(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    line = Line(server)
    done = carrier.carry(stick, line)
    assert states(done) == [("answered", "")] * 2 and line.devices == ["", ""]
    assert states(carrier.carry(stick, line)) == [("before", "")] * 2
    assert sorted(p.name[:5] for p in stick.glob("*站*")) == [
        "乙站-回执",
        "乙站-带出",
        "甲站-回执",
        "甲站-带出",
    ]
    for pc in pcs:
        found = carried_desk.bring_back(pc.station.file, pc.clock, stick)
        assert [r.brought.receipt.waiting for r in found.read if r.brought] == [0]
        assert (found.others, found.out, pc.waiting()) == (1, 0, 0)
        again = carried_desk.bring_back(pc.station.file, pc.clock, stick)
        assert [r.problem.code for r in again.read if r.problem] == ["carried_read_before"]


def test_a_county_desk_signs_and_one_that_was_revoked_still_carries(
    server: Server, pcs: tuple[PC, PC], stick: Path, tmp_path: Path, clock: FixedClock
) -> None:
    county = PC(tmp_path / "county", server, clock, "县局").enrol("220102", "carrier")
    facts = county.station.file.read(sync_facts.all_facts).result()
    line = Line(server)
    own = Client(line, facts["device"], bytes.fromhex(facts["device_key"]))
    assert states(carrier.carry(stick, line, own=own)) == [("answered", "")] * 2
    assert set(line.devices) == {facts["device"]}
    for path in stick.glob("*回执*"):
        path.unlink()
    unknown = Client(line, "nobody", bytes.fromhex(facts["device_key"]))
    assert states(carrier.carry(stick, line, own=unknown)) == [("answered", "")] * 2
    assert line.devices[-1] == ""
    assert back(pcs[0], next(stick.glob("甲站-回执*")).read_bytes()).receipt.waiting == 0
    county.close()


def test_a_line_that_breaks_and_a_server_that_is_busy(
    server: Server, pcs: tuple[PC, PC], stick: Path
) -> None:
    line = Line(server)
    line.fault = "lost"
    assert states(carrier.carry(stick, line)) == [("failed", "no_line")] * 2
    line.fault = "cut"
    assert states(carrier.carry(stick, line)) == [("failed", "carried_answer_damaged")] * 2
    assert not list(stick.glob("*回执*"))
    line.fault = "busy"
    waited: list[float] = []
    assert states(carrier.carry(stick, line, wait=waited.append)) == [("answered", "")] * 2
    assert waited == [7]


def test_a_damaged_one_is_told_and_the_others_go(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    path = next(stick.glob("甲站*"))
    path.write_bytes(path.read_bytes()[:-9])
    done = carrier.carry(stick, Line(server))
    assert states(done) == [("answered", ""), ("failed", "carried_damaged")]


def test_an_answer_that_broke_off_is_asked_for_again(server: Server, pcs: tuple[PC, PC], stick: Path) -> None:
    line = Line(server)
    carrier.carry(stick, line)
    half = next(stick.glob("甲站-回执*"))
    half.write_bytes(half.read_bytes()[:100])
    done = carrier.carry(stick, line)
    assert ("answered", "") in states(done) and ("before", "") in states(done)
    assert back(pcs[0], half.read_bytes()).receipt.error == ""


def test_the_server_room(
    server: Server, pcs: tuple[PC, PC], stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer_folder(server.province, stick) == 0
    assert answer_folder(server.province, stick) == 0
    broken = stick / "丙站-带出-20260701-001-AAAA.jobdesk"
    broken.write_bytes(next(stick.glob("甲站-带出*")).read_bytes()[:-1])
    assert answer_folder(server.province, stick) == 1
    said = capsys.readouterr().out
    assert said.count("已处理") == 2 and said.count("已有回执") == 4 and "重新拷贝" in said
    for pc in pcs:
        carried_desk.bring_back(pc.station.file, pc.clock, stick)
        assert pc.waiting() == 0
    same(server, pcs[0])


def test_over_http_by_command_line(
    live: tuple[Server, str],
    tmp_path: Path,
    now: FixedClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from jobdesk.cli.arguments import parse
    from jobdesk.cli.main import run

    server, address = live
    desk = ["--data", str(tmp_path / "d"), "--key-file", str(tmp_path / "k"), "--json"]
    nobody = ["--data", str(tmp_path / "nobody"), "--json"]
    stick = tmp_path / "stick"
    stick.mkdir()
    assert run(parse(["init", "--station", "220102001", "--staff", "于晓梅", *desk])) == 0
    assert run(parse(["carry-out", str(stick), *desk])) == 3
    assert run(parse(["enrol", server.code(), "--server", address, *desk])) == 0
    capsys.readouterr()
    assert run(parse(["carry-out", str(stick), *desk])) == 0
    assert json.loads(capsys.readouterr().out)["ops"] == 2
    assert run(parse(["carry-in", str(stick), *desk])) == 0
    assert json.loads(capsys.readouterr().out) == {"read": [], "others": 0, "out": 1}
    assert run(parse(["carry", str(stick), *nobody])) == 2
    assert "服务器" in capsys.readouterr().err
    assert run(parse(["carry", str(stick), "--server", address, *nobody])) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["state"] == "answered"
    assert run(parse(["carry", str(stick), *desk])) == 0  # signed, as the device that it is
    assert json.loads(capsys.readouterr().out)["files"][0]["state"] == "before"
    assert run(parse(["carry-in", str(stick), *desk])) == 0
    told = json.loads(capsys.readouterr().out)["read"][0]
    assert told["sent_ops"] == 2 and told["waiting"] == 0 and told["agreed"]
    assert run(parse(["carry-in", str(stick), *desk[:-1]])) == 2
    assert "不需要再读" in capsys.readouterr().out
    assert server.listed() == 2


def test_the_address_refuses_what_is_too_large_and_what_is_none(live: tuple[Server, str]) -> None:
    _, address = live
    with HttpTransport(address) as line:
        for body in (b"", b"x", b"jobdesk-carried\n" + bytes(500), bytes(limits.MAX_CARRIED_BYTES + 1)):
            answer = line.request("POST", "/v1/carried", {"Jobdesk-Protocol": "1"}, body)
            assert answer.status == 400, answer
            assert Refusal.model_validate_json(answer.body).error is ErrorCode.BODY
        answer = line.request("POST", "/v1/carried", {"Jobdesk-Protocol": "99"}, b"x")
        assert answer.status == 426


def test_a_connection_given_up_meanwhile_is_no_reason_to_stop(
    server: Server, pcs: tuple[PC, PC], stick: Path
) -> None:
    """A kept connection that the server has closed ends the request on it; the same file again is no harm."""
    line = Line(server)
    line.fault = "once"
    slept: list[float] = []
    assert states(carrier.carry(stick, line, wait=slept.append)) == [("answered", "")] * 2
    assert len(slept) == 1
    line.fault = "lost"
    for answer in stick.glob("*-回执-*"):
        answer.unlink()
    assert states(carrier.carry(stick, line, wait=slept.append)) == [("failed", "no_line")] * 2
    assert len(slept) == 2, "without a line it ends soon"
