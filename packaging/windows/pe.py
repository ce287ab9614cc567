"""Reads what a Windows executable or library says of itself: what it imports, its version, its signature."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

MAGIC_64 = 0x20B
MACHINE_X64 = 0x8664
_VERSION_INFO = 16


@dataclass(frozen=True, slots=True)
class Image:
    """A PE file.

    Attributes:
        imports: names of libraries it needs, lower case, those loaded late included.
        version: ``a.b.c.d`` of its fixed version resource, or empty.
        language: of that resource, 0 when there is none.
        signed: whether an Authenticode signature is attached.
        timestamp: link time, or a hash in reproducible builds.
    """

    machine: int
    imports: frozenset[str]
    version: str
    language: int
    signed: bool
    timestamp: int


def is_image(file: Path) -> bool:
    return file.suffix.lower() in (".dll", ".exe", ".pyd")


def read(file: Path) -> Image:
    """Read a PE file.

    Raises:
        ValueError: it is none, or not for 64 bit.
    """
    data = file.read_bytes()
    if data[:2] != b"MZ":
        raise ValueError(f"{file.name}: not an executable")
    head = struct.unpack_from("<I", data, 0x3C)[0]
    if data[head : head + 4] != b"PE\0\0":
        raise ValueError(f"{file.name}: no PE header")
    machine, sections, stamp = struct.unpack_from("<HHI", data, head + 4)
    size = struct.unpack_from("<H", data, head + 20)[0]
    optional = head + 24
    if struct.unpack_from("<H", data, optional)[0] != MAGIC_64:
        raise ValueError(f"{file.name}: not a 64-bit image")
    table = _Sections(data, optional + size, sections)
    folders = [struct.unpack_from("<II", data, optional + 112 + 8 * i) for i in range(16)]
    imports = {*_imports(table, folders[1][0], 20, 12), *_imports(table, folders[13][0], 32, 4)}
    version, language = _version(table, folders[2][0])
    return Image(machine, frozenset(imports), version, language, folders[4][1] > 0, stamp)


class _Sections:
    def __init__(self, data: bytes, at: int, count: int) -> None:
        self.data = data
        self.rows = [struct.unpack_from("<8xIIII", data, at + 40 * i) for i in range(count)]

    def offset(self, address: int) -> int:
        """Where in the file a relative virtual address lies."""
        for virtual_size, virtual, raw_size, raw in self.rows:
            if virtual <= address < virtual + max(virtual_size, raw_size):
                return address - virtual + raw
        raise ValueError(f"address {address:#x} lies in no section")


def _imports(table: _Sections, address: int, step: int, name_at: int) -> list[str]:
    names: list[str] = []
    if not address:
        return names
    at = table.offset(address)
    while name := struct.unpack_from("<I", table.data, at + name_at)[0]:
        start = table.offset(name)
        names.append(table.data[start : table.data.index(b"\0", start)].decode("ascii").lower())
        at += step
    return names


def _version(table: _Sections, address: int) -> tuple[str, int]:
    if not address:
        return "", 0
    base = table.offset(address)
    entry = _child(table, base, base, _VERSION_INFO)
    name = entry and _child(table, base, base + entry, None)
    if not entry or not name:
        return "", 0
    at = base + name
    language = struct.unpack_from("<I", table.data, at + 16)[0] & 0xFFFF
    leaf = base + struct.unpack_from("<I", table.data, at + 20)[0]
    where, size = struct.unpack_from("<II", table.data, leaf)
    start = table.offset(where)
    block = table.data[start : start + size]
    fixed = block.find(b"\xbd\x04\xef\xfe")
    if fixed < 0:
        return "", 0
    high, low = struct.unpack_from("<II", block, fixed + 8)
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}", language


def _child(table: _Sections, base: int, at: int, wanted: int | None) -> int | None:
    """Offset below ``base`` of the sub-folder with this id (the first one for None)."""
    named, ids = struct.unpack_from("<HH", table.data, at + 12)
    for index in range(named + ids):
        key, child = struct.unpack_from("<II", table.data, at + 16 + 8 * index)
        if (wanted is None or key == wanted) and child & 0x80000000:
            return child & 0x7FFFFFFF
    return None


WINDOWS_LIBRARIES = frozenset(
    [
        "advapi32",
        "authz",
        "bcrypt",
        "bcryptprimitives",
        "cfgmgr32",
        "comctl32",
        "comdlg32",
        "crypt32",
        "d2d1",
        "d3d11",
        "d3d12",
        "d3d9",
        "dbghelp",
        "dcomp",
        "dnsapi",
        "dwmapi",
        "dwrite",
        "dxgi",
        "gdi32",
        "imm32",
        "iphlpapi",
        "kernel32",
        "mpr",
        "msi",
        "msimg32",
        "msvcrt",
        "ncrypt",
        "netapi32",
        "ntdll",
        "ole32",
        "oleaut32",
        "opengl32",
        "powrprof",
        "propsys",
        "psapi",
        "rpcrt4",
        "runtimeobject",
        "secur32",
        "setupapi",
        "shcore",
        "shell32",
        "shlwapi",
        "synchronization",
        "ucrtbase",
        "uiautomationcore",
        "user32",
        "userenv",
        "usp10",
        "uxtheme",
        "version",
        "winhttp",
        "winmm",
        "winspool.drv",
        "ws2_32",
        "wsock32",
        "wtsapi32",
        "windowscodecs",
    ]
)


def is_windows(name: str) -> bool:
    """Is this library (lower case) part of Windows 10 1809 and later?"""
    stem = name.removesuffix(".dll")
    return stem in WINDOWS_LIBRARIES or name.startswith(("api-ms-win-", "ext-ms-win-"))
