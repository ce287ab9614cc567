"""The checks of the installer's tables can fail: each fault put into good tables is found, and only that."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from common.product import product
from msi import checks, tables_text
from msi.checks import Tables
from msi.mend import LOCKS, UPGRADES, both_names, content_digest
from msi.tables_text import Table, parse

CODE = "{" + product().windows["upgrade_code"] + "}"
GUIDS = [f"{{00000000-0000-0000-0000-00000000000{n}}}" for n in range(1, 6)]


def table(name: str, columns: str, *rows: str, keys: int = 1, types: str = "") -> Table:
    names = columns.split()
    cells = [row.split("/" if name == "Shortcut" and "/" in row else "|") for row in rows]
    return Table(name, names, types.split() or ["S0"] * len(names), names[:keys], cells)


@pytest.fixture
def good() -> Tables:
    install = product().windows["install_key"].split("\\", 1)[1]
    values = {
        prop.value: f"[{prop.name}]" for prop in product().properties if not prop.secret
    } | product().windows["install_values"]
    registry = [f"R{i}|2|{install}|{name}|{value}|Reg" for i, (name, value) in enumerate(values.items())]
    classes, kind = "Software\\Classes\\", product().windows["file_type"]
    exe = '"[INSTALLDIR]jobdesk.exe"'
    types = [
        f"T1|2|{classes}.jobdesk||{kind}|Exe", f"T2|2|{classes}.jobdesk|Content Type|{product().windows['mime_type']}|Exe",
        f"T3|2|{classes}{kind}||就业帮扶工作台交换文件|Exe", f"T4|2|{classes}{kind}\\DefaultIcon||{exe},0|Exe",
        f'T5|2|{classes}{kind}\\shell\\open\\command||{exe} open "%1"|Exe',
    ]  # fmt: skip
    conditions = " OR ".join(
        ["JOBDESK_SAME", "JOBDESK_NEWER", "ALLUSERS", *(p.name for p in product().properties)]
    )
    made = [
        table("Directory", "Directory Directory_Parent DefaultDir", "TARGETDIR||SourceDir",
              "ProgramFiles64Folder|TARGETDIR|.", "CommonAppDataFolder|TARGETDIR|.",
              "INSTALLDIR|ProgramFiles64Folder|Jobdesk", "JOBDESK_DATA_FOLDER|CommonAppDataFolder|Jobdesk",
              "ProgramMenuFolder|TARGETDIR|."),
        table("Component", "Component ComponentId Directory_ Attributes Condition KeyPath",
              f"Exe|{GUIDS[0]}|INSTALLDIR|256||f1", f"Lib|{GUIDS[1]}|INSTALLDIR|256||f2",
              f"Reg|{GUIDS[2]}|INSTALLDIR|260||R0", f"Maybe|{GUIDS[3]}|INSTALLDIR|324|JOBDESK_SERVER|RM",
              f"Data|{GUIDS[4]}|JOBDESK_DATA_FOLDER|260||RD"),
        table("File", "File Component_ FileName FileSize Version Language Attributes Sequence",
              "f1|Exe|jobdesk.exe|10|1.0.0.0|2052|512|1"),
        table("MsiFileHash", "File_ Options", "f2|0"),
        table("FeatureComponents", "Feature_ Component_", "F|Exe", "F|Lib", "F|Reg", "F|Maybe", "F|Data", keys=2),
        table("Feature", "Feature Title Attributes", "F|x|24"),
        table("Icon", "Name Data", "jobdesk.ico|x"),
        table("Registry", "Registry Root Key Name Value Component_", *registry, "RM|2|x|y|z|Maybe", "RD|2|x|y|z|Data", *types),
        table("Shortcut", "Shortcut Directory_ Name Component_ Target Description",
              "StartMenu/ProgramMenuFolder/JOBDESK|就业帮扶工作台/Exe/[INSTALLDIR]jobdesk.exe/基层就业服务站的帮扶台账与计划"),
        table("Media", "DiskId LastSequence Cabinet", "1|2|#jobdesk.cab"),
        table("CustomAction", "Action Type", "AskToClose|1", "StoreCode|1", "GiveCode|51", "KeepServer|51"),
        table("InstallExecuteSequence", "Action Condition Sequence",
              *(f"{action}||{at * 10}" for at, action in enumerate(checks.ORDER, 1))),
        table("InstallUISequence", "Action Condition Sequence", "AppSearch||50"),
        table("Upgrade", "UpgradeCode VersionMax Attributes ActionProperty",
              *(f"{CODE}|{product().version}|{bits}|{name}" for name, bits in UPGRADES.items()), keys=4),
        table("MsiLockPermissionsEx", "MsiLockPermissionsEx LockObject", *(f"{name}|x" for name, *_ in LOCKS)),
        table("CreateFolder", "Directory_ Component_", "JOBDESK_DATA_FOLDER|Data", keys=2),
    ]  # fmt: skip
    tables = {one.name: one for one in made}
    tables["LaunchCondition"] = Table(
        "LaunchCondition", ["Condition", "Description"], ["s0", "l0"], ["Condition"], [[conditions, "text"]]
    )
    tables["File"].rows.append(["f2", "Lib", "12345678.PYC|long_name.pyc", "5", "", "", "512", "2"])
    return tables


RULES = (
    *(checks.keys, checks.directories, checks.components, checks.files),
    *(checks.sequences, checks.upgrades, checks.registry, checks.rights),
    *(checks.shown, checks.file_type),
)


def said(tables: Tables) -> list[str]:
    return [fault for rule in RULES for fault in rule(tables, product())]


def test_good_tables_are_good(good: Tables) -> None:
    assert said(good) == []


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "expected"),
    [
        ("Component", 1, "ComponentId", GUIDS[0], "2 times"),
        ("Component", 0, "ComponentId", "{00000000-0000-0000-0000-00000000000g}", "malformed"),
        ("Component", 0, "KeyPath", "f2", "not its own"),
        ("Component", 2, "Attributes", "4", "64 bit"),
        ("Component", 3, "Attributes", "260", "transitive"),
        ("Feature", 0, "Attributes", "0", "left out"),
        ("FeatureComponents", 0, "Component_", "Lib", "in 2 features"),
        ("File", 1, "Component_", "Exe", "holds 2 files"),
        ("File", 1, "FileName", "jobdesk.exe", "under one long name"),
        ("File", 1, "FileName", "much_too_long_a_name.pyc", "short name is none"),
        ("File", 1, "FileName", "A.PYC|a?.pyc", "cannot write"),
        ("File", 1, "Version", "1.0", "one of the two"),
        ("File", 1, "Sequence", "7", "gaps"),
        ("Media", 0, "LastSequence", "9", "Media"),
        ("Directory", 3, "Directory_Parent", "Nowhere", "does not exist"),
        ("Directory", 4, "Directory_Parent", "ProgramFiles64Folder", "does not lie in"),
        ("Registry", 0, "Root", "1", "HKEY_LOCAL_MACHINE"),
        ("Registry", 0, "Key", "Software\\Microsoft\\Windows\\CurrentVersion\\Run", "start by itself"),
        ("Registry", 0, "Key", "Software\\Policies\\Jobdesk", "policy"),
        ("Registry", 0, "Value", "[JOBDESK_ENROLMENT_CODE]", "log"),
        ("Upgrade", 0, "Attributes", "2", "Upgrade"),
        ("Upgrade", 0, "UpgradeCode", GUIDS[0], "Upgrade"),
        ("LaunchCondition", 0, "Condition", "JOBDESK_SAME", "is not checked"),
        ("MsiLockPermissionsEx", 0, "MsiLockPermissionsEx", "Other", "missing"),
        ("CreateFolder", 0, "Component_", "Other", "not made"),
        ("InstallExecuteSequence", 10, "Sequence", "10000", "order"),
        ("InstallExecuteSequence", 10, "Action", "Other", "missing"),
        ("CustomAction", 0, "Action", "Forgotten", "never called"),
        ("Shortcut", 0, "Name", "JOBDESK|Jobdesk", "Name is 'Jobdesk'"),
        ("Shortcut", 0, "Directory_", "StartupFolder", "StartupFolder"),
        ("Shortcut", 0, "Target", "[INSTALLDIR]jobdesk-cli.exe", "Target"),
        ("Registry", -1, "Value", '"[INSTALLDIR]jobdesk.exe" "%1"', "open"),
        ("Registry", -5, "Value", "Other.Type", "Jobdesk.Exchange"),
        ("Registry", -3, "Value", "", "交换文件"),
        ("Registry", -2, "Key", "Software\\Classes\\.txt", "not ours"),
    ],
)
def test_a_fault_is_found(good: Tables, name: str, row: int, column: str, value: str, expected: str) -> None:
    bad = copy.deepcopy(good)
    bad[name].rows[row][bad[name].at(column)] = value
    assert any(expected in fault for fault in said(bad)), said(bad)


def test_text_left_out_lost_or_too_long_is_found(good: Tables) -> None:
    one = table("Shortcut", "Shortcut Name", "S|@Shortcut@", types="s72 l8")
    faults = list(checks.strings({"Shortcut": one}, product()))
    assert any("@Shortcut@ was left" in fault for fault in faults)
    assert any("text Product is not in the tables" in fault for fault in faults)
    assert any("longer than 8" in fault for fault in faults)
    one.rows = [["S", ""]]
    assert any("is empty" in fault for fault in checks.strings({"Shortcut": one}, product()))
    one.rows = [["S", "𬭎"]]
    assert any("code page" in fault for fault in checks.strings({"Shortcut": one}, product()))


def test_a_second_shortcut_is_found(good: Tables) -> None:
    good["Shortcut"].rows.append(["Desk", "DesktopFolder", *good["Shortcut"].rows[0][2:]])
    assert {"2 shortcuts", "shortcut Desk: Directory_ is 'DesktopFolder', not 'ProgramMenuFolder'"} <= set(
        said(good)
    )


def test_sizes_have_limits() -> None:
    assert checks.too_large(75_000_000, 230_000_000) == []
    assert checks.too_large(75_000_001, 0) == ["the package has 75.0 MB, more than 75"]
    assert checks.too_large(0, 231_000_000) == ["the installed folder has 231.0 MB, more than 230"]


def test_the_older_table_of_rights_is_refused(good: Tables) -> None:
    good["LockPermissions"] = table("LockPermissions", "LockObject", "x")
    assert any("exclude each other" in fault for fault in said(good))


def test_properties_that_would_be_lost_or_logged_are_found() -> None:
    facts = table(
        "Property", "Property Value", "ProductName|x", "MsiHiddenProperties|", "JOBDESK_SERVER|https://x"
    )
    faults = list(checks.properties({"Property": facts}, product()))
    for expected in (
        "ProductName",
        "would not reach",
        "would stand in the log",
        "value of its own",
        "no GUID",
    ):
        assert any(expected in fault for fault in faults), expected


def test_names_get_a_short_one_where_windows_wants_it() -> None:
    assert both_names("lib/select.pyd") == "select.pyd"
    short, long = both_names("resources/samples/就业困难人员管理台帐.xlsx").split("|")
    assert long == "就业困难人员管理台帐.xlsx"
    assert checks.SHORT.fullmatch(short)
    assert both_names("a/long_file_name.pyc") != both_names("b/long_file_name.pyc")


def test_a_table_is_read_as_msitools_writes_it() -> None:
    text = "Action\tDescription\tTemplate\r\ns72\tL64\tL128\r\n936\tActionText\tAction\r\nRemoveFiles\t移除\t\r\n"
    found = parse(text)
    assert (found.name, found.keys) == ("ActionText", ["Action"])
    assert found.rows == [["RemoveFiles", "移除", ""]]


def test_reading_a_package_leaves_nothing_in_the_folder_it_is_called_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """msiinfo writes the streams of a table beside itself."""

    def msiinfo(*words: str | Path, cwd: Path | None = None) -> str:
        if words[1] == "tables":
            return "Icon\n_Streams\n"
        ((cwd or Path.cwd()) / "Icon").mkdir()
        return "Name\tData\r\ns72\tv0\r\nIcon\tName\r\njobdesk.ico\tx\r\n"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tables_text, "run", msiinfo)
    assert list(tables_text.read_tables(Path("a.msi"))) == ["Icon"]
    assert list(tmp_path.iterdir()) == []


def test_the_package_code_follows_from_every_row_and_stream(good: Tables) -> None:
    streams = {"jobdesk.cab": b"1"}
    first = content_digest(good, streams)
    good["File"].rows.reverse()
    assert content_digest(good, streams) == first
    assert content_digest(good, {"jobdesk.cab": b"2"}) != first
    good["File"].rows[0][0] = "other"
    assert content_digest(good, streams) != first
