"""Whose work is inside, under which licence, with the text of each; a package without one is not built."""

from __future__ import annotations

import email.parser
import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.inputs import Fetched
from common.product import ROOT, BuildFailed, product

HERE = Path(__file__).parent
NAMES = re.compile(r"(^|/)(licen[cs]es?|copying|notice|authors|copyright)([./-]|$)", re.IGNORECASE)
COMMERCIAL = "LicenseRef-Qt-Commercial"


@dataclass(frozen=True, slots=True)
class Work:
    """Somebody's work inside a package.

    Attributes:
        licence: SPDX expression.
        texts: file name → text of the licences and notices, never empty.
        sha256: of the file it came in, or empty.
        kind: ``pypi`` or ``generic``; the kind of its package URL when ``purl`` is empty.
    """

    name: str
    version: str
    licence: str
    texts: dict[str, bytes]
    sha256: str = ""
    kind: str = "pypi"
    purl: str = ""

    @property
    def url(self) -> str:
        return self.purl or f"pkg:{self.kind}/{self.name.lower().replace(' ', '-')}@{self.version}"


@functools.cache
def rules() -> dict[str, Any]:
    return tomllib.loads((HERE / "licences.toml").read_text("utf-8"))


def gather(item: Fetched, members: dict[str, bytes]) -> Work:
    """The licence and its texts of one wheel (path below site-packages → bytes)."""
    info = {name: data for name, data in members.items() if ".dist-info/" in name}
    metadata = next((data for name, data in info.items() if name.endswith("/METADATA")), b"")
    said = email.parser.BytesParser().parsebytes(metadata, headersonly=True)
    rule = rules()["distribution"].get(item.name, {})
    licence = rule.get("licence") or said.get("License-Expression") or ""
    texts = {
        name.split(".dist-info/", 1)[1].removeprefix("licenses/"): data
        for name, data in sorted(info.items())
        if (NAMES.search(name.split(".dist-info/", 1)[1]) or "/licenses/" in name) and COMMERCIAL not in name
    }
    for name in rule.get("texts", ()):
        texts[name] = (HERE / "licences" / name).read_bytes()
    return Work(item.name, item.version, licence, texts, item.sha256)


def other_works(platform: str) -> list[Work]:
    """Fonts, icons, ourselves: what is no distribution. ``platform`` is ``windows`` or ``linux``."""
    return [
        Work(
            entry["name"],
            entry.get("version") or product().version,
            entry["licence"],
            {Path(entry["text"]).name: (ROOT / entry["text"]).read_bytes()},
            kind="generic",
            purl=entry.get("purl", ""),
        )
        for entry in rules()["other"]
        if entry.get("platform", platform) == platform
    ]


def accepted(expression: str) -> bool:
    """May a work under this SPDX expression be passed on? Of a choice one side suffices."""
    words = re.findall(r"\(|\)|[^\s()]+", expression)
    value, rest = _alternatives(words)
    return value and not rest


def _alternatives(words: list[str]) -> tuple[bool, list[str]]:
    value, words = _both(words)
    while words and words[0] == "OR":
        other, words = _both(words[1:])
        value = value or other
    return value, words


def _both(words: list[str]) -> tuple[bool, list[str]]:
    value, words = _one(words)
    while words and words[0] == "AND":
        other, words = _one(words[1:])
        value = value and other
    return value, words


def _one(words: list[str]) -> tuple[bool, list[str]]:
    if not words:
        return False, []
    if words[0] == "(":
        value, rest = _alternatives(words[1:])
        return value and rest[:1] == [")"], rest[1:]
    return words[0] in rules()["accepted"], words[1:]


def problems(works: list[Work]) -> list[str]:
    """What keeps the works from being passed on; empty when nothing does."""
    found: list[str] = []
    for work in works:
        if not work.licence:
            found.append(f"{work.name}: says no licence; name it in licences.toml")
        elif not accepted(work.licence):
            found.append(f"{work.name}: «{work.licence}» is not a licence we may pass on")
        if not any(text.strip() for text in work.texts.values()):
            found.append(f"{work.name}: brings no licence text; add one to licences.toml")
    return found


def write_licences(works: list[Work], platform: str = "windows") -> dict[str, bytes]:
    """File name → text for the folder ``licences/``: one file a work and a list of all.

    Raises:
        BuildFailed: a licence or a text is missing, or one may not be passed on.
    """
    every = sorted([*works, *other_works(platform)], key=lambda work: work.name.lower())
    wrong = problems(every)
    if wrong:
        raise BuildFailed("licences:\n" + "\n".join(wrong))
    files: dict[str, bytes] = {}
    index = [f"{product().product['name']} {product().version}：所含他人作品及其许可证\n"]
    for work in every:
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", work.name) + ".txt"
        head = f"{work.name} {work.version}\n{work.licence}\n"
        parts = [head.encode()]
        for title, text in work.texts.items():
            parts.append(f"\n{'=' * 78}\n{title}\n{'=' * 78}\n\n".encode() + text.replace(b"\r\n", b"\n"))
        files[name] = b"".join(parts)
        index.append(f"{work.name} {work.version}  {work.licence}  → {name}")
    files["README.txt"] = ("\n".join(index) + "\n").encode("utf-8-sig")
    return files
