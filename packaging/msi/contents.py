"""What must hold of the files that the installer brings, looked at as they come out of it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.licences import accepted
from common.policy import templates
from common.product import ROOT, product
from common.trimming import forbidden, qt_modules
from msi.checks import Tables
from windows import pe
from windows.signatures import verify_images
from windows.tree import SEARCH_PATH, unresolved_in

UNWANTED = re.compile(
    r"(^|/)(tests?|testing|__pycache__|\.git|\.pytest_cache|docs?|examples?|qml|include|metatypes)/"
    r"|\.(py|pyi|pyx|c|h|cpp|lib|pdb|exp|sfd|pfb|afm|map|log|tmp|orig|bak)$",
    re.IGNORECASE,
)
UNCHECKED_HASH = 1
FULL_FONT = 8_000_000
"""Bytes from which a Chinese font is a whole one."""

DEEPEST = 150
"""Characters of the longest path below the program's folder: with any usual folder it stays below 260."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files as they came out, and what was put in."""

    root: Path
    listing: dict[str, dict[str, Any]]
    tables: Tables

    @property
    def names(self) -> list[str]:
        return sorted(self.listing)


def same_files(files: Unpacked) -> Iterator[str]:
    """Every file that was put in comes out, byte for byte, and nothing else."""
    there = {f.relative_to(files.root).as_posix(): f for f in files.root.rglob("*") if f.is_file()}
    for name in sorted(set(there) ^ set(files.listing)):
        yield f"{name} is {'not in the package' if name in files.listing else 'in the package unasked'}"
    for name, entry in files.listing.items():
        if name in there and hashlib.sha256(there[name].read_bytes()).hexdigest() != entry["sha256"]:
            yield f"{name} comes out changed"


def table_facts(files: Unpacked) -> Iterator[str]:
    """Sizes, hashes and versions in the tables are those of the files."""
    sizes = sorted(int(row["FileSize"]) for row in files.tables["File"].dicts())
    if sizes != sorted(entry["size"] for entry in files.listing.values()):
        yield "the sizes in the File table are not those of the files"
    parts = ("HashPart1", "HashPart2", "HashPart3", "HashPart4")
    hashes = sorted(tuple(int(row[p]) for p in parts) for row in files.tables["MsiFileHash"].dicts())
    versions: list[str] = []
    wanted: list[tuple[int, ...]] = []
    for name in files.names:
        version = pe.read(files.root / name).version if pe.is_image(files.root / name) else ""
        if version:
            versions.append(version)
        else:
            digest = hashlib.md5((files.root / name).read_bytes(), usedforsecurity=False).digest()
            wanted.append(struct.unpack("<4i", digest))
    if hashes != sorted(wanted):
        yield "the hashes in the MsiFileHash table are not those of the files without a version"
    if sorted(versions) != sorted(row["Version"] for row in files.tables["File"].dicts() if row["Version"]):
        yield "the versions in the File table are not those of the libraries"


def nothing_unwanted(files: Unpacked) -> Iterator[str]:
    """No tests, caches or sources; no part of Qt that is not ours to pass on; only Chinese translations."""
    for name in [*files.names, *(f"{zipped}!{name}" for zipped, name, _ in _zipped(files))]:
        if UNWANTED.search(name.split("!", 1)[-1]):
            yield f"{name} has no place in the package"
        if forbidden(name):
            yield f"{name} is a part of Qt that must not be passed on"
        if name.endswith(".qm") and "zh_CN" not in name:
            yield f"{name}: a translation nobody reads"
        if len(name) > DEEPEST:
            yield f"{name}: too long a path"
    modules = {Path(n).stem for n in files.names if re.search(r"PySide6/Qt\w+\.pyd$", n)}
    if modules != qt_modules():
        yield f"Qt modules {sorted(modules ^ qt_modules())} are missing or not used"


def bytecode(files: Unpacked) -> Iterator[str]:
    """Every module is bytecode of CPython 3.11 that never asks for its source, and knows no build machine."""
    magic = importlib.util.MAGIC_NUMBER
    place = str(ROOT).encode()
    loose = [(name, (files.root / name).read_bytes()) for name in files.names if name.endswith(".pyc")]
    zipped = [(f"{z}!{name}", data) for z, name, data in _zipped(files) if name.endswith(".pyc")]
    for name, data in [*loose, *zipped]:
        if data[:4] != magic or struct.unpack_from("<I", data, 4)[0] != UNCHECKED_HASH:
            yield f"{name} is not bytecode that Windows would take as it is"
        if place in data:
            yield f"{name} names a folder of the build machine"
    if not zipped or "jobdesk.zip" not in {name.split("!")[0] for name, _ in zipped}:
        yield "the program itself is missing"


def licences(files: Unpacked) -> Iterator[str]:
    """Every component of the SBOM has its text and a licence under which it may be passed on."""
    sbom = json.loads((files.root / "sbom.cdx.json").read_text("utf-8"))
    works = [part for part in sbom["components"] if "licenses" in part]
    names = {part["name"] for part in sbom["components"]} - {part["name"] for part in works}
    if not {"openssl", "sqlcipher", "expat", "qt"} <= names:
        yield f"the SBOM names of what is built in only {sorted(names)}"
    for component in works:
        expression = component["licenses"][0]["expression"]
        file = re.sub(r"[^A-Za-z0-9.-]+", "-", component["name"]) + ".txt"
        if not accepted(expression):
            yield f"{component['name']}: {expression} may not be passed on"
        if f"licences/{file}" not in files.listing:
            yield f"{component['name']}: no licence text"
        if not re.fullmatch(r"pkg:\w+/.+@.+", component["purl"]):
            yield f"{component['name']}: {component['purl']} is no package URL"
    known = {component["name"] for component in sbom["components"]} | {product().product["short"]}
    for name, entry in files.listing.items():
        for origin in entry["origin"].split(", "):
            if origin not in known and origin not in ("pyside6", "shiboken6"):
                yield f"{name} is the work of {origin}, which the SBOM does not name"


def libraries(files: Unpacked) -> Iterator[str]:
    """64 bit, nothing missing, CPython signed by its makers, the launchers with their Chinese names."""
    images = [name for name in files.names if pe.is_image(files.root / name)]
    for name in images:
        if pe.read(files.root / name).machine != pe.MACHINE_X64:
            yield f"{name} is not for 64 bit"
    for library, user in unresolved_in(files.root, images).items():
        yield f"{user} needs {library}, which is neither here nor part of Windows"
    verify_images([files.root / n for n in images if files.listing[n]["origin"] == "CPython"])
    facts = product()
    for name in (facts.windows["window"], facts.windows["console"]):
        data = (files.root / name).read_bytes()
        for key, text in properties_of(name).items():
            if version_string(key, text) not in data:
                yield f"{name}: its properties do not say {key} {text}"
        if struct.unpack_from("<I", data, struct.unpack_from("<I", data, 0x3C)[0] + 8)[0]:
            yield f"{name} carries the time it was built at"


def properties_of(name: str) -> dict[str, str]:
    """What Windows shows of a launcher under 属性 → 详细信息, and in its list of running programs."""
    facts = product()
    console = "（命令行）" if name == facts.windows["console"] else ""
    return {
        "FileDescription": facts.product["name"] + console,
        "ProductName": facts.product["name"],
        "CompanyName": facts.product["manufacturer"],
        "ProductVersion": facts.version,
        "OriginalFilename": name,
    }


def version_string(key: str, text: str) -> bytes:
    """A pair as it stands in a version resource: key and text end in 0, the text begins at four bytes."""
    head = key.encode("utf-16-le") + b"\0\0"
    return head + b"\0" * (-(6 + len(head)) % 4) + text.encode("utf-16-le") + b"\0\0"


def resources(files: Unpacked) -> Iterator[str]:
    """One font is whole, for names; the search path is ours; what the program and IT read is there."""
    fonts = {n: e["size"] for n, e in files.listing.items() if n.endswith((".ttf", ".otf", ".ttc"))}
    whole = [name for name, size in fonts.items() if size > FULL_FONT]
    if len(whole) != 1 or len(fonts) < 2:
        yield f"fonts that are whole: {whole}"
    if (files.root / "python311._pth").read_bytes().decode().replace("\r\n", "\n") != SEARCH_PATH:
        yield "python311._pth does not name the search path of the program alone"
    for file in sorted((ROOT / "resources").rglob("*")):
        name = file.relative_to(ROOT).as_posix()
        if (
            file.is_file()
            and file.suffix != ".md"
            and not file.name.startswith(".")
            and name not in files.listing
        ):
            yield f"{name} is missing"
    for name, data in templates("windows").items():
        if f"policy/{name}" not in files.listing or (files.root / "policy" / name).read_bytes() != data:
            yield f"policy/{name} is missing or another"


def _zipped(files: Unpacked) -> Iterator[tuple[str, str, bytes]]:
    for name in files.names:
        if name.endswith(".zip"):
            with zipfile.ZipFile(files.root / name) as archive:
                for member in archive.namelist():
                    yield name, member, archive.read(member)


CONTENT_CHECKS: tuple[Callable[[Unpacked], Iterator[str]], ...] = (
    *(same_files, table_facts, nothing_unwanted, bytecode, licences, libraries, resources),
)


def content_faults(root: Path, listing: dict[str, dict[str, Any]], tables: Tables) -> list[str]:
    """What all checks say."""
    files = Unpacked(root, listing, tables)
    return [f"{check.__name__}: {fault}" for check in CONTENT_CHECKS for fault in check(files)]
