"""The selftest passes here, sees what is wrong, and leaves nothing behind."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import Trouble
from jobdesk.host import selfchecks
from jobdesk.host.paths import StationPaths
from jobdesk.host.policy_settings import Policy, policy_of
from jobdesk.host.secrets import MemorySecrets, NoKeyring
from jobdesk.host.settings_file import AppConfig, load_config
from jobdesk.host.system_clock import SystemClock
from jobdesk.reports.selfcheck import PAPERS
from jobdesk.services import selftest as service
from jobdesk.services.selftest import Line, all_good, selftest
from jobdesk.store.cipher import Versions
from tests.stations import make_station

CLOCK = SystemClock()


@pytest.fixture
def config(tmp_path: Path) -> AppConfig:
    return load_config(
        {"data": str(tmp_path / "很长的 名字" / "d"), "key_file": str(tmp_path / "k")}, {}, Policy()
    )


def by_name(lines: list[Line]) -> dict[str, Line]:
    return {line.name: line for line in lines}


def test_all_is_well_and_nothing_is_left(config: AppConfig, tmp_path: Path) -> None:
    heard: list[str] = []
    lines = selftest(config, CLOCK, PAPERS, heard.append)
    assert [x.name for x in lines] == heard == [
        "program", "data", "encryption", "case", "fonts", "pdf", "xlsx", "keyring", "clock", "disk", "second",
        "server", "policy",
    ]  # fmt: skip
    assert all_good(lines), lines
    found = by_name(lines)
    assert str(found["encryption"].numbers["cipher"]).startswith("4.")
    assert found["server"].state == found["second"].state == "unset"
    assert list(tmp_path.iterdir()) == []


def test_a_real_station_beside_it_is_not_touched(tmp_path: Path) -> None:
    made = make_station(tmp_path, FixedClock.at(2026, 11, 20), second=True)
    before = made.paths.station.read_bytes()
    config = load_config({"data": str(made.paths.data), "second": str(made.paths.second)}, {}, Policy())
    found = by_name(selftest(config, CLOCK, ()))
    assert found["case"].state == "ok", "while a window has it open"
    assert found["second"].code == "second_same_disk"
    made.station.close()
    assert made.paths.station.read_bytes()[:4096] == before[:4096]
    assert not list(made.paths.data.glob(".selftest*"))


def test_an_old_cipher_and_plain_text_are_seen(config: AppConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("", "3.4.2 community"):
        monkeypatch.setattr(service, "versions", lambda _con, v=version: Versions(v, "3.53.4"))
        assert by_name(selftest(config, CLOCK, ()))["encryption"].code == "cipher_old"
    monkeypatch.undo()
    assert service._plain(b"x" + service.NAME.encode()) and not service._plain(b"noise")
    monkeypatch.setattr(service, "_plain", lambda content: len(content) > 4096)
    lines = selftest(config, CLOCK, ())
    assert by_name(lines)["encryption"].code == "cipher_plain" and not all_good(lines)


def test_a_station_that_cannot_be_made_is_one_line(
    config: AppConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise Trouble("disk_full", path="D:")

    monkeypatch.setattr(service, "create_station", broken)
    lines = selftest(config, CLOCK, PAPERS)
    assert by_name(lines)["station"].code == "disk_full" and "磁盘空间不足" in by_name(lines)["station"].said
    assert len(lines) == 9


def test_a_data_folder_without_rights_is_told_at_once(
    config: AppConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows' mkdtemp tries two thousand million names in a folder it may not write: it is not asked there."""
    real, asked = service.tempfile.mkdtemp, list[object]()

    def made(*, prefix: str, dir: object = None) -> str:
        asked.append(dir)
        return real(prefix=prefix)

    def no_rights(self: Path, mode: int = 0o777) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(service.tempfile, "mkdtemp", made)
    monkeypatch.setattr(service.Path, "mkdir", no_rights)
    selftest(config, CLOCK, ())
    assert asked == [None]


def test_a_library_that_does_not_load_is_told(config: AppConfig) -> None:
    def missing(_bench: service.Bench) -> selfchecks.Found:
        raise ImportError("DLL load failed while importing _rl_accel")

    found = by_name(selftest(config, CLOCK, [("pdf", missing)]))["pdf"]
    assert (found.state, found.code) == ("bad", "fault") and "DLL load failed" in found.said


def test_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store = MemorySecrets()
    monkeypatch.setattr(selfchecks, "open_secrets", lambda: store)
    assert selfchecks.keyring(None).code == "keyring_good" and store.kept == {}
    monkeypatch.setattr(store, "read", lambda _name: "another")
    assert selfchecks.keyring(None).state == "bad"
    monkeypatch.setattr(selfchecks, "open_secrets", lambda: NoKeyring("none"))
    assert selfchecks.keyring(None).state == "warn"
    assert selfchecks.keyring(tmp_path).state == "ok"


def test_clocks(tmp_path: Path) -> None:
    paths = StationPaths(tmp_path)
    assert selfchecks.clock(FixedClock.at(2020, 1, 1), paths).code == "clock_behind"
    assert selfchecks.clock(FixedClock.at(2099, 1, 1), paths).code == "clock_ahead"
    assert selfchecks.clock(CLOCK, paths).state in ("ok", "warn")


def test_disks_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = StationPaths(tmp_path / "d")
    usage = type("Usage", (), {"free": 150 * 1024 * 1024})
    monkeypatch.setattr(selfchecks.shutil, "disk_usage", lambda _place: usage)
    assert selfchecks.disk_space(paths).code == "disk_bad"
    assert selfchecks.data_folder(paths).code == "data_to_be_made"
    monkeypatch.setattr(selfchecks, "_can_write", lambda _folder: False)
    assert selfchecks.data_folder(paths).code == "data_read_only"
    assert selfchecks.program_folder().state == "ok"


def test_a_share_is_told_with_its_reason(config: AppConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobdesk.host.paths.is_network_path", lambda p, m=None: "很长" in str(p))
    line = by_name(selftest(config, CLOCK, ()))["data"]
    assert (line.state, line.code) == ("bad", "network_share") and "网络共享" in line.said


def test_bad_policy_is_a_warning(config: AppConfig) -> None:
    policy = policy_of([("policy", {"Server": "ftp://x", "Updates": "off"})])
    line = by_name(selftest(replace(config, policy=policy), CLOCK, ()))["policy"]
    assert line.state == "warn" and "Server" in line.said


# ------------------------------------------------------------------ the line to the server


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    key, crt = tmp_path / "key.pem", tmp_path / "crt.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(crt)],
        check=True, capture_output=True,
    )  # fmt: skip
    return crt, key


def serve_once(context: ssl.SSLContext | None) -> int:
    listener = socket.create_server(("127.0.0.1", 0))

    def one() -> None:
        with listener:
            plain, _ = listener.accept()
            with plain:
                plain.settimeout(5)
                try:
                    if context is None:
                        plain.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
                    else:
                        context.wrap_socket(plain, server_side=True).close()
                except OSError:
                    return

    threading.Thread(target=one, daemon=True).start()
    return listener.getsockname()[1]


def test_the_server(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    crt, key = certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(crt, key)
    url = f"https://localhost:{serve_once(context)}/api"
    assert selfchecks.server(url).code == "server_certificate", "nobody vouches for it"
    trusting = ssl.create_default_context(cafile=str(crt))
    monkeypatch.setattr(selfchecks.ssl, "create_default_context", lambda: trusting)
    good = selfchecks.server(f"https://localhost:{serve_once(context)}")
    assert good.code == "server_good" and str(good.params["tls"]).startswith("TLSv1")
    assert selfchecks.server(f"https://localhost:{serve_once(None)}").code == "server_tls"


def test_no_server_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        monkeypatch.setattr(selfchecks, "SERVER_PATIENCE_S", 0.2)
        assert selfchecks.server(f"https://127.0.0.1:{port}").code == "server_silent"
    assert selfchecks.server(f"https://127.0.0.1:{port}").code == "server_refused"
    assert selfchecks.server("https://nowhere.invalid").code in (
        "server_name",
        "server_refused",
        "server_silent",
    )
    assert selfchecks.server("https://x:99999").code == "server_address"
    assert selfchecks.server("").state == "unset"
