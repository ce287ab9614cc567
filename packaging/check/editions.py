"""Other editions of the installer for trials: a newer one, a twin with another product code, damaged ones."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

from check.chroots import CannotCheck
from check.report import BUILD, ROOT

PLACE = BUILD / "editions"

_BUILD = """
import json, sys
from pathlib import Path
from msi import build
from windows import tree
place = Path(sys.argv[1])
build.PLACE, build.DIST, build.BUILT = place / "work", place, place / "work" / "epoch"
print(build.build(json.loads(tree.LISTING.read_text("utf-8"))))
"""


def newer(base: Path, version: str) -> Path:
    """The same files as an installer of a higher version; built once for every build of ``base``.

    Raises:
        CannotCheck: the build failed.
    """
    place = PLACE / version
    mark = place / "from"
    digest = hashlib.sha256(base.read_bytes()).hexdigest()
    done = sorted(place.glob("*.msi"))
    if done and mark.is_file() and mark.read_text() == digest:
        return done[0]
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    env = {
        **os.environ, "JOBDESK_PACKAGE_VERSION": version, "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(ROOT / "packaging"),
    }  # fmt: skip
    made = subprocess.run(
        [sys.executable, "-c", _BUILD, str(place)], env=env, capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise CannotCheck(f"building {version} failed: {made.stderr[-2000:]}")
    mark.write_text(digest)
    return Path(made.stdout.split()[-1])


def twin(base: Path) -> Path:
    """The same version under another product code: what a second, separately built copy would be."""
    target = PLACE / "twin.msi"
    shutil.copyfile(base, target)
    code = "{" + str(uuid.uuid5(uuid.NAMESPACE_OID, base.name)).upper() + "}"
    query = f"UPDATE `Property` SET `Value`='{code}' WHERE `Property`='ProductCode'"
    for asked in (["-q", query], ["-s", "twin", "trial", "x64;2052", code]):
        subprocess.run(["msibuild", str(target), *asked], check=True, capture_output=True)
    return target


def damaged(base: Path, name: str) -> Path:
    """One byte of the compressed files changed, as by a broken stick."""
    data = bytearray(base.read_bytes())
    data[len(data) * 6 // 10] ^= 0x55
    target = PLACE / f"{name}.msi"
    target.write_bytes(data)
    return target


def cut(base: Path, name: str) -> Path:
    """Half of the file, as after a stick was pulled out."""
    target = PLACE / f"{name}.msi"
    target.write_bytes(base.read_bytes()[: base.stat().st_size // 2])
    return target


def retold(base: Path, name: str, old: str, new: str) -> Path:
    """A word in the tables changed: what somebody with bad intent would do."""
    if len(old) != len(new):
        raise ValueError("both words need one length")
    data = base.read_bytes()
    if old.encode("ascii") not in data:
        raise ValueError(f"{old} is not in the tables")
    target = PLACE / f"{name}.msi"
    target.write_bytes(data.replace(old.encode("ascii"), new.encode("ascii")))
    return target


def files_of(base: Path) -> int:
    """How many files the installer's File table names."""
    return len(table(base, "File"))


def table(base: Path, name: str) -> list[list[str]]:
    """The rows of a table of the installer."""
    told = subprocess.run(["msiinfo", "export", str(base), name], capture_output=True, check=True)
    return [line.split("\t") for line in told.stdout.decode("utf-8", "replace").strip().splitlines()[3:]]


def property_of(base: Path, name: str) -> str:
    """A value of the Property table; empty when it is not there."""
    return next((row[1].strip() for row in table(base, "Property") if row[0] == name and len(row) == 2), "")
