"""A pack is taken in only when every byte is the publisher's."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobdesk.cases.errors import BadInput, Trouble
from jobdesk.host import signed_pack
from jobdesk.host.signed_pack import (
    load_private_key,
    new_key,
    packed,
    parse_publisher,
    public_bytes_of,
    publisher_key,
    read_header,
    read_pack,
    save_private_key,
    unpack,
    write_pack,
)  # fmt: skip

KEY = new_key()
OURS = publisher_key(public_bytes_of(KEY), "吉林省就业服务局")
DAY = date(2026, 11, 21)
FILES = {"rules/hardship.toml": '名称 = "困难"\n'.encode(), "a.txt": b"x" * 3000, "空.txt": b""}
WHOLE = packed("rules", "省级规则", 3, DAY, FILES, KEY)


def code_of(
    data: bytes, kind: str | None = "rules", keys: tuple[signed_pack.PublisherKey, ...] = (OURS,)
) -> str:
    with pytest.raises(BadInput) as caught:
        unpack(data, kind, keys, "p.jobdesk")
    return caught.value.code


def zipped(entries: list[tuple[str, bytes]], packing: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as made:
        for name, data in entries:
            made.writestr(zipfile.ZipInfo(name) if packing == zipfile.ZIP_STORED else name, data)
    return stream.getvalue()


def entries(data: bytes = WHOLE) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {i.filename: opened.read(i) for i in opened.infolist()}


def signed(manifest: Mapping[str, object], files: list[tuple[str, bytes]]) -> bytes:
    raw = json.dumps(manifest).encode()
    return zipped([("manifest.json", raw), ("signature", KEY.sign(raw)), *files])


def test_what_was_signed_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "省级规则.jobdesk"
    header = write_pack(path, "rules", "省级规则", 3, DAY, FILES, KEY)
    pack = read_pack(path, "rules", [publisher_key(public_bytes_of(new_key()), "别家"), OURS])
    assert (pack.kind, pack.name, pack.version, pack.issued_on) == ("rules", "省级规则", 3, DAY)
    assert pack.publisher.name == "吉林省就业服务局"
    assert dict(pack.files) == FILES
    assert pack.digest == header.digest == read_header(path).digest
    assert path.read_bytes() == WHOLE  # the same input, the same bytes


def test_each_fault_has_its_word() -> None:
    inside = entries()
    assert code_of(b"") == "pack_damaged"
    assert code_of(b"PK not a zip") == "pack_damaged"
    assert code_of(zipped([("a.txt", b"x")])) == "pack_damaged"
    assert code_of(zipped([(n, d) for n, d in inside.items() if n != "signature"])) == "pack_unsigned"
    assert (
        code_of(zipped([(n, b"" if n == "signature" else d) for n, d in inside.items()])) == "pack_unsigned"
    )
    assert code_of(WHOLE, keys=()) == "pack_unknown_publisher"
    assert code_of(WHOLE, "calendar") == "pack_wrong_kind"
    assert unpack(WHOLE, None, [OURS], "p").kind == "rules"


def test_a_signature_of_somebody_else_does_not_hold() -> None:
    inside = entries()
    other = new_key().sign(inside["manifest.json"])
    assert code_of(zipped([*{**inside, "signature": other}.items()])) == "pack_bad_signature"
    assert code_of(zipped([*{**inside, "signature": b"short"}.items()])) == "pack_bad_signature"
    later = inside["manifest.json"].replace(b'"version":3', b'"version":9')
    assert later != inside["manifest.json"]
    assert code_of(zipped([*{**inside, "manifest.json": later}.items()])) == "pack_bad_signature"


def test_files_that_were_changed_added_or_taken_away() -> None:
    inside = entries()
    assert code_of(zipped([*{**inside, "a.txt": b"y" * 3000}.items()])) == "pack_damaged"
    assert code_of(zipped([*{**inside, "more.txt": b"y"}.items()])) == "pack_damaged"
    assert code_of(zipped([(n, d) for n, d in inside.items() if n != "a.txt"])) == "pack_damaged"


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a/../../x", "a\\b", "C:x", "x\n", "a//b", "x.", "a/ ", "", "x" * 300, "a/./b"]
)
def test_names_that_leave_the_folder(name: str) -> None:
    assert not signed_pack.safe_name(name)
    with pytest.raises(BadInput, match="pack_unfit"):
        packed("rules", "n", 1, DAY, {name: b"x"}, KEY)
    if name:
        manifest = json.loads(entries()["manifest.json"])
        manifest["files"] = {}
        assert code_of(signed(manifest, [(name, b"x")])) == "pack_damaged"


def test_names_that_clash_on_windows() -> None:
    with pytest.raises(BadInput, match="pack_unfit"):
        packed("rules", "n", 1, DAY, {"A.txt": b"x", "a.txt": b"x"}, KEY)
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped([*entries().items(), ("a.txt", b"x" * 3000)])
    assert code_of(twice) == "pack_damaged"


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped([*entries().items(), ("b", bytes(signed_pack.MAX_FILE))], zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert code_of(bomb) == "pack_damaged"
    lying = zipped([("manifest.json", b"{}" + b" " * 2_000_000)], zipfile.ZIP_DEFLATED)
    assert code_of(lying) == "pack_damaged"
    monkeypatch.setattr(signed_pack, "MAX_ENTRIES", 4)
    assert code_of(WHOLE) == "pack_damaged"


def test_an_entry_that_lies_about_its_size() -> None:
    """The directory says 3 bytes, the stream holds a million: no more than was named is unpacked."""
    manifest = {**json.loads(entries()["manifest.json"]), "files": {"b": {"sha256": "0" * 64, "size": 3}}}
    raw = json.dumps(manifest).encode()
    whole = zipped(
        [("manifest.json", raw), ("signature", KEY.sign(raw)), ("b", bytes(1_000_000))], zipfile.ZIP_DEFLATED
    )
    size = (1_000_000).to_bytes(4, "little")
    assert code_of(whole.replace(size, (3).to_bytes(4, "little"))) == "pack_damaged"


@pytest.mark.parametrize(
    "change",
    [
        {"format": "jobdesk-pack-9"}, {"version": 0}, {"version": True}, {"version": "3"}, {"version": 2**60},
        {"issued_on": "gestern"}, {"name": ""}, {"name": "a\nb"}, {"kind": 3}, {"files": []}, {"publisher": None},
        {"files": {"a": {"sha256": "0", "size": 1}}}, {"files": {"a": {"sha256": "0" * 64, "size": -1}}},
        {"files": {"manifest.json": {"sha256": "0" * 64, "size": 1}}}, {"files": {"a": {}}},
    ],
)  # fmt: skip
def test_a_manifest_that_is_not_ours(change: Mapping[str, object]) -> None:
    manifest = {**json.loads(entries()["manifest.json"]), **change}
    assert code_of(signed(manifest, list(FILES.items()))) == "pack_damaged"


def test_a_key_twice_in_the_manifest_is_damage() -> None:
    raw = entries()["manifest.json"].replace(b'"version":3', b'"version":3,"version":4')
    whole = zipped([("manifest.json", raw), ("signature", KEY.sign(raw)), *FILES.items()])
    assert code_of(whole) == "pack_damaged"


@settings(max_examples=150, deadline=None)
@given(cut=st.integers(0, len(WHOLE) - 1))
def test_a_half_copied_stick(cut: int) -> None:
    assert code_of(WHOLE[:cut]) == "pack_damaged"


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(WHOLE) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_changes_nothing_that_is_taken_in(at: int, bit: int) -> None:
    data = bytearray(WHOLE)
    data[at] ^= 1 << bit
    try:
        pack = unpack(bytes(data), "rules", [OURS], "p")
    except BadInput as error:
        assert error.code.startswith("pack_")
    else:  # a bit of the zip's own dates and flags: the content is the signed one
        assert (dict(pack.files), pack.version) == (FILES, 3)


def test_private_keys_are_for_their_owner(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    save_private_key(path, KEY)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_bytes_of(load_private_key(path)) == OURS.public_bytes
    with pytest.raises(BadInput, match="private_key_exists"):
        save_private_key(path, new_key())
    path.chmod(0o644)
    with pytest.raises(BadInput, match="private_key_open"):
        load_private_key(path)
    bad = tmp_path / "bad.pem"
    bad.write_bytes(b"-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----\n")
    bad.chmod(0o600)
    with pytest.raises(BadInput, match="private_key_malformed"):
        load_private_key(bad)
    with pytest.raises(Trouble):
        load_private_key(tmp_path / "none.pem")


def test_a_publisher_in_one_line() -> None:
    assert parse_publisher(OURS.text) == OURS
    assert parse_publisher(f"  某县 = {OURS.text.partition('=')[2]} ").name == "某县"
    for bad in ("", "=", "名称", "名称=xx", "=" + OURS.text.partition("=")[2], "名称=" + "A" * 40 + "="):
        with pytest.raises(BadInput, match="publisher_key_malformed"):
            parse_publisher(bad)
    with pytest.raises(ValueError, match="key id"):
        signed_pack.PublisherKey("0" * 16, OURS.public_bytes, "x")
