"""Once over real HTTP: uvicorn on a port of this machine, httpx, the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import BadInput, Trouble
from jobdesk.sync.client import Client, NotSpoken
from jobdesk.sync.engine import Setup, synchronise
from jobdesk.sync.enrolling import checked_server, enrol, is_enrolled
from jobdesk.sync.http_transport import HttpTransport
from tests.sync.ground import PC, Server, same


def test_two_desks_over_http(live: tuple[Server, str], tmp_path: Path, now: FixedClock) -> None:
    server, address = live
    pcs = [PC(tmp_path / name, server, now, name) for name in ("甲", "乙")]
    pcs[0].open_case("c1")
    for pc in (*pcs, pcs[0]):
        with HttpTransport(address) as line:
            if not is_enrolled(pc.station.file):
                enrol(pc.station.file, line, address, server.code(), now, pc.staff)
                pc.open_case(f"of-{pc.staff}")
            receipt = synchronise(Setup(pc.station.file, line, now, ahead=True))
            assert receipt.error == "" and receipt.agreed and receipt.bytes_sent > 0
    same(server, *pcs)
    for pc in pcs:
        pc.close()


def test_an_address_that_a_server_lacks_is_none_that_it_speaks(
    live: tuple[Server, str],
) -> None:
    """A later program asks for what an older server does not have: nothing of the exchange fails by it."""
    with HttpTransport(live[1]) as line:
        client = Client(line, "d", bytes(range(32)))
        for method, path in (("POST", "/v1/of-a-later-day"), ("DELETE", "/v1/pull")):
            with pytest.raises(NotSpoken):
                client._ask(method, path, b"")  # pyright: ignore[reportPrivateUsage]


def test_nobody_there_is_no_line(tmp_path: Path) -> None:
    with HttpTransport("http://127.0.0.1:9") as line, pytest.raises(Trouble, match="no_line"):
        line.request("GET", "/v1/hello", {}, b"")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:80@elsewhere.example",
        "http://localhost@elsewhere.example/api",
        "http://localhost:x@elsewhere.example",
        "http://localhost.elsewhere.example",
        "https://somebody:word@server.example",
        "https://",
        "https://server.example:99999",
        "http://[::1",
        "http://server.example",
    ],
)
def test_an_address_that_goes_elsewhere_than_it_seems_is_none(address: str) -> None:
    with pytest.raises(BadInput, match="server_address"):
        checked_server(address)


@pytest.mark.parametrize(
    "address",
    ["https://server.example/api", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080/x"],
)
def test_an_address_that_is_one_stays_as_it_is(address: str) -> None:
    assert checked_server(f" {address}/ ") == address


def test_the_command_line(
    live: tuple[Server, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from jobdesk.cli.arguments import parse
    from jobdesk.cli.main import run

    server, address = live
    common = ["--data", str(tmp_path / "d"), "--key-file", str(tmp_path / "k"), "--json"]
    assert run(parse(["init", "--station", "220102001", "--staff", "于晓梅", *common])) == 0
    assert run(parse(["sync", *common])) == 3
    assert run(parse(["enrol", "AAAA-AAAA-AAAA-AAAA", "--server", address, *common])) == 2
    assert run(parse(["enrol", server.code(), "--server", "http://example.org", *common])) == 2
    capsys.readouterr()
    assert run(parse(["enrol", server.code(), "--server", address, *common])) == 0
    assert json.loads(capsys.readouterr().out)["role"] == "desk"
    assert run(parse(["enrol", server.code(), "--server", address, *common])) == 3
    capsys.readouterr()
    assert run(parse(["sync", *common])) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["agreed"] is True and told["sent_ops"] == 2 and told["waiting"] == 0
    assert server.listed() == 2
