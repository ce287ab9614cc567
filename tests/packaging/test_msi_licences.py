"""Nothing is shipped without its licence, nor under one that binds the whole."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from common.inputs import Fetched, canonical
from common.licences import Work, accepted, gather, problems, write_licences
from common.product import ROOT, BuildFailed
from common.sbom import built_in, write_sbom
from deb.inputs import LINUX, WINDOWS, runtime

TEXT = {"LICENSE": b"Permission is hereby granted"}


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True),
        ("MIT AND Apache-2.0", True),
        ("LGPL-3.0-only OR GPL-2.0-only", True),
        ("(GPL-3.0-only OR MIT) AND BSD-3-Clause", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-2.0-or-later", False),
        ("(MIT OR BSD-3-Clause) AND AGPL-3.0-only", False),
        ("MIT AND", False),
        ("(MIT", False),
        ("MIT MIT", False),
        ("", False),
    ],
)
def test_an_expression_is_accepted_when_one_choice_is(expression: str, fine: bool) -> None:
    assert accepted(expression) is fine


def test_each_fault_is_named() -> None:
    works = [
        Work("silent", "1", "", TEXT),
        Work("copyleft", "1", "GPL-3.0-only", TEXT),
        Work("textless", "1", "MIT", {"LICENSE": b" \n"}),
        Work("fine", "1", "MIT", TEXT),
    ]
    said = problems(works)
    assert [line.split(":")[0] for line in said] == ["silent", "copyleft", "textless"]
    with pytest.raises(BuildFailed, match="copyleft"):
        write_licences(works)


def test_a_wheel_tells_its_licence_and_brings_its_text() -> None:
    item = Fetched("somebody", "2.0", Path("somebody.whl"), "00" * 32)
    members = {
        "somebody/__init__.py": b"",
        "somebody-2.0.dist-info/METADATA": b"Name: somebody\nLicense-Expression: MIT\n\nGPL is only mentioned",
        "somebody-2.0.dist-info/licenses/LICENSE.txt": b"the text",
        "somebody-2.0.dist-info/licenses/LicenseRef-Qt-Commercial.txt": b"not for us",
    }
    work = gather(item, members)
    assert (work.licence, work.texts) == ("MIT", {"LICENSE.txt": b"the text"})


def test_the_list_names_everything_with_its_own_file() -> None:
    files = write_licences([Work("fine", "1", "MIT", TEXT)])
    index = files["README.txt"].decode("utf-8-sig")
    for name in ("fine", "Noto Sans SC", "Lucide", "jobdesk"):
        assert name in index
    assert b"Permission is hereby granted" in files["fine.txt"]
    assert all(data.strip() for data in files.values())


def test_the_program_names_every_work_that_is_shipped() -> None:
    """关于 → 许可证 reads resources/licences.toml."""
    raw = tomllib.loads((ROOT / "resources" / "licences.toml").read_text("utf-8"))
    named = {canonical(n) for c in raw["component"] for n in c["name"].split(" / ")}
    lock, project = ((ROOT / name).read_text("utf-8") for name in ("requirements.lock", "pyproject.toml"))
    shipped = {e.name for system in (LINUX, WINDOWS) for e in runtime(lock, project, system=system)}
    assert shipped - named == set()


def test_the_sbom_is_the_same_twice_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    works = [Work("fine", "1", "MIT", TEXT, "ab" * 32)]
    first = write_sbom(works, {"a": "fine"})
    assert first == write_sbom(works, {"a": "fine"})
    document = json.loads(first)
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    found = {c["name"]: c for c in document["components"]}
    assert found["fine"]["purl"] == "pkg:pypi/fine@1"
    assert found["fine"]["hashes"][0]["content"] == "ab" * 32
    assert "jobdesk" not in found
    assert document["metadata"]["component"]["name"] == "jobdesk"


def test_what_is_built_into_libraries_is_named() -> None:
    found = built_in(
        {
            "a.pyd": b"x\0OpenSSL 3.6.0 1 Oct 2025\0",
            "b.dll": b"OpenSSL 3.6.0 1 Oct 2025\0community\0\x004.19.0\0expat_2.6.0\0",
            "c.dll": b"nothing 1.2.3",
        }
    )
    assert found == {
        ("openssl", "3.6.0"): ["a.pyd", "b.dll"],
        ("sqlcipher", "4.19.0"): ["b.dll"],
        ("expat", "2.6.0"): ["b.dll"],
    }
