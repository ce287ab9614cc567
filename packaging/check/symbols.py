"""Does every library in the Debian package run on the C library of UOS 20 (2.28) and Kylin V10 (2.28 / 2.31)?

    make symbols-check

Reads each ELF file of the package with objdump: which version of glibc, libstdc++ and the C++ ABI it asks
for. Fails when one asks for more than the limit; lists the worst ones either way.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from check.report import CHECKED, ROOT, write_between
from deb import elf

LIMITS: dict[str, tuple[int, ...]] = {"GLIBC": (2, 28), "GLIBCXX": (3, 4, 25), "CXXABI": (1, 3, 11)}
"""What UOS 20 has: glibc 2.28 and the libstdc++ of GCC 8 (as Debian 10 and RHEL 8)."""
WORST = 12


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "package", type=Path, nargs="?", help="a .deb or a folder (default: the newest in build/deb)"
    )
    parser.add_argument("--keep", action="store_true", help="write the table into packaging/CHECKED.md")
    args = parser.parse_args(argv)
    found = sorted((ROOT / "build/deb").glob("jobdesk_*_amd64.deb"), key=lambda p: p.stat().st_mtime)
    package: Path | None = args.package or (found[-1] if found else None)
    if package is None:
        print("no package in build/deb: make deb first", file=sys.stderr)
        return 2
    try:
        with unpacked(package) as folder:
            return judge(package, folder, keep=args.keep)
    except elf.NoObjdump as error:
        print(error, file=sys.stderr)
        return 2


@contextlib.contextmanager
def unpacked(package: Path) -> Iterator[Path]:
    """The package's files in a folder (a folder is taken as it is)."""
    if package.is_dir():
        yield package
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", str(package), folder], check=True)
        yield Path(folder)


def judge(package: Path, folder: Path, *, keep: bool) -> int:
    """Read every ELF file, show the worst, name those beyond a limit with their symbols; the exit code."""
    libraries = [elf.read(path) for path in sorted(folder.rglob("*")) if elf.is_elf(path)]
    lines = table(libraries)
    print(f"{package.name}: {len(libraries)} ELF files\n" + "\n".join(lines))
    if keep:
        write_between(
            CHECKED, "symbols", f"{len(libraries)} ELF files of {package.name}.\n\n" + "\n".join(lines)
        )
    above = too_new(libraries)
    for library, family in above:
        names = ", ".join(elf.symbols(library.path, family, library.asks[family])[:6])
        print(
            f"{library.path.name} asks for {family} {shown(library.asks[family])}: {names}", file=sys.stderr
        )
    if not libraries:
        print("nothing to check in the package", file=sys.stderr)
    return 1 if above or not libraries else 0


def too_new(libraries: Sequence[elf.Library]) -> list[tuple[elf.Library, str]]:
    """The libraries that ask for more than a limit, and of which family."""
    return [(lib, f) for lib in libraries for f, most in LIMITS.items() if lib.asks.get(f, ()) > most]


def table(libraries: Sequence[elf.Library]) -> list[str]:
    """The libraries that ask for the most, as Markdown."""
    rows = sorted(libraries, key=lambda lib: (lib.asks.get("GLIBC", ()), lib.path.name), reverse=True)[:WORST]
    head = ["| library | " + " | ".join(f"{f} (≤ {shown(most)})" for f, most in LIMITS.items()) + " |",
            "|---|" + "---|" * len(LIMITS)]  # fmt: skip
    return head + [
        f"| {lib.path.name} | " + " | ".join(shown(lib.asks.get(f, ())) for f in LIMITS) + " |"
        for lib in rows
    ]


def shown(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version)) or "–"


if __name__ == "__main__":
    raise SystemExit(main())
