"""What a Debian package carries besides the program: icons, man pages, the copyright file, the changelog."""

from __future__ import annotations

import email.parser
import gzip
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime
from pathlib import Path

from common.inputs import Fetched
from common.licences import Work, gather, write_licences
from common.policy import templates
from common.product import ROOT, product
from common.sbom import write_sbom
from deb import elf
from deb.tree import Facts, write_from

ICON = ROOT / "packaging" / "common" / "jobdesk.svg"
COMMON = "/usr/share/common-licenses"
SIZES = (48, 128, 256)

_ENGLISH = {
    "init": "make a station", "import": "preview a ledger; with \\-\\-apply import it",
    "import-undo": "take a whole import back", "list": "list the people, masked",
    "sheets": "the month's sheets as PDF", "today": "the day's lines", "check": "prove the station file",
    "backup": "make a verified backup now", "restore": "go back to a backup",
    "practice": "make the practice station",
    "enrol": "make this station file a device of its station", "sync": "one exchange with the province",
    "carry-out": "what waits, as a sealed file for a stick", "carry-in": "read what a stick brought back",
    "carry": "bring the files of others to the server", "open": "say what a file is",
    "rules": "the dated rules in force here",
    "pack": "signed packs of rules",
    "updates": "look at the updates IT offers", "support-bundle": "versions and logs without any person",
    "selftest": "prove this installation: fonts, encryption, printing, disk",
}  # fmt: skip

_DRAW = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
app = QGuiApplication([])
drawn = QSvgRenderer(sys.argv[1])
for size, target in zip(sys.argv[2::2], sys.argv[3::2]):
    image = QImage(int(size), int(size), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawn.render(painter)
    painter.end()
    if not image.save(target, "PNG"):
        sys.exit(1)
"""


def maintainer() -> str:
    """Who answers for the package: DEBFULLNAME and DEBEMAIL of whoever publishes it."""
    name = os.environ.get("DEBFULLNAME") or product().product["manufacturer"]
    return f"{name} <{os.environ.get('DEBEMAIL') or 'jobdesk@localhost'}>"


def write_icons(hicolor: Path) -> None:
    """The icon as SVG, and drawn in the sizes that desktops without SVG take."""
    scalable = hicolor / "scalable/apps/jobdesk.svg"
    scalable.parent.mkdir(parents=True)
    shutil.copyfile(ICON, scalable)
    wanted: list[str] = []
    for size in SIZES:
        target = hicolor / f"{size}x{size}/apps/jobdesk.png"
        target.parent.mkdir(parents=True)
        wanted += [str(size), str(target)]
    subprocess.run(
        [sys.executable, "-c", _DRAW, str(ICON), *wanted], check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip


def commands() -> dict[str, str]:
    """Every command and its sentence in Chinese, as ``jobdesk --help`` lists them."""
    said = subprocess.run(
        [sys.executable, "-m", "jobdesk", "--help"], check=True, capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "400"},
    ).stdout  # fmt: skip
    listed = said.split("positional arguments:", 1)[1].split("\n\n", 1)[0]
    return dict(re.findall(r"^    ([a-z][a-z-]*)\s{2,}(.+)$", listed, re.M))


def write_man(man: Path, facts: Facts) -> None:
    """man 1 jobdesk, in English and in Chinese, with the commands the program has."""
    known = commands()
    for template, folder, words in (("jobdesk.1", man / "man1", {**known, **_ENGLISH}),
                                    ("jobdesk.zh_CN.1", man / "zh_CN/man1", known)):  # fmt: skip
        target = folder / "jobdesk.1"
        write_from(template, target, facts)
        shown = "\n".join(f".TP\n.B {name.replace('-', chr(92) + '-')}\n{words[name]}" for name in known)
        target.write_text(target.read_text("utf-8").replace("@COMMANDS@", shown), "utf-8")
        (folder / "jobdesk.1.gz").write_bytes(gzip.compress(target.read_bytes(), 9, mtime=0))
        target.unlink()


def write_doc(doc: Path, facts: Facts, wheels: Sequence[Path], site: Path, when: int) -> None:
    """copyright (machine readable, every part that is inside), changelog.gz, the example of IT's settings."""
    (doc / "examples").mkdir(parents=True)
    for name, data in templates("linux").items():
        (doc / "examples" / name).write_bytes(data)
    (doc / "copyright").write_text(copyright_text(wheels, site), "utf-8")
    day = format_datetime(datetime.fromtimestamp(when, UTC))
    log = (f"jobdesk ({facts.version}) stable; urgency=medium\n\n  * See CHANGELOG.md of the source.\n\n"
           f" -- {maintainer()}  {day}\n")  # fmt: skip
    (doc / "changelog.gz").write_bytes(gzip.compress(log.encode(), 9, mtime=0))


def write_licences_and_sbom(home: Path, fetched: Sequence[Fetched]) -> None:
    """The texts of all licences, for 关于, and the bill of materials, as on Windows."""
    works: list[Work] = []
    for item in fetched:
        with zipfile.ZipFile(item.file) as wheel:
            works.append(
                gather(item, {n: wheel.read(n) for n in sorted(wheel.namelist()) if ".dist-info/" in n})
            )
    for name, data in write_licences(works, "linux").items():
        (home / "licences").mkdir(exist_ok=True)
        (home / "licences" / name).write_bytes(data)
    inside = {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if elf.is_elf(path)
    }
    (home / "sbom.cdx.json").write_bytes(write_sbom(works, {}, "linux", inside))


def copyright_text(wheels: Sequence[Path], site: Path) -> str:
    """Debian's copyright file: the program, its fonts and icons, a stanza per wheel with its texts."""
    head = ("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
            "Upstream-Name: jobdesk\n"
            "Comment: The licence texts of the parts lie beside them, in the *.dist-info folders named and\n"
            " in /usr/lib/jobdesk/resources; all of them in /usr/lib/jobdesk/licences.\n")  # fmt: skip
    stanzas = [
        _stanza("*", str(product().product["manufacturer"]), "Apache-2.0", f"{COMMON}/Apache-2.0"),
        _stanza("usr/lib/jobdesk/resources/fonts/*", "The Noto Project Authors", "OFL-1.1",
                "/usr/lib/jobdesk/resources/fonts/OFL-NotoSansSC.txt"),
        _stanza("usr/lib/jobdesk/resources/icons/*", "Lucide Contributors", "ISC",
                "/usr/lib/jobdesk/resources/icons/LICENSE-lucide.txt"),
    ]  # fmt: skip
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            folder = next(n.split("/")[0] for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
            about = email.parser.Parser().parsestr(
                archive.read(f"{folder}/METADATA").decode("utf-8", "replace")
            )
            parts = {n.split("/")[0] for n in archive.namelist() if not n.startswith(folder)}
        texts = sorted(str(p.relative_to(site)) for p in (site / folder).rglob("*") if _is_licence(p))
        where = "".join(f"\n /usr/lib/jobdesk/site-packages/{name}" for name in texts)
        files = " ".join(f"usr/lib/jobdesk/site-packages/{part}" for part in sorted({*parts, folder}) if part)
        stanzas.append(
            _stanza(_globbed(files, site), _author(about), _licence(about), where or _common(about))
        )
    return head + "".join(stanzas) + LIBRARIES


LIBRARIES = """
Files: usr/lib/jobdesk/site-packages/sqlcipher3/*
Copyright: Zetetic LLC; D. Richard Hipp; The OpenSSL Project Authors
License: BSD-3-Clause and public-domain and Apache-2.0
 SQLCipher, SQLite and OpenSSL are linked into the module.
"""


def _globbed(files: str, site: Path) -> str:
    shown = (
        name + "/*" if (site / name.split("site-packages/", 1)[1]).is_dir() else name
        for name in files.split()
    )
    return "\n ".join(
        n for n in shown if (site / n.split("site-packages/", 1)[1].removesuffix("/*")).exists()
    )


def _stanza(files: str, holder: str, licence: str, where: str) -> str:
    gap = "" if where.startswith("\n") else " "
    return f"\nFiles: {files}\nCopyright: {holder}\nLicense: {licence}\n The text:{gap}{where}\n"


def _is_licence(path: Path) -> bool:
    return path.is_file() and bool(re.match(r"(?i)(licen[cs]e|copying|notice|authors)", path.name))


def _author(about: Message) -> str:
    said = (
        about.get("Author")
        or about.get("Author-email")
        or about.get("Maintainer-email")
        or f"the authors of {about['Name']}"
    )
    return re.sub(r"\s+", " ", said)


def _licence(about: Message) -> str:
    if said := about.get("License-Expression"):
        return said
    told = about.get("License") or ""
    if told and "\n" not in told and len(told) < 60:
        return told
    classes = [c.split(" :: ")[-1] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    return "; ".join(classes) or "see the text"


def _common(about: Message) -> str:
    if "LGPL" in _licence(about):
        return f"{COMMON}/LGPL-3"
    return f"the METADATA of {about['Name']} beside it"
