"""An update is offered only when everything about it holds; nothing half right is left behind."""

from __future__ import annotations

import hashlib
import http.server
import json
import re
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import BadInput, JobdeskError, Refused, Trouble
from jobdesk.host import update_manifest
from jobdesk.host.policy_settings import Managed, Policy, policy_of
from jobdesk.host.settings_file import AppConfig, load_config
from jobdesk.host.signed_pack import new_key, packed, public_bytes_of, publisher_key, write_pack
from jobdesk.host.update_manifest import INSIDE, PACK_NAME, Package, Release, share_of, version_of
from jobdesk.services import updates

KEY = new_key()
OURS = publisher_key(public_bytes_of(KEY), "省级")
CLOCK = FixedClock.at(2026, 11, 21)
DEB = bytes(range(256)) * 9000
DAY = date(2026, 11, 20)


def package(name: str = "jobdesk_0.2.0_amd64.deb", data: bytes = DEB) -> Package:
    return Package(update_manifest.this_platform(), name, len(data), hashlib.sha256(data).hexdigest())


def release(version: str = "0.2.0", minimum: str = "0.1.0", percent: int = 100) -> Release:
    return Release(version, minimum, percent, (package(),))


def publish(
    folder: Path, *releases: Release, number: int = 5, expires: date = date(2027, 1, 1), key: object = KEY,
    issued: date = DAY, content: bytes | None = None,
) -> None:  # fmt: skip
    folder.mkdir(exist_ok=True)
    (folder / "jobdesk_0.2.0_amd64.deb").write_bytes(DEB)
    inside = update_manifest.written(expires, releases) if content is None else content
    write_pack(folder / PACK_NAME, "update", "jobdesk", number, issued, {INSIDE: inside}, key)  # type: ignore[arg-type]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    publish(tmp_path / "stick", release())
    return tmp_path / "stick"


@pytest.fixture
def config(tmp_path: Path) -> AppConfig:
    return load_config({"data": str(tmp_path / "d")}, {}, Policy(publishers=(OURS,)))


Look = Callable[..., updates.Offer]


@pytest.fixture
def look(config: AppConfig, stick: Path) -> Look:
    def check(**more: object) -> updates.Offer:
        given = {"installed": "0.1.0", "machine": "m", **more}
        return updates.check(config, given.pop("clock", CLOCK), stick, **given)  # type: ignore[arg-type]

    return check


def refusal(job: Callable[[], object], kind: type[JobdeskError]) -> str:
    with pytest.raises(kind) as caught:
        job()
    return caught.value.code


def test_offered_copied_and_proven(look: Look, tmp_path: Path) -> None:
    offer = look()
    assert offer.standing == "offered" and "0.2.0" in updates.said(offer)
    copy = updates.stage(offer, tmp_path / "管理员 文件夹")
    assert copy.read_bytes() == DEB and str(copy) in updates.command_for(copy)
    assert [p.name for p in copy.parent.iterdir()] == [copy.name]
    assert updates.stage(offer, copy.parent) == copy  # again, over the first


@pytest.mark.parametrize(
    ("installed", "standing"),
    [
        ("0.2.0", "newest"),
        ("0.3.0", "newest"),
        ("0.2.0.0", "newest"),
        ("0.0.9", "too_old"),
        ("0.1", "offered"),
    ],
)
def test_what_fits_this_version(look: Look, installed: str, standing: str) -> None:
    """A downgrade is never an offer, and neither is a version that cannot be installed over this one."""
    offer = look(installed=installed)
    assert offer.standing == standing
    if standing != "offered":
        assert refusal(lambda: updates.stage(offer, Path("nowhere")), Refused) == "update_not_offered"


def test_the_newest_that_fits_is_taken(look: Look, stick: Path) -> None:
    publish(stick, release("0.10.0", "0.9.0"), release("0.3.0"), release("0.2.0"))
    offer = look()
    assert offer.release is not None and offer.release.version == "0.3.0"


def test_a_share_of_the_machines(look: Look, stick: Path) -> None:
    publish(stick, release(percent=30))
    standings = [look(machine=f"pc{n}").standing for n in range(400)]
    assert standings == [look(machine=f"pc{n}").standing for n in range(400)], (
        "the same machine, the same answer"
    )
    assert 80 <= standings.count("offered") <= 160 and set(standings) == {"offered", "later"}
    waiting = next(n for n in range(400) if standings[n] == "later")
    assert look(machine=f"pc{waiting}", regardless=True).standing == "offered"
    publish(stick, release(percent=60), number=6)
    again = [look(machine=f"pc{n}").standing for n in range(400)]
    assert all(b == "offered" for a, b in zip(standings, again, strict=True) if a == "offered"), (
        "nobody drops out"
    )
    assert [share_of(f"pc{n}", "1") for n in range(9)] != [share_of(f"pc{n}", "2") for n in range(9)]


def test_expired_and_a_clock_set_back(look: Look, stick: Path) -> None:
    publish(stick, release(), expires=date(2026, 11, 21))
    assert look().standing == "offered"
    assert refusal(lambda: look(clock=FixedClock.at(2026, 11, 22)), Refused) == "update_expired"
    publish(stick, release(), number=6, issued=date(2026, 12, 1), expires=date(2026, 11, 25))
    assert refusal(look, Refused) == "update_expired", "issued after it expired"


def test_no_way_back_to_an_older_manifest(look: Look, stick: Path) -> None:
    look()
    publish(stick, release("0.1.5"), number=4)
    assert refusal(look, Refused) == "update_rolled_back"
    publish(stick, release("0.1.5"), number=5)
    assert refusal(look, Refused) == "update_forked"
    publish(stick, release("0.2.0"), number=7)
    assert look().standing == "offered"


def test_what_was_seen_may_be_lost_or_damaged(look: Look, config: AppConfig) -> None:
    look()
    seen = config.paths.data / updates.SEEN_NAME
    for bad in ("[]", "{", '{"x": 3}', '{"x": {"number": "9"}}', "[" * 9000):
        seen.write_text(bad)
        assert look().standing == "offered"
    seen.write_text(json.dumps({OURS.key_id: {"number": 2, "digest": 3, "issued_on": 7}}))
    assert look().standing == "offered"


def test_only_what_it_trusts_counts(config: AppConfig, stick: Path, look: Look, tmp_path: Path) -> None:
    publish(stick, release(), key=new_key())
    assert refusal(look, BadInput) == "pack_unknown_publisher"
    publish(stick, release())
    clerk = replace(config, policy=Policy(), publishers=OURS.text)  # somebody wrote a key into the settings
    assert refusal(lambda: updates.check(clerk, CLOCK, stick), BadInput) == "pack_unknown_publisher"
    (stick / PACK_NAME).write_bytes(packed("rules", "x", 1, DAY, {"a": b"x"}, KEY))
    assert refusal(look, BadInput) == "pack_wrong_kind"


def test_tampered_half_copied_or_missing_manifest(look: Look, stick: Path) -> None:
    whole = (stick / PACK_NAME).read_bytes()
    (stick / PACK_NAME).write_bytes(whole[: len(whole) // 2])
    assert refusal(look, BadInput) == "pack_damaged"
    (stick / PACK_NAME).write_bytes(whole.replace(b"0.2.0_amd", b"6.6.6_amd"))
    assert refusal(look, BadInput) == "pack_damaged"
    (stick / PACK_NAME).unlink()
    assert refusal(look, BadInput) == "update_none"


@pytest.mark.parametrize(
    "change",
    [
        lambda t: b"{}", lambda t: b"[]", lambda t: b"\xff",
        lambda t: t.replace(b'"0.2.0"', b'"latest"'), lambda t: t.replace(b"100", b"101"),
        lambda t: t.replace(b"jobdesk_0.2.0_amd64.deb", b"../evil.deb"),
        lambda t: t.replace(b"jobdesk_0.2.0_amd64.deb", b"jobdesk_0.2.0.sh"),
        lambda t: t.replace(b"linux-amd64", b"amiga"), lambda t: re.sub(rb'"size": \d+', b'"size": -1', t),
        lambda t: t.replace(b"2027-01-01", b"never"), lambda t: b"[" * 100_000,
    ],
)  # fmt: skip
def test_signed_nonsense_is_still_nonsense(look: Look, stick: Path, change: Callable[[bytes], bytes]) -> None:
    content = update_manifest.written(date(2027, 1, 1), (release(),))
    assert change(content) != content
    publish(stick, content=change(content))
    assert refusal(look, BadInput) == "update_malformed"


def test_packages_that_are_not_what_was_signed(look: Look, stick: Path, tmp_path: Path) -> None:
    offer, file, target = look(), stick / "jobdesk_0.2.0_amd64.deb", tmp_path / "t"
    file.write_bytes(DEB[:-7])
    assert refusal(lambda: updates.stage(offer, target), BadInput) == "update_half_copied"
    file.write_bytes(DEB[:-1] + b"!")
    assert refusal(lambda: updates.stage(offer, target), BadInput) == "update_package_damaged"
    file.write_bytes(DEB + b"more")
    assert refusal(lambda: updates.stage(offer, target), BadInput) == "update_package_damaged"
    file.unlink()
    assert refusal(lambda: updates.stage(offer, target), BadInput) == "update_package_missing"
    assert list(target.iterdir()) == []


def test_a_full_disk_leaves_nothing(look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(updates.os, "fsync", full)
    with pytest.raises(Trouble, match="disk_full"):
        updates.stage(look(), tmp_path / "t")
    assert list((tmp_path / "t").iterdir()) == []


def test_without_ITs_word_nothing_is_looked_for(config: AppConfig, stick: Path) -> None:
    assert refusal(lambda: updates.check(config, CLOCK), Refused) == "updates_off"
    on = {n: Managed(n, v, "policy") for n, v in (("updates", "on"), ("update_folder", str(stick)))}  # type: ignore[arg-type]
    managed = replace(config, policy=replace(config.policy, values=on))
    assert updates.check(managed, CLOCK, installed="0.1.0", machine="m").standing == "offered"
    only = {"update_folder": on["update_folder"]}
    off = replace(config, policy=replace(config.policy, values=only))  # type: ignore[arg-type]
    assert refusal(lambda: updates.check(off, CLOCK), Refused) == "updates_off"


def test_versions_are_numbers() -> None:
    assert version_of("0.10.0") > version_of("0.9") and version_of("1.0") == version_of("1.0.0.0")
    for bad in ("", "1", "1.a", "1.0-rc1", "1.0\n", "1..0", "１.0"):
        with pytest.raises(ValueError, match="version"):
            version_of(bad)


# ------------------------------------------------------------------ from a web server


class Site(http.server.BaseHTTPRequestHandler):
    """Serves the folder; what a test sets in ``answers`` goes first (status, cut the body short by)."""

    folder: Path
    answers: dict[str, tuple[int, int]]

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        status, cut = self.answers.get(name, (200, 0))
        file = self.folder / name
        if not file.is_file():
            status = 404
        self.send_response(status)
        if status >= 300:
            self.send_header("Location", f"/elsewhere/{name}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        data = file.read_bytes()
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) - cut])

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@pytest.fixture
def site(stick: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "*")
    Site.folder, Site.answers = stick, {}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/jobdesk/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_web_folder_is_a_folder(config: AppConfig, site: str, tmp_path: Path) -> None:
    values = {"Updates": "on", "UpdateFolder": site}
    policy = replace(policy_of([("policy", values)]), publishers=(OURS,))
    assert policy.complaints == ()
    offer = updates.check(replace(config, policy=policy), CLOCK, installed="0.1.0", machine="m")
    assert offer.standing == "offered"
    assert updates.stage(offer, tmp_path / "t").read_bytes() == DEB


def test_a_web_server_that_fails_is_told(config: AppConfig, site: str, stick: Path, tmp_path: Path) -> None:
    def check() -> updates.Offer:
        return updates.check(config, CLOCK, site, installed="0.1.0", machine="m")

    offer, target = check(), tmp_path / "t"
    deb = package().name
    Site.answers = {deb: (200, 7)}
    assert refusal(lambda: updates.stage(offer, target), JobdeskError) in (
        "update_half_copied",
        "update_web_silent",
    )
    for status in (302, 403, 500):
        Site.answers = {deb: (status, 0), PACK_NAME: (status, 0)}
        assert refusal(lambda: updates.stage(offer, target), Trouble) == "update_web_answer"
        assert refusal(check, Trouble) == "update_web_answer"
    (stick / deb).unlink()
    assert refusal(lambda: updates.stage(offer, target), BadInput) == "update_package_missing"
    (stick / PACK_NAME).unlink()
    assert refusal(check, BadInput) == "update_none"
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_web_server_that_is_not_there(
    config: AppConfig, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"{scheme}://127.0.0.1:{taken.getsockname()[1]}/x"
        assert refusal(lambda: updates.check(config, CLOCK, place), Trouble) == "update_web_silent"


def test_a_certificate_nobody_vouches_for(config: AppConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise urllib.error.URLError(ssl.SSLCertVerificationError("self-signed certificate"))

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", refuse)
    found = refusal(lambda: updates.check(config, CLOCK, "https://updates.example/x"), Trouble)
    assert found == "update_web_certificate"


@pytest.mark.parametrize(
    "value", ["http://a b/", "https://me:secret@x/", "https://x/?key=1", "ftp://x/", "https://"]
)
def test_what_is_no_web_folder(value: str) -> None:
    policy = policy_of([("policy", {"UpdateFolder": value})])
    assert [c.reason for c in policy.complaints] == ["update_folder"]
