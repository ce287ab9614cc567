"""Resolves what the program needs on Windows into ``packaging/windows/requirements.lock``.

The versions are those of the project's own lock; only what one Windows machine with CPython 3.11 installs is
kept, each with the one hash of its wheel. Run by ``make msi-lock`` after ``make lock``.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from common.inputs import WINDOWS_TAGS, canonical, sha256
from common.product import ROOT, run

LOCK = ROOT / "packaging" / "windows" / "requirements.lock"
PYTHON_LOCK = ROOT / "packaging" / "windows" / "python.lock"
HEAD = "# Written by packaging/windows/lock.py (make msi-lock): what the program needs on Windows, no more.\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        resolved = Path(folder) / "all.txt"
        run(
            *("uv", "pip", "compile", "--quiet", "--no-header", "--no-emit-index-url", "--no-annotate"),
            *("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.11"),
            *("--only-binary", ":all:", "--constraint", ROOT / "requirements.lock"),
            *(ROOT / "pyproject.toml", "-o", resolved),
        )
        wheels = Path(folder) / "wheels"
        run(
            *(ROOT / ".venv" / "bin" / "python", "-m", "pip", "download", "-q", "--no-deps"),
            *("--only-binary", ":all:", *WINDOWS_TAGS, "-r", resolved, "-d", wheels),
        )
        by_name = {canonical(wheel.name.split("-")[0]): sha256(wheel) for wheel in wheels.glob("*.whl")}
        lines = [HEAD]
        for line in resolved.read_text("utf-8").splitlines():
            found = re.match(r"([A-Za-z0-9._-]+)==(\S+)", line)
            if found:
                name = canonical(found[1])
                lines.append(f"{name}=={found[2]} --hash=sha256:{by_name[name]}\n")
        LOCK.write_text("".join(lines), "utf-8")
    print(f"{LOCK.name}: {len(lines) - 1} wheels")


if __name__ == "__main__":
    main()
