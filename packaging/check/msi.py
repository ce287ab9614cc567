"""Installs the MSI under Wine 10, works with it, upgrades, breaks, repairs and removes it.

    make msi-check          (as root; the kept systems are made at the first run)

Every scenario is a PC nobody has used yet. ``--only`` takes beginnings of scenario names; ``--keep``
writes the findings into packaging/CHECKED.md.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from check import chroots, editions, msi_faults, msi_life, wine
from check.chroots import WINE, CannotCheck, trial
from check.msi_pc import World
from check.report import BUILD, ROOT, Report
from check.screen import screen

SCENARIOS: dict[str, Callable[[World], None]] = {
    "life": msi_life.life,
    "practice": msi_life.practice,
    "names": msi_faults.names,
    "properties": msi_faults.properties,
    "tampered": msi_faults.tampered,
    "failing": msi_faults.failing_upgrade,
    "full": msi_faults.full_disk,
    "readonly": msi_faults.read_only,
    "newer": msi_faults.newer_file,
}
NEXT = "9.9.0"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="write the findings into packaging/CHECKED.md")
    parser.add_argument("--only", default="", help="beginnings of scenario names, comma between them")
    args = parser.parse_args(argv)
    chosen = [name for name in SCENARIOS if name.startswith(tuple(args.only.split(",")))]
    report = Report("msi")
    try:
        chroots.enter("check.msi", sys.argv[1:])
        base = built()
        newer = editions.newer(base, NEXT)
        with trial(WINE, "msi") as system, screen(system, 79) as shown:
            wine.account(system)
            place = system.path(wine.PACKAGES)
            place.mkdir()
            for package in (base, newer):
                shutil.copyfile(package, place / package.name)
            report.versions = versions(base, system)
            report.figure("package", f"{base.stat().st_size / 1e6:.1f} MB")
            world = World(report, system, shown, base, newer, NEXT)
            for name in chosen:
                print(f"\n== {name}", flush=True)
                SCENARIOS[name](world)
    except CannotCheck as error:
        print(f"cannot check: {error}", file=sys.stderr)
        return 2
    return report.finish(keep=args.keep and not args.only)


def built() -> Path:
    """The installer of ``make msi``."""
    for tool, package in (("msiinfo", "msitools"), ("msibuild", "msitools")):
        if shutil.which(tool) is None:
            raise CannotCheck(f"{tool} is missing; as root: apt-get install -y {package}")
    found = sorted((ROOT / "build" / "dist").glob("jobdesk-*-x64.msi"), key=lambda p: p.stat().st_mtime)
    if not found:
        raise CannotCheck("no installer in build/dist: make msi first")
    BUILD.mkdir(parents=True, exist_ok=True)
    return found[-1]


def versions(base: Path, system: chroots.System) -> dict[str, str]:
    said = system.run("wine", "--version").out.strip()
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    qt = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"][0]
    return {"jobdesk": base.name.split("-")[1], "commit": commit, "Wine": said, "Qt": qt.partition("==")[2]}


if __name__ == "__main__":
    raise SystemExit(main())
