"""CPython for Windows: fetched by hash, verified by signature, and only the parts that are needed."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from common.inputs import Fetched, fetch
from common.product import BUILD, ROOT, BuildFailed
from common.trimming import binary_wanted, stdlib_wanted
from windows.signatures import verify_images, verify_sources

LOCK = ROOT / "packaging" / "windows" / "python.lock"
TOP = ("python3.dll", "python311.dll", "vcruntime140.dll", "vcruntime140_1.dll", "LICENSE.txt")


@dataclass(frozen=True, slots=True)
class WindowsPython:
    """What was found, verified.

    Attributes:
        libraries: DLLs that lie beside the launcher.
        extensions: extension modules and the libraries they need.
        modules: path below Lib → source.
        signers: file name → who signed it.
    """

    version: str
    source: Fetched | None
    libraries: tuple[Path, ...]
    extensions: tuple[Path, ...]
    modules: dict[str, bytes]
    licence: str
    signers: dict[str, str]


def windows_python() -> WindowsPython:
    """The CPython of the lock, or of JOBDESK_WINDOWS_PYTHON (a folder as python.org installs it)."""
    given = os.environ.get("JOBDESK_WINDOWS_PYTHON")
    source = None
    if given:
        python = Path(given)
    else:
        source = fetch(LOCK, "--no-binary", ":all:", folder="python")[0]
        python = _unpacked(source)
    libraries = [python / name for name in TOP if name.endswith(".dll")]
    extensions = sorted(
        f for f in (python / "DLLs").iterdir() if f.suffix in (".pyd", ".dll") and binary_wanted(f.name)
    )
    names = sorted(
        name
        for file in (python / "Lib").rglob("*.py")
        if stdlib_wanted(name := file.relative_to(python / "Lib").as_posix())
    )
    signers = verify_images([*libraries, *extensions])
    verify_sources(python, names)
    return WindowsPython(
        version=_version(python),
        source=source,
        libraries=tuple(libraries),
        extensions=tuple(extensions),
        modules={name: (python / "Lib" / name).read_bytes() for name in names},
        licence=(python / "LICENSE.txt").read_text("utf-8"),
        signers=signers,
    )


def _version(python: Path) -> str:
    from windows.pe import read

    version = read(python / "python311.dll").version.split(".")
    if version[:2] != ["3", "11"]:
        raise BuildFailed("the bytecode in the package is that of CPython 3.11")
    return f"{version[0]}.{version[1]}.{int(version[2]) // 1000}"


def _unpacked(source: Fetched) -> Path:
    """The folder of the files inside the source distribution; unpacked once."""
    place = BUILD / "python" / source.sha256[:16]
    if not (place / ".whole").exists():
        with tarfile.open(source.file) as archive:
            inner = next(m for m in archive.getmembers() if m.name.endswith("/data.zip"))
            stream = archive.extractfile(inner)
            if stream is None:
                raise BuildFailed(f"{source.file.name} holds no data.zip")
            data = stream.read()
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            for member in files.infolist():
                name = member.filename
                if name.startswith(("cp311/Lib/", "cp311/DLLs/")) or name.count("/") == 1:
                    files.extract(member, place)
        (place / ".whole").touch()
    return place / "cp311"
