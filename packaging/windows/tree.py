"""Puts the program's folder together as it will lie below ``%ProgramFiles%``.

::

    jobdesk.exe  jobdesk-cli.exe  python311.dll …   the launchers, CPython and its runtime
    python311._pth  python311.zip                   where CPython looks; its library as bytecode
    jobdesk.zip  packages.zip                       the program, and what is pure Python of others' work
    lib/                                            what must be files: extension modules, their packages
    resources/  licences/  sbom.cdx.json
    policy/                                         templates for group policy, for IT to copy

Bytecode instead of source, three zips instead of three thousand files: less to install, scan and start.
Every file is listed with its origin in ``tree.json`` beside the folder; nothing else is in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from common.bytecode import compiled, demand_python, write_zip
from common.inputs import WINDOWS_TAGS, Fetched, fetch
from common.licences import Work, gather, write_licences
from common.policy import templates
from common.product import BUILD, ROOT, BuildFailed, epoch, product
from common.sbom import write_sbom
from common.trimming import stdlib_wanted, wanted
from windows import pe
from windows.launchers import Launchers, build_launchers
from windows.lock import LOCK
from windows.python import WindowsPython, windows_python
from windows.signing import certificate, sign

PLACE = BUILD / "windows"
TREE = PLACE / "tree"
LISTING = PLACE / "tree.json"
SEARCH_PATH = "python311.zip\njobdesk.zip\npackages.zip\nlib\n"
RUNTIME = ("vcruntime140", "msvcp140", "concrt140", "vccorlib140")
OURS = "jobdesk"


@dataclass(slots=True)
class Tree:
    """Files by their path in the folder; ``origins`` says whose work each is."""

    root: Path
    origins: dict[str, str] = field(default_factory=dict)

    def put(self, path: str, data: bytes, origin: str) -> None:
        """Add a file. Two origins may give the same bytes under one path, never different ones."""
        target = self.root / path
        if path in self.origins:
            if target.read_bytes() != data:
                raise BuildFailed(f"{path}: both {self.origins[path]} and {origin} bring it, differently")
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.origins[path] = origin


@dataclass(slots=True)
class Wheels:
    """The members of all wheels, trimmed: distribution → path below site-packages → bytes."""

    files: dict[str, dict[str, bytes]]
    qt: dict[str, bytes]
    works: list[Work]


def build_tree() -> Path:
    """Build the folder anew and return it."""
    demand_python()
    shutil.rmtree(TREE, ignore_errors=True)
    tree = Tree(TREE)
    python = windows_python()
    launchers = build_launchers(product(), PLACE / "launchers")
    for file in (launchers.window, launchers.console, launchers.installer):
        sign(file, certificate())
    wheels = read_wheels(fetch(LOCK, "--only-binary", ":all:", *WINDOWS_TAGS, folder="windows"))
    _put_python(tree, python, launchers)
    _put_wheels(tree, wheels)
    _put_program(tree)
    put_policy(tree)
    _put_runtime(tree, wheels, python)
    _put_qt(tree, wheels)
    works = [python_work(python), *wheels.works]
    for name, data in write_licences(works).items():
        tree.put(f"licences/{name}", data, OURS)
    binaries = {path: (TREE / path).read_bytes() for path in tree.origins if pe.is_image(TREE / path)}
    tree.put("sbom.cdx.json", write_sbom(works, tree.origins, binaries=binaries), OURS)
    _settle(tree)
    return TREE


def read_wheels(fetched: list[Fetched]) -> Wheels:
    """What is wanted of every wheel; see ``common.trimming``."""
    found = Wheels({}, {}, [])
    for item in fetched:
        members: dict[str, bytes] = {}
        with zipfile.ZipFile(item.file) as wheel:
            for name in sorted(wheel.namelist()):
                if name.endswith("/"):
                    continue
                if (
                    name.startswith(("PySide6/", "shiboken6/"))
                    and name.endswith(".dll")
                    and "/plugins/" not in name
                ):
                    found.qt[name] = wheel.read(name)
                elif wanted(name):
                    members[name] = wheel.read(name)
        found.works.append(gather(item, members))
        found.files[item.name] = members
    return found


def python_work(python: WindowsPython) -> Work:
    """CPython as an entry among the licences and in the SBOM."""
    digest = python.source.sha256 if python.source else ""
    return Work(
        "CPython", python.version, "PSF-2.0", {"LICENSE.txt": python.licence.encode()}, digest, "generic"
    )


def _put_python(tree: Tree, python: WindowsPython, launchers: Launchers) -> None:
    for file in (launchers.window, launchers.console):
        tree.put(file.name, file.read_bytes(), OURS)
    for file in python.libraries:
        if not file.name.startswith(RUNTIME):
            tree.put(file.name, file.read_bytes(), "CPython")
    for file in python.extensions:
        tree.put(f"lib/{file.name}", file.read_bytes(), "CPython")
    tree.put("python311._pth", SEARCH_PATH.replace("\n", "\r\n").encode(), OURS)
    modules = {n: s for n, s in python.modules.items() if stdlib_wanted(n)}
    _zip(tree, "python311.zip", {name: (source, "CPython") for name, source in modules.items()})


def _put_program(tree: Tree) -> None:
    sources = {
        file.relative_to(ROOT).as_posix(): (file.read_bytes(), OURS)
        for file in sorted((ROOT / "jobdesk").rglob("*.py"))
    }
    _zip(tree, "jobdesk.zip", sources)
    for file in sorted((ROOT / "resources").rglob("*")):
        if file.is_file() and not file.name.startswith(".") and file.suffix != ".md":
            tree.put(file.relative_to(ROOT).as_posix(), file.read_bytes(), OURS)


def put_policy(tree: Tree) -> None:
    """The templates of group policy, for IT to copy from any PC."""
    for name, data in templates("windows").items():
        tree.put(f"policy/{name}", data, OURS)


def _zip(tree: Tree, name: str, members: dict[str, tuple[bytes, str]]) -> None:
    """Sources become bytecode, other files go in as they are."""
    packed = {
        (path + "c" if path.endswith(".py") else path): compiled(data, path) if path.endswith(".py") else data
        for path, (data, _) in sorted(members.items())
    }
    write_zip(tree.root / name, packed)
    tree.origins[name] = ", ".join(sorted({origin for _, origin in members.values()}))


def _put_wheels(tree: Tree, wheels: Wheels) -> None:
    """A top-level package goes into the zip when it is nothing but Python, else below ``lib``."""
    by_top: defaultdict[str, dict[str, tuple[bytes, str]]] = defaultdict(dict)
    zipped: dict[str, tuple[bytes, str]] = {}
    for name, members in wheels.files.items():
        for path, data in members.items():
            if ".dist-info/" in path:
                if path.endswith(("/METADATA", "/entry_points.txt")):
                    zipped[path] = (data, name)
            else:
                by_top[path.split("/", 1)[0]][path] = (data, name)
    for members in by_top.values():
        if all(path.endswith(".py") for path in members):
            zipped |= members
            continue
        for path, (data, origin) in sorted(members.items()):
            if path.endswith(".py"):
                tree.put(f"lib/{path}c", compiled(data, path), origin)
            else:
                tree.put(f"lib/{path}", data, origin)
    _zip(tree, "packages.zip", zipped)


def _put_qt(tree: Tree, wheels: Wheels) -> None:
    """Of Qt's libraries those that something in the tree needs, directly or through another."""
    by_name = {path.rsplit("/", 1)[-1].lower(): path for path in wheels.qt if path.startswith("PySide6/")}
    by_name |= {path.rsplit("/", 1)[-1].lower(): path for path in wheels.qt if path.startswith("shiboken6/")}
    while missing := unresolved(tree):
        found = sorted(name for name in missing if name in by_name)
        if not found:
            raise BuildFailed(f"needed, and neither in the tree nor part of Windows: {sorted(missing)}")
        for name in found:
            path = by_name[name]
            tree.put(f"lib/{path}", wheels.qt[path], path.split("/", 1)[0].lower())


def _put_runtime(tree: Tree, wheels: Wheels, python: WindowsPython) -> None:
    """One copy of Microsoft's C and C++ runtime, the newest of those that came with CPython and Qt."""
    candidates: defaultdict[str, list[tuple[tuple[int, ...], bytes]]] = defaultdict(list)
    offered = [(file.name, file.read_bytes()) for file in python.libraries]
    offered += [(path.rsplit("/", 1)[-1], data) for path, data in wheels.qt.items()]
    probe = PLACE / "probe.dll"
    for name, data in offered:
        if name.startswith(RUNTIME):
            probe.write_bytes(data)
            version = tuple(map(int, pe.read(probe).version.split(".")))
            candidates[name].append((version, data))
    probe.unlink(missing_ok=True)
    for name in sorted(candidates):
        if name.startswith(("vcruntime140.", "vcruntime140_1.", "msvcp140.", "msvcp140_1.", "msvcp140_2.")):
            tree.put(name, max(candidates[name])[1], "Microsoft Visual C++ runtime")


def unresolved(tree: Tree) -> dict[str, str]:
    """Libraries that are imported and neither in the tree nor part of Windows → who needs them."""
    return unresolved_in(tree.root, [path for path in tree.origins if pe.is_image(tree.root / path)])


def unresolved_in(root: Path, images: list[str]) -> dict[str, str]:
    """The same for the images of a folder, by their paths below it."""
    there = {path.rsplit("/", 1)[-1].lower() for path in images}
    missing: dict[str, str] = {}
    for path in images:
        for name in pe.read(root / path).imports:
            if name not in there and not pe.is_windows(name):
                missing.setdefault(name, path)
    return missing


def _settle(tree: Tree) -> None:
    """One time and one mode for all; the list of what is there."""
    listing: dict[str, dict[str, object]] = {}
    for path in sorted(tree.origins):
        file = tree.root / path
        file.chmod(0o644)
        os.utime(file, (epoch(), epoch()))
        data = file.read_bytes()
        listing[path] = {
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "origin": tree.origins[path],
        }
    LISTING.write_text(json.dumps(listing, ensure_ascii=False, indent=1) + "\n", "utf-8")
    stray = {f.relative_to(TREE).as_posix() for f in TREE.rglob("*") if f.is_file()} - set(listing)
    if stray:
        raise BuildFailed(f"not listed: {sorted(stray)[:5]}")


def main() -> None:
    build_tree()
    listing = json.loads(LISTING.read_text("utf-8"))
    total = sum(entry["size"] for entry in listing.values())
    print(f"{TREE.relative_to(ROOT)}: {len(listing)} files, {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
