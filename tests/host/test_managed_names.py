"""The installer, the policy templates, the papers for IT and the program call every setting the same."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from jobdesk.cli.arguments import parse
from jobdesk.host import policy_settings
from jobdesk.host.policy_settings import POLICY_KEY, PUBLISHERS, SETTINGS, policy_of
from jobdesk.host.signed_pack import SUFFIX
from jobdesk.host.strings import text

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "packaging" / "policy"
SPACE = "{http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions}"
PRODUCT = tomllib.loads((ROOT / "packaging" / "product.toml").read_text("utf-8"))
PROPERTIES = {p["name"]: p for p in PRODUCT["property"]}
LANGUAGES = ("zh-CN", "en-US")


@pytest.fixture(scope="module")
def admx() -> Xml.Element:
    return Xml.parse(POLICY / "Jobdesk.admx").getroot()


def adml(language: str) -> Xml.Element:
    return Xml.parse(POLICY / language / "Jobdesk.adml").getroot()


def test_registry_keys() -> None:
    windows = PRODUCT["windows"]
    assert windows["policy_key"] == "HKLM\\" + POLICY_KEY
    assert windows["install_key"] == "HKLM\\" + policy_settings.INSTALL_KEY
    assert windows["enrolment_key"] == "HKLM\\" + policy_settings.ENROLMENT_KEY
    assert "." + windows["extension"] == SUFFIX
    assert windows["data_folder"] == "Jobdesk" and PRODUCT["product"]["name"] == text("app.name")


def test_every_property_of_the_installer_is_read_by_the_program() -> None:
    ours = {s.value_name for s in SETTINGS if s.by_install}
    secrets = {p["value"] for p in PROPERTIES.values() if p.get("secret")}
    theirs = {p["value"] for p in PROPERTIES.values()} - secrets
    assert secrets == {policy_settings.ENROLMENT_VALUE}
    assert theirs - ours == {"StationGroup"}, "rights of the folder: the installer's own"
    assert ours <= theirs


def test_values_of_the_installer_make_no_complaint() -> None:
    """What it writes by itself, and good values of every property."""
    good = {
        "StationCode": "220102001", "Server": "https://x", "SecondFolder": "/s", "Updates": "off",
        "UpdateFolder": "/u", "DataFolder": "/d", "StationGroup": "BU",
        **dict.fromkeys(PRODUCT["windows"]["install_values"], "/somewhere"),
    }  # fmt: skip
    assert {p["value"] for p in PROPERTIES.values()} - {"Code"} <= set(good)
    assert policy_of([("policy", {}), ("install", good)]).complaints == ()


def test_every_setting_by_policy_has_its_template(admx: Xml.Element) -> None:
    names: set[str] = set()
    for policy in admx.iter(f"{SPACE}policy"):
        assert policy.get("class") == "Machine" and policy.get("key") == POLICY_KEY
        element = next(iter(policy.find(f"{SPACE}elements") or []), None)
        if element is None:
            names.add(policy.get("valueName") or "")
            switch = [policy.find(f"{SPACE}{n}/{SPACE}string") for n in ("enabledValue", "disabledValue")]
            assert [s.text for s in switch if s is not None] == ["on", "off"]
        elif element.tag == f"{SPACE}list":
            assert (
                element.get("key") == f"{POLICY_KEY}\\{PUBLISHERS}" and element.get("explicitValue") == "true"
            )
            names.add(PUBLISHERS)
        else:
            names.add(element.get("valueName") or "")
    assert names == {s.value_name for s in SETTINGS if s.by_policy} | {PUBLISHERS}
    assert not any("nrol" in str(value) for p in admx.iter() for value in p.attrib.values()), "a secret"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_template_is_there(admx: Xml.Element, language: str) -> None:
    raw = Xml.tostring(admx, encoding="unicode")
    root = adml(language)
    for kind, tag in (("string", "string"), ("presentation", "presentation")):
        wanted = set(re.findall(rf"\$\({kind}\.(\w+)\)", raw))
        found = {e.get("id") for e in root.iter(f"{SPACE}{tag}")}
        assert wanted == found, kind
    controls = {e.get("refId") for e in root.iter() if e.get("refId")}
    elements = {e.get("id") for p in admx.iter(f"{SPACE}elements") for e in p}
    assert controls == elements
    assert all((e.text or "").strip() for e in root.iter(f"{SPACE}string"))


def test_the_example_for_linux_holds() -> None:
    values = json.loads((POLICY / "policy.example.json").read_text("utf-8"))
    found = policy_of([("policy", values)])
    assert found.complaints == () and set(values) == {s.value_name for s in SETTINGS if s.by_policy} | {
        PUBLISHERS
    }


def test_the_papers_name_what_there_is() -> None:
    paper = (ROOT / "docs" / "install.md").read_text("utf-8")
    for name in PROPERTIES:
        assert name in paper, name
    named = set(re.findall(r"JOBDESK_[A-Z_]+", paper))
    environment = {"JOBDESK_DATA", "JOBDESK_SECOND", "JOBDESK_KEY_FILE"}
    assert named - environment <= set(PROPERTIES)
    for setting in SETTINGS:
        assert setting.value_name in paper, setting.value_name
    for key in ("policy_key", "install_key", "enrolment_key"):
        assert PRODUCT["windows"][key] in paper, key
    assert PRODUCT["windows"]["upgrade_code"] in paper
    for picture in re.findall(r"\]\((pictures/[^)]+)\)", paper):
        assert (ROOT / "docs" / picture).is_file(), picture


def test_the_commands_in_the_papers_are_commands() -> None:
    paper = (ROOT / "docs" / "install.md").read_text("utf-8")
    commands = re.findall(r"`jobdesk-cli ([^`]+)`", paper)
    assert len(commands) >= 9
    for command in commands:
        words = command.replace("编号", "1").replace("[", "").replace("]", "").split()
        parse(words)  # raises BadInput on a command, an option or an argument that there is not


def test_the_papers_say_where_the_templates_lie_once_installed() -> None:
    paper = (ROOT / "docs" / "install.md").read_text("utf-8")
    assert f"%ProgramFiles%\\{PRODUCT['windows']['program_folder']}\\policy" in paper
    assert "/usr/share/doc/jobdesk/examples/policy.example.json" in paper
    assert "packaging/" not in paper, "IT has the package, not the source"


def test_repair_and_change_are_said_as_windows_takes_them() -> None:
    """``/f`` leaves out the registry unless told, and ignores properties."""
    paper = (ROOT / "docs" / "install.md").read_text("utf-8")
    for line in paper.splitlines():
        if line.startswith("msiexec /f"):
            assert line.startswith("msiexec /famus ") and "JOBDESK_" not in line
    assert re.search(r"msiexec /i \S+ /qn REINSTALL=ALL REINSTALLMODE=amus JOBDESK_", paper)
