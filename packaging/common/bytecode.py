"""Turns source into bytecode that is the same at every build, and packs pure modules into one zip.

Bytecode of one CPython minor version is the same on every platform, so Linux compiles for Windows.
"""

from __future__ import annotations

import importlib._bootstrap_external as importer
import importlib.util
import sys
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

from common.product import BuildFailed


def demand_python() -> None:
    """Only CPython 3.11 without random hashes writes what the shipped CPython 3.11 reads, twice the same."""
    if sys.version_info[:2] != (3, 11) or sys.flags.hash_randomization:
        raise BuildFailed("packages are compiled by Python 3.11 with PYTHONHASHSEED=0 (make does both)")


def compiled(source: bytes, shown: str) -> bytes:
    """A ``.pyc`` whose source is never looked for again (unchecked hash); ``shown`` stands in tracebacks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, shown, "exec", dont_inherit=True, optimize=0)
    return bytes(importer._code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False))  # type: ignore[attr-defined]


def write_zip(target: Path, members: Mapping[str, bytes]) -> None:
    """A zip that Python imports from: stored, sorted, one date, its folders named (namespace packages).

    Stored, because the installer compresses the whole, and the program starts faster.
    """
    folders = {parent.as_posix() + "/" for name in members for parent in Path(name).parents if parent.name}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(folders | set(members)):
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = (0o40755 if name.endswith("/") else 0o100644) << 16
            archive.writestr(entry, b"" if name.endswith("/") else members[name])
