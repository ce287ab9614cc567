"""What goes into the folder: trimmed, as bytecode that any machine writes the same."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pip
import pytest
from common.bytecode import demand_python, write_zip
from common.policy import templates
from common.product import BuildFailed
from common.trimming import binary_wanted, forbidden, qt_modules, rules, stdlib_wanted, wanted
from msi.contents import properties_of, version_string
from windows import pe
from windows.icon import SIZES, write_icon
from windows.tree import Tree, put_policy

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
COMPILE = """
import sys
from common.bytecode import compiled, demand_python
demand_python()
sys.stdout.buffer.write(compiled(b"NAMES = {'a', 'b', 'c', 'd'}\\ndef f(x): return x in {'u', 'v', 'w'}\\n", "m.py"))
"""


@pytest.mark.parametrize(
    ("path", "fine"),
    [
        ("sqlalchemy/engine/base.py", True),
        ("sqlalchemy/testing/suite.py", False),
        ("reportlab/pdfgen/canvas.py", True),
        ("reportlab/fonts/DarkGardenMK.pfb", False),
        ("PIL/_imaging.cp311-win_amd64.pyd", True),
        ("PIL/_avif.cp311-win_amd64.pyd", False),
        ("PySide6/QtWidgets.pyd", True),
        ("PySide6/QtWidgets.abi3.so", True),
        ("PySide6/QtQml.pyd", False),
        ("PySide6/QtQuick.abi3.so", False),
        ("PySide6/opengl32sw.dll", False),
        ("PySide6/designer.exe", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/plugins/sqldrivers/qsqlite.dll", False),
        ("PySide6/translations/qtbase_zh_CN.qm", True),
        ("PySide6/translations/qtbase_de.qm", False),
        ("PySide6/qml/QtQuick/VirtualKeyboard/plugin.dll", False),
        ("keyring/py.typed", False),
        ("pydantic/__init__.pyi", False),
        ("fine-1.dist-info/METADATA", True),
        ("fine-1.dist-info/licenses/LICENSE.md", True),
        ("fine-1/README.md", False),
    ],
)
def test_dependencies_are_trimmed(path: str, fine: bool) -> None:
    assert wanted(path) is fine


def test_the_standard_library_is_trimmed() -> None:
    assert stdlib_wanted("json/decoder.py")
    assert not stdlib_wanted("test/test_json.py")
    assert not stdlib_wanted("tkinter/__init__.py")
    assert binary_wanted("_ssl.pyd")
    assert not binary_wanted("_tkinter.pyd")
    assert not binary_wanted("tcl86t.dll")


def test_no_forbidden_part_of_qt_is_allowed() -> None:
    assert qt_modules() <= set(rules()["qt"]["allowed"])
    assert {"QtWidgets", "QtSvg"} <= qt_modules()
    for name in (
        "PySide6/QtCharts.pyd",
        "lib/PySide6/Qt6Quick.dll",
        "PySide6/Qt/lib/libQt6VirtualKeyboard.so.6",
    ):
        assert forbidden(name)
    assert not any(forbidden(f"PySide6/{name}.pyd") for name in qt_modules())


def test_bytecode_is_the_same_at_every_build_and_never_asks_for_its_source() -> None:
    demand = {**os.environ, "PYTHONPATH": str(PACKAGING), "PYTHONHASHSEED": "0"}
    first, second = (
        subprocess.run([sys.executable, "-c", COMPILE], env=demand, capture_output=True, check=True).stdout
        for _ in range(2)
    )
    assert first == second
    assert struct.unpack_from("<I", first, 4)[0] == 1


def test_a_machine_with_random_hashes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Random:
        hash_randomization = 1

    monkeypatch.setattr(sys, "flags", Random())
    with pytest.raises(BuildFailed, match="PYTHONHASHSEED"):
        demand_python()


def test_python_imports_from_the_zip_namespace_packages_too(tmp_path: Path) -> None:
    target = tmp_path / "packages.zip"
    write_zip(target, {"space/part/__init__.py": b"ANSWER = 42\n", "plain.py": b"import space.part\n"})
    once = target.read_bytes()
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r}); import plain, space.part; print(space.part.ANSWER)"
    )
    said = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "42"
    write_zip(target, {"plain.py": b"import space.part\n", "space/part/__init__.py": b"ANSWER = 42\n"})
    assert target.read_bytes() == once


def test_templates_of_policy_are_brought_along(tmp_path: Path) -> None:
    assert set(templates("windows")) == {"Jobdesk.admx", "zh-CN/Jobdesk.adml", "en-US/Jobdesk.adml"}
    assert set(templates("linux")) == {"policy.example.json"}
    made = Tree(tmp_path)
    put_policy(made)
    assert (tmp_path / "policy/Jobdesk.admx").read_bytes() == (PACKAGING / "policy/Jobdesk.admx").read_bytes()
    assert made.origins["policy/zh-CN/Jobdesk.adml"] == "jobdesk"


def test_properties_of_a_launcher_stand_in_it_as_windows_reads_them() -> None:
    assert properties_of("jobdesk.exe")["FileDescription"] == "就业帮扶工作台"
    assert properties_of("jobdesk-cli.exe")["FileDescription"] == "就业帮扶工作台（命令行）"
    pair = version_string("ProductName", "就业")
    assert pair.startswith("ProductName\0".encode("utf-16-le")) and pair.endswith(
        "就业\0".encode("utf-16-le")
    )
    assert (6 + pair.index("就业".encode("utf-16-le"))) % 4 == 0


def test_two_origins_may_not_bring_different_files_under_one_path(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.put("lib/a.dll", b"1", "one")
    tree.put("lib/a.dll", b"1", "two")
    with pytest.raises(BuildFailed, match="one and two"):
        tree.put("lib/a.dll", b"2", "two")


def test_an_executable_tells_what_it_needs() -> None:
    stubs = Path(pip.__file__).parent / "_vendor" / "distlib"
    image = pe.read(stubs / "w64.exe")
    assert image.machine == pe.MACHINE_X64
    assert "kernel32.dll" in image.imports
    assert all(pe.is_windows(name) for name in image.imports)
    assert not image.signed
    assert not pe.is_windows("qt6core.dll")
    with pytest.raises(ValueError, match="64"):
        pe.read(stubs / "w32.exe")


def test_the_icon_has_every_size_and_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "1.ico", tmp_path / "2.ico"
    write_icon(one)
    write_icon(two)
    data = one.read_bytes()
    assert data == two.read_bytes()
    assert struct.unpack_from("<HHH", data) == (0, 1, len(SIZES))
    sides = [data[6 + 16 * i] or 256 for i in range(len(SIZES))]
    assert sides == list(SIZES)
    for index in range(len(SIZES)):
        size, at = struct.unpack_from("<II", data, 6 + 16 * index + 8)
        assert at + size <= len(data)
        picture = data[at : at + size]
        assert picture.startswith((b"\x89PNG", struct.pack("<I", 40)))
        assert len(set(picture)) > 8, "an empty picture"
