"""Builds ``dist/jobdesk-VERSION-x64.msi`` from a clean checkout; ``make msi``."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from common.product import BUILD, ROOT, SAME_EVERYWHERE, BuildFailed, epoch, product
from msi.checks import INSTALLED_LIMIT, PACKAGE_LIMIT, too_large
from msi.mend import mend
from msi.sources import product_code, write_files, write_texts
from windows import tree as windows_tree
from windows.signing import certificate, sign

PLACE = BUILD / "msi"
BUILT = PLACE / "epoch"
"""The time the package was built with, for whoever reads it back."""

DIST = ROOT / "build" / "dist"
SOURCE = ROOT / "packaging" / "msi" / "jobdesk.wxs"
NOISE = "has no property named"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep-tree", action="store_true", help="take the tree as it was built last")
    parser.add_argument("--sources", type=Path, help="only write the sources for WiX into this folder")
    options = parser.parse_args()
    began = time.monotonic()
    if not options.keep_tree:
        windows_tree.build_tree()
    listing = json.loads(windows_tree.LISTING.read_text("utf-8"))
    if options.sources:
        write_sources(options.sources, listing, chinese=True)
        return
    target = build(listing)
    report(target, listing, time.monotonic() - began)


def write_sources(folder: Path, listing: dict[str, dict[str, Any]], *, chinese: bool) -> None:
    """The generated sources and the authored one, side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    write_texts(folder / "texts.wxi", product(), product_code(product(), listing), chinese)
    write_files(folder / "files.wxs", product(), listing, chinese)
    shutil.copyfile(SOURCE, folder / SOURCE.name)


def build(listing: dict[str, dict[str, Any]]) -> Path:
    """Build the package from the tree and return it."""
    shutil.rmtree(PLACE, ignore_errors=True)
    write_sources(PLACE, listing, chinese=False)
    base = PLACE / "base.msi"
    wixl(base)
    DIST.mkdir(parents=True, exist_ok=True)
    target = DIST / product().msi_name
    BUILT.write_text(f"{epoch()}\n", "ascii")
    mend(base, target, windows_tree.TREE, listing, product(), PLACE / "tables")
    sign(target, certificate())
    return target


def wixl(target: Path) -> None:
    """Run wixl; whatever it says beyond attributes it does not know is a fault."""
    place = windows_tree.PLACE
    here = os.path.relpath(PLACE, place)
    answer = subprocess.run(
        [
            *("wixl", "-a", "x64", "-D", "Wixl=yes", "-D", "Tree=tree", "-D", "Icon=launchers/jobdesk.ico"),
            *("-D", "Installer=launchers/installer.dll", "-I", here, "-o", str(target)),
            *(f"{here}/jobdesk.wxs", f"{here}/files.wxs"),
        ],
        cwd=place,
        env={**os.environ, **SAME_EVERYWHERE},
        capture_output=True,
        text=True,
        check=False,
    )
    said = [
        line for line in (answer.stdout + answer.stderr).splitlines() if line.strip() and NOISE not in line
    ]
    if answer.returncode or said:
        raise BuildFailed("wixl: " + "\n".join(said[:10] or ["failed"]))


def report(target: Path, listing: dict[str, dict[str, Any]], seconds: float) -> None:
    """Say what was built, and refuse what is too large."""
    size = target.stat().st_size
    installed = sum(entry["size"] for entry in listing.values())
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    target.with_suffix(".msi.sha256").write_text(f"{digest}  {target.name}\n", "ascii")
    print(f"{target.relative_to(ROOT)}  {size / 1e6:.1f} MB (at most {PACKAGE_LIMIT / 1e6:.0f})")
    print(f"installed  {len(listing)} files, {installed / 1e6:.1f} MB (at most {INSTALLED_LIMIT / 1e6:.0f})")
    print(f"sha256     {digest}")
    print(f"signed     {'yes' if certificate() else 'no: no certificate was given'}")
    print(f"built in   {seconds:.0f} s")
    if wrong := too_large(size, installed):
        raise BuildFailed("; ".join(wrong))


if __name__ == "__main__":
    try:
        main()
    except BuildFailed as error:
        raise SystemExit(f"make msi: {error}") from None
