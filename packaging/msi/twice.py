"""Builds the installer again from a copy in another folder, time zone and language: ``make msi-twice``.

The copy holds what git would check out and what was fetched; nothing else of this machine may matter.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from common.inputs import sha256
from common.product import CACHE, ROOT, BuildFailed, product
from msi.build import BUILT, DIST

ELSEWHERE = {"TZ": "Asia/Shanghai", "LANG": "zh_CN.UTF-8", "LC_ALL": "C", "COLUMNS": "40"}


def main() -> None:
    first = DIST / product().msi_name
    if not first.exists():
        raise BuildFailed(f"{first.name} is not there: run make msi")
    with tempfile.TemporaryDirectory(prefix="a longer name ") as folder:
        place = Path(folder) / "again"
        copy_sources(place)
        shutil.copytree(CACHE, place / CACHE.relative_to(ROOT))
        env = {
            **os.environ,
            **ELSEWHERE,
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": str(place / "packaging"),
            "SOURCE_DATE_EPOCH": BUILT.read_text("ascii").strip(),
        }
        os.umask(0o077)
        subprocess.run([sys.executable, "-m", "msi.build"], cwd=place, env=env, check=True)
        second = place / first.relative_to(ROOT)
        if sha256(first) != sha256(second):
            raise BuildFailed("the second build gave other bytes than the first")
    print("the second build gave the same bytes")


def copy_sources(place: Path) -> None:
    """What git tracks and what is new, as it stands here."""
    answer = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    )
    for name in sorted(filter(None, answer.stdout.decode().split("\0"))):
        source = ROOT / name
        if source.is_file() and name.startswith(
            ("jobdesk/", "resources/", "packaging/", "pyproject", "requirements")
        ):
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


if __name__ == "__main__":
    try:
        main()
    except BuildFailed as error:
        raise SystemExit(f"make msi-twice: {error}") from None
