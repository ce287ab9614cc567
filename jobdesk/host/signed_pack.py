"""One signed container for rule packs, calendars, update manifests and what else travels on a stick.

A zip with ``manifest.json`` (canonical JSON), ``signature`` (64 bytes, Ed25519 over the bytes of the
manifest) and the files the manifest names with their SHA-256 and size; nothing else. ``write_pack`` gives
the same bytes for the same input. Reading never trusts the zip: sizes are capped while unpacking, names
that could leave a folder or clash on Windows are refused, and a file the manifest does not name is damage.
"""

from __future__ import annotations

import hashlib
import io
import json
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jobdesk.cases.errors import BadInput
from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.host.pack_kinds import KINDS, SUFFIX
from jobdesk.host.publisher_key import (
    PublisherKey,
    key_id_of,
    load_private_key,
    new_key,
    parse_publisher,
    public_bytes_of,
    publisher_key,
    save_private_key,
)
from jobdesk.host.strings import has, text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "jobdesk-pack-1"
MANIFEST, SIGNATURE = "manifest.json", "signature"

MAX_FILE = 64 * 1024 * 1024
"""Bytes of a pack on the disk, and of all its files unpacked (own figure: rules are text)."""
MAX_MANIFEST = 1024 * 1024
MAX_ENTRIES = 2000
_MAX_NAME = 200
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What the zip reader raises for broken, truncated, encrypted or oddly packed entries."""


@dataclass(frozen=True, slots=True)
class PackHeader:
    """What a pack says of itself; whether it may be believed is another question.

    Attributes:
        kind: one of ``KINDS``, or a word of a later program.
        version: counts up; an older one than the one in use is refused by whoever takes it in.
        key_id: of the publisher who signed it.
        files: name → (SHA-256 as hex, size in bytes).
        digest: SHA-256 of the manifest: names this pack and no other.
    """

    kind: str
    name: str
    version: int
    issued_on: date
    key_id: str
    files: Mapping[str, tuple[str, int]]
    digest: str


@dataclass(frozen=True, slots=True)
class SignedPack:
    """A pack whose signature and files were checked.

    Attributes:
        files: content by name, in the order of the names.
        digest: SHA-256 of the manifest: names this pack and no other.
    """

    kind: str
    name: str
    version: int
    issued_on: date
    publisher: PublisherKey
    files: Mapping[str, bytes] = field(repr=False)
    digest: str = ""


def read_pack(path: Path, kind: str | None, keys: Iterable[PublisherKey]) -> SignedPack:
    """The pack, once every byte of it was proven.

    Args:
        kind: the kind wanted; None takes any.
        keys: the publishers in force (``publishers.in_force``).

    Raises:
        BadInput: ``pack_damaged``, ``pack_unsigned``, ``pack_unknown_publisher``, ``pack_bad_signature``,
            ``pack_wrong_kind``; each with ``path`` (the file's name).
        Trouble: the file cannot be read.
    """
    return unpack(read_whole(path), kind, keys, path.name)


def unpack(data: bytes, kind: str | None, keys: Iterable[PublisherKey], name: str) -> SignedPack:
    """The same for bytes in hand; ``name`` is what errors call the file."""
    opened = _Opened(data, name)
    header = opened.header
    publisher = next((k for k in keys if k.key_id == header.key_id), None)
    if publisher is None:
        raise BadInput("pack_unknown_publisher", path=name, key_id=header.key_id)
    _verify(publisher, opened.signature, opened.manifest, name)
    if kind is not None and header.kind != kind:
        raise BadInput("pack_wrong_kind", path=name, kind=kind_word(header.kind), want=kind_word(kind))
    return SignedPack(
        header.kind, header.name, header.version, header.issued_on, publisher, opened.files(), header.digest
    )


def read_header(path: Path) -> PackHeader:
    """What the file says it is, for showing only: nothing is proven but that it is whole.

    Raises:
        BadInput: ``pack_damaged``, ``pack_unsigned``.
        Trouble: the file cannot be read.
    """
    opened = _Opened(read_whole(path), path.name)
    opened.files()
    return opened.header


def read_whole(path: Path) -> bytes:
    """The bytes of a pack file, capped; nothing is proven yet. Raises as ``read_pack`` does."""
    with disk_errors(path), path.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise BadInput("pack_damaged", path=path.name)
    return data


def _verify(publisher: PublisherKey, signature: bytes, manifest: bytes, name: str) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(publisher.public_bytes).verify(signature, manifest)
    except InvalidSignature as error:
        raise BadInput("pack_bad_signature", path=name, key_id=publisher.key_id) from error


class _Opened:
    """The entries of a pack, unpacked as far as asked. Raises ``pack_damaged`` and ``pack_unsigned``."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._left = MAX_FILE
        if name.casefold().endswith(".toml") and not data.startswith(b"PK"):
            raise BadInput("pack_unsigned", path=name)  # the bare rules, as somebody wrote them
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _ZIP_FAULTS as error:
            raise self._damaged() from error
        self._entries = self._listed()
        if MANIFEST not in self._entries:
            raise self._damaged()
        self.manifest = self._bytes(MANIFEST, MAX_MANIFEST)
        if SIGNATURE not in self._entries or self._entries[SIGNATURE].file_size == 0:
            raise BadInput("pack_unsigned", path=name)
        self.signature = self._bytes(SIGNATURE, 1024)
        self.header = self._header()

    def _damaged(self) -> BadInput:
        return BadInput("pack_damaged", path=self._name)

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES or sum(i.file_size for i in infos) > MAX_FILE:
            raise self._damaged()
        entries: dict[str, zipfile.ZipInfo] = {}
        folded: set[str] = set()
        for info in infos:
            link = stat.S_ISLNK(info.external_attr >> 16)
            if not safe_name(info.orig_filename) or link or info.orig_filename.casefold() in folded:
                raise self._damaged()
            folded.add(info.orig_filename.casefold())
            entries[info.orig_filename] = info
        return entries

    def _bytes(self, name: str, limit: int) -> bytes:
        """The content of an entry; never more than ``limit`` and what is left of the whole allowance."""
        room = min(limit, self._left)
        try:
            with self._zip.open(self._entries[name]) as entry:
                found = entry.read(room + 1)
        except _ZIP_FAULTS as error:
            raise self._damaged() from error
        if len(found) > room:
            raise self._damaged()
        self._left -= len(found)
        return found

    def _header(self) -> PackHeader:
        try:
            raw = json.loads(self.manifest.decode("utf-8"), object_pairs_hook=_no_twins)
            return _header_of(raw, hashlib.sha256(self.manifest).hexdigest())
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._damaged() from error

    def files(self) -> dict[str, bytes]:
        """Every file the manifest names, as it was when it was signed; and there is no other."""
        named = self.header.files
        if set(self._entries) != {MANIFEST, SIGNATURE, *named}:
            raise self._damaged()
        found: dict[str, bytes] = {}
        for name, (digest, size) in sorted(named.items()):
            data = self._bytes(name, size)
            if len(data) != size or hashlib.sha256(data).hexdigest() != digest:
                raise self._damaged()
            found[name] = data
        return found


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key twice")
    return made


def _header_of(raw: Any, digest: str) -> PackHeader:
    """Raises ValueError, KeyError or TypeError when the manifest is not what ``write_pack`` writes."""
    if raw["format"] != FORMAT:
        raise ValueError("format")
    kind, name, version, key_id = raw["kind"], raw["name"], raw["version"], raw["publisher"]
    texts = all(isinstance(t, str) and t for t in (kind, name, key_id))
    if not texts or len(name) > _MAX_NAME or not (kind + name + key_id).isprintable():
        raise ValueError("header")
    if type(version) is not int or not 1 <= version < 2**53:
        raise ValueError("header")
    files: dict[str, tuple[str, int]] = {}
    for file, entry in cast("dict[str, Any]", raw["files"]).items():
        hashed, size = entry["sha256"], entry["size"]
        if not safe_name(file) or file in (MANIFEST, SIGNATURE):
            raise ValueError("file")
        if type(size) is not int or size < 0 or not isinstance(hashed, str) or len(hashed) != 64:
            raise ValueError("file")
        files[file] = (hashed, size)
    return PackHeader(kind, name, version, date.fromisoformat(raw["issued_on"]), key_id, files, digest)


def kind_word(kind: str) -> str:
    """The kind as people call it; the kinds of later programs by their code."""
    return text(f"pack.kind.{kind}") if has(f"pack.kind.{kind}") else kind


def safe_name(name: str) -> bool:
    """Whether a file of this name stays below its folder on every system, and clashes with none."""
    if not name or len(name) > _MAX_NAME or unicodedata.normalize("NFC", name) != name:
        return False
    if any(ord(c) < 32 or c in '\\:*?"<>|\x7f' for c in name):
        return False
    return all(part not in ("", ".", "..") and part == part.rstrip(" .") for part in name.split("/"))


def write_pack(
    path: Path, kind: str, name: str, version: int, issued_on: date,
    files: Mapping[str, bytes], private_key: Ed25519PrivateKey,
) -> PackHeader:  # fmt: skip
    """Sign the files into ``path``, which is replaced whole; the same input gives the same bytes.

    Raises:
        BadInput: ``pack_unfit`` a name, version or size that a reader would refuse; nothing is written.
        Trouble: the folder cannot be written.
    """
    data = packed(kind, name, version, issued_on, files, private_key)
    with disk_errors(path):
        replace_file(path, data)
    return _Opened(data, path.name).header


def packed(
    kind: str, name: str, version: int, issued_on: date,
    files: Mapping[str, bytes], private_key: Ed25519PrivateKey,
) -> bytes:  # fmt: skip
    """The bytes of a pack. Raises ``BadInput`` as ``write_pack`` does."""
    manifest = json.dumps(
        {
            "format": FORMAT, "kind": kind, "name": name, "version": version,
            "issued_on": issued_on.isoformat(), "publisher": key_id_of(public_bytes_of(private_key)),
            "files": {
                file: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
                for file, data in files.items()
            },
        },
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    ).encode("utf-8")  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as made:
        for file, data in [
            (MANIFEST, manifest), (SIGNATURE, private_key.sign(manifest)), *sorted(files.items())
        ]:  # fmt: skip
            info = zipfile.ZipInfo(file, _EPOCH)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            made.writestr(info, data)
    whole = stream.getvalue()
    try:
        if len(whole) > MAX_FILE:
            raise BadInput("pack_unfit", name=name)
        _Opened(whole, name).files()
    except BadInput as error:
        raise BadInput("pack_unfit", name=name) from error
    return whole


__all__ = [
    "FORMAT", "KINDS", "SUFFIX", "PackHeader", "PublisherKey", "SignedPack",
    "kind_word", "load_private_key", "new_key", "packed", "parse_publisher", "public_bytes_of",
    "publisher_key", "read_header", "read_pack", "read_whole", "safe_name", "save_private_key", "unpack",
    "write_pack",
]  # fmt: skip
