"""The Debian package's files: its Depends line, the names on the desktop, the scripts around installation."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from common.inputs import Fetched
from deb import elf, papers, tree

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "packaging" / "deb" / "files"
PRODUCT = tomllib.loads((ROOT / "packaging/product.toml").read_text("utf-8"))
RULES = tree.trim_rules()

OBJDUMP = """
Dynamic Section:
  NEEDED               libdl.so.2
  NEEDED               libc.so.6
  SONAME               libx.so.1

Version definitions:
1 0x01 0x0e5f9c05 GLIBC_2.99

Version References:
  required from libc.so.6:
    0x06969188 0x00 06 GLIBC_2.28
    0x09691a75 0x00 05 GLIBC_2.2.5
  required from libstdc++.so.6:
    0x08922974 0x00 03 GLIBCXX_3.4.9
    0x0297f861 0x00 02 GLIBCXX_3.4.21
"""


def test_versions_are_compared_as_numbers_and_only_what_is_asked_counts() -> None:
    assert elf.asked(OBJDUMP) == {"GLIBC": (2, 28), "GLIBCXX": (3, 4, 21)}


def test_depends_names_python_of_exactly_the_wheels_version() -> None:
    line = tree.depends({"libxcb-cursor.so.0": {"libqxcb.so"}}, RULES, "3.11")
    assert line[:3] == ["python3 (>= 3.11)", "python3 (<< 3.12~)", "python3.11"]
    assert "libxcb-cursor0" in line


def test_a_library_without_a_package_stops_the_build() -> None:
    with pytest.raises(tree.WrongTree, match=r"libnew\.so\.9 \(for libqxcb\.so\)"):
        tree.depends({"libnew.so.9": {"libqxcb.so"}}, RULES, "3.11")


def test_the_libraries_of_setup_are_among_those_the_package_knows() -> None:
    known = {value.split(" ")[0] for value in RULES["system"].values()}
    listed = (ROOT / "packaging/debian-packages.txt").read_text("utf-8").splitlines()
    wanted = {line for line in listed if line.startswith("libxcb")}
    assert wanted <= known


def test_desktop_entry_mime_type_and_metainfo_say_what_the_product_says() -> None:
    name, mime = PRODUCT["product"]["name"], PRODUCT["windows"]["mime_type"]
    desktop = (FILES / "jobdesk.desktop").read_text("utf-8")
    assert f"Name[zh_CN]={name}\n" in desktop
    assert f"MimeType={mime};\n" in desktop
    kinds = ElementTree.parse(FILES / "jobdesk-mime.xml").getroot()
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    assert [one.get("type") for one in kinds] == [mime]
    assert [one.get("pattern") for one in kinds.iter(f"{space}glob")] == [
        f"*.{PRODUCT['windows']['extension']}"
    ]
    about = ElementTree.parse(FILES / "jobdesk.metainfo.xml").getroot()
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [one.text for one in about.findall("name") if one.get(language) == "zh_CN"] == [name]
    assert about.findtext("provides/mediatype") == mime


@pytest.mark.parametrize(
    ("given", "handed_on"),
    [(["乡镇 上报.jobdesk"], "open:乡镇 上报.jobdesk"), ([], ""), (["list", "--json"], "list:--json")],
)
def test_the_command_hands_an_exchange_file_on_as_windows_does(
    tmp_path: Path, given: list[str], handed_on: str
) -> None:
    assert PRODUCT["windows"]["open_arguments"] == 'open "%1"'
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nshift 5\nIFS=:\nprintf %s "$*"\n', "utf-8")
    python.chmod(0o755)
    script = (FILES / "jobdesk.sh").read_text("utf-8").replace("/usr/bin/python@PYTHON@", str(python))
    done = subprocess.run(["sh", "-s", *given], input=script, capture_output=True, text=True, check=True)
    assert done.stdout == handed_on


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm", "jobdesk.sh"])
def test_scripts_are_plain_sh(script: str) -> None:
    text = (FILES / script).read_text("utf-8").replace("@PYTHON@", "3.11")
    assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0


def test_removal_never_deletes_the_stations_folder() -> None:
    for script in ("prerm", "postrm"):
        for line in (FILES / script).read_text("utf-8").splitlines():
            assert not re.search(r"rm\b.*-r.*(/var/lib|\.local)", line), line


def test_licence_texts_and_bill_of_materials_lie_beside_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    wheel = tmp_path / "somebody-2.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("somebody-2.0.dist-info/METADATA", "Name: somebody\nLicense-Expression: MIT\n")
        made.writestr("somebody-2.0.dist-info/licenses/LICENSE", "the text")
    home = tmp_path / "home"
    home.mkdir()
    papers.write_licences_and_sbom(home, [Fetched("somebody", "2.0", wheel, "00" * 32)])
    assert "the text" in (home / "licences/somebody.txt").read_text("utf-8")
    index = (home / "licences/README.txt").read_text("utf-8")
    assert "Noto Serif SC" in index and "Visual C++" not in index
    names = {part["name"] for part in json.loads((home / "sbom.cdx.json").read_text("utf-8"))["components"]}
    assert {"somebody", "Lucide"} <= names


def test_both_man_pages_name_every_command() -> None:
    known = papers.commands()
    assert {"init", "import", "sheets", "check"} <= set(known)
    for template in ("jobdesk.1", "jobdesk.zh_CN.1"):
        assert "@COMMANDS@" in (FILES / template).read_text("utf-8")
