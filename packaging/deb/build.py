"""Builds ``jobdesk_VERSION_amd64.deb`` from the locked wheels; the same inputs give the same bytes.

The program lies in /usr/lib/jobdesk with its own site-packages; the only thing taken from the system besides
shared libraries is Debian's Python, of exactly the version the wheels were made for. Why not our own Python:
Debian mends it for five years, and there is no build of CPython for old C libraries among the locked inputs.
Why not Debian's PySide6, SQLAlchemy and the rest: they are other versions than those tested, and SQLCipher's
Python module is not there at all.

    PYTHONPATH=packaging python -m deb.build [--python 3.11] [--out build/deb]

JOBDESK_PACKAGE_VERSION gives it another version number, for trying upgrades.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from common.product import ROOT, BuildFailed, epoch, product
from deb import elf, inputs, papers, tree


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--python", default="3.11", help="Debian's Python the package is for (3.11: Debian 12)"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "deb")
    args = parser.parse_args(argv)
    for tool, package in (("dpkg-deb", "dpkg"), ("objdump", "binutils")):
        if shutil.which(tool) is None:
            print(f"{tool} is missing; as root: apt-get install -y {package}", file=sys.stderr)
            return 2
    try:
        made = build(args.out, product().version, args.python)
    except (BuildFailed, tree.WrongTree, elf.NoObjdump) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    print(f"{made}  {made.stat().st_size / 1e6:.1f} MB  sha256 {digest}")
    return 0


def build(out: Path, version: str, python: str) -> Path:
    """Stage and pack; returns the package's path."""
    when = epoch()
    facts = tree.Facts(version, python, datetime.fromtimestamp(when, UTC).date().isoformat())
    stage = out / "stage"
    if stage.exists():
        shutil.rmtree(stage)
    rules = tree.trim_rules()
    home = stage / tree.HOME
    site = home / "site-packages"
    fetched = inputs.fetch_wheels(out, python)
    wheels = [item.file for item in fetched]
    tree.unpack(wheels, site)
    tree.trim_qt(site, rules["qt"])
    tree.trim_bundled(site)
    tree.copy_program(home)
    papers.write_licences_and_sbom(home, fetched)
    tree.write_from("start.py", home / "start.py", facts)
    tree.write_from("jobdesk.sh", stage / "usr/bin/jobdesk", facts, 0o755)
    share = stage / "usr/share"
    tree.write_from("jobdesk.desktop", share / "applications/jobdesk.desktop", facts)
    tree.write_from("jobdesk-mime.xml", share / "mime/packages/jobdesk.xml", facts)
    tree.write_from("jobdesk.metainfo.xml", share / "metainfo/org.jobdesk.Jobdesk.metainfo.xml", facts)
    papers.write_icons(share / "icons/hicolor")
    papers.write_man(share / "man", facts)
    papers.write_doc(share / "doc/jobdesk", facts, wheels, site, when)
    tree.write_from("lintian-overrides", share / "lintian/overrides/jobdesk", facts)
    needed = tree.depends(tree.outside(site), rules, python)
    control(stage, facts, needed, list(rules["recommends"]))
    settle(stage, when)
    return pack(stage, out / f"jobdesk_{version}_amd64.deb", when)


def control(stage: Path, facts: tree.Facts, needed: Sequence[str], nice: Sequence[str]) -> None:
    """DEBIAN/: the control file, checksums and the scripts around installation."""
    place = stage / "DEBIAN"
    place.mkdir()
    files = sorted(p for p in stage.rglob("*") if p.is_file() and place not in p.parents)
    kilobytes = sum((p.stat().st_size + 1023) // 1024 for p in files)
    facts_of = product().product
    fields = {
        "Package": "jobdesk", "Version": facts.version, "Architecture": "amd64", "Section": "misc",
        "Priority": "optional", "Maintainer": papers.maintainer(),
        "Installed-Size": str(kilobytes), "Depends": ", ".join(needed), "Recommends": ", ".join(nice),
        "Description": "case desk of an employment service station (" + facts_of["name"] + ")\n"
        " Whom to call or visit today, what was done for each person, and the month's\n"
        " papers. It works without a network; the station file is encrypted and stays on\n"
        " this machine, also when this package is removed.",
    }  # fmt: skip
    (place / "control").write_text("".join(f"{k}: {v}\n" for k, v in fields.items()), "utf-8")
    sums = [f"{hashlib.md5(p.read_bytes()).hexdigest()}  {p.relative_to(stage)}\n" for p in files]
    (place / "md5sums").write_text("".join(sums), "utf-8")
    for script in ("postinst", "prerm", "postrm"):
        tree.write_from(script, place / script, facts, 0o755)


def settle(stage: Path, when: int) -> None:
    """One mode for every kind of file and one time for all, whatever the umask and the hour."""
    for path in sorted(stage.rglob("*"), reverse=True):
        if not path.is_symlink():
            runs = path.is_dir() or path.parent.name in ("bin",) or path.parent == stage / "DEBIAN"
            plain = path.name in ("control", "md5sums") and path.parent.name == "DEBIAN"
            path.chmod(0o755 if runs and not plain else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)
    stage.chmod(0o755)
    os.utime(stage, (when, when))


def pack(stage: Path, target: Path, when: int) -> Path:
    """dpkg-deb with everything that could differ between two machines held fast."""
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--uniform-compression", "-Zxz", "-z6", "--threads-max=1",
         "--build", str(stage), str(target)],
        check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(when), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return target


if __name__ == "__main__":
    raise SystemExit(main())
