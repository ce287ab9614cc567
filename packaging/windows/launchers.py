"""Compiles the two launchers and the installer's helper with mingw-w64; the same bytes at every build."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from common.product import Product, run
from windows.icon import write_icon

HERE = Path(__file__).parent
GCC = os.environ.get("JOBDESK_GCC", "x86_64-w64-mingw32-gcc")
WINDRES = os.environ.get("JOBDESK_WINDRES", "x86_64-w64-mingw32-windres")
WARNINGS = (
    "-std=c11",
    "-DUNICODE",
    "-D_UNICODE",
    "-Os",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wno-cast-function-type",
)
LINK = ("-s", "-static-libgcc", "-Wl,--no-insert-timestamp", "-Wl,--dynamicbase,--nxcompat,--high-entropy-va")
RIGHTS_OF_CODE = "D:PAI(A;CI;KA;;;SY)(A;CI;KA;;;BA)(A;CI;0x2001b;;;BU)"
"""Users may read the enrolment code and wipe it (set a value), no more."""

APP, DLL = "0x1L", "0x2L"


@dataclass(frozen=True, slots=True)
class Launchers:
    """The built files."""

    window: Path
    console: Path
    installer: Path
    icon: Path


def build_launchers(product: Product, place: Path) -> Launchers:
    """Build everything in ``place``, which is emptied first."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in ("launcher.c", "installer.c", "launcher.manifest"):
        shutil.copyfile(HERE / name, place / name)
    (place / "names.h").write_text(_names(product), "utf-8")
    icon = place / "jobdesk.ico"
    write_icon(icon)
    name, windows = product.product["name"], product.windows
    made = Launchers(place / windows["window"], place / windows["console"], place / "installer.dll", icon)
    _resource(product, place, made.window.name, name, APP, icon.name)
    _resource(product, place, made.console.name, f"{name}（命令行）", APP, icon.name)
    _resource(product, place, made.installer.name, f"{name} 安装助手", DLL, "")
    libraries = ("-lshell32", "-ladvapi32", "-luser32")
    _compile(place, "launcher.c", made.window, "-municode", "-mwindows", *libraries)
    _compile(place, "launcher.c", made.console, "-municode", "-mconsole", "-DCONSOLE", *libraries)
    _compile(place, "installer.c", made.installer, "-shared", "-lmsi", "-ladvapi32")
    return made


def _compile(place: Path, source: str, target: Path, *options: str) -> None:
    switches = [option for option in options if not option.startswith("-l")]
    libraries = [option for option in options if option.startswith("-l")]
    words = [GCC, *WARNINGS, *switches, source, f"{target.name}.o", "-o", target.name, *LINK, *libraries]
    run(*words, cwd=place)


def _names(product: Product) -> str:
    def wide(text: str) -> str:
        return 'L"' + text.replace("\\", "\\\\") + '"'

    return "".join(
        f"#define {macro} {wide(text)}\n"
        for macro, text in (
            ("NAME_OF_PRODUCT", product.product["name"]),
            ("NAME_OF_MUTEX", product.windows["mutex"]),
            ("NAME_OF_EVENT", product.windows["close_event"]),
            ("KEY_OF_CODE", product.windows["enrolment_key"].split("\\", 1)[1]),
            ("RIGHTS_OF_CODE", RIGHTS_OF_CODE),
        )
    )


def _resource(product: Product, place: Path, file: str, description: str, kind: str, icon: str) -> None:
    text = (HERE / "resource.rc.in").read_text("utf-8")
    if not icon:
        text = text.replace('1 24 "launcher.manifest"\n', "")
    for key, value in {
        "icon": f'IDI_ICON1 ICON "{icon}"' if icon else "",
        "numbers": ",".join(map(str, product.file_version)),
        "version": product.version,
        "type": kind,
        "manufacturer": product.product["manufacturer"],
        "description": description,
        "licence": product.product["licence"],
        "file": file,
        "name": product.product["name"],
    }.items():
        text = text.replace(f"@{key}@", value)
    (place / f"{file}.rc").write_text(text, "utf-8")
    run(WINDRES, "-c", "65001", f"{file}.rc", "-O", "coff", "-o", f"{file}.o", cwd=place)
