"""Completes what wixl made into the database that the source describes, the same bytes at every build.

wixl 0.101 loses every character beyond ASCII and does not know component conditions, rights, hidden
properties, file versions, short names, nor what an upgrade may include. So its tables are read as text,
completed, and a new database is written from them in sorted order; the cabinet is taken over as it is.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from common.product import BuildFailed, Product, epoch, run
from msi.sources import AUTHORED, SDDL, identifier, texts
from msi.tables_text import Table, read_tables, write
from windows import pe

CONDITIONS = {
    "StationCode": "JOBDESK_STATION_CODE",
    "Server": "JOBDESK_SERVER",
    "SecondFolder": "JOBDESK_SECOND_FOLDER",
    "Updates": "JOBDESK_UPDATES",
    "UpdateFolder": "JOBDESK_UPDATE_FOLDER",
}
"""Component → when it is installed; judged again at every repair (transitive)."""

TRANSITIVE = 64
ACTIONS = {
    "KeepEnrolmentCode": 51 | 0x2000,
    "GiveCode": 51 | 0x2000,
    "UndoCode": 1 | 0x40 | 0x100 | 0x400 | 0x800,
    "StoreCode": 1 | 0x400 | 0x800 | 0x2000,
    "ForgetCode": 1 | 0x40 | 0x400 | 0x800,
}
"""Kinds of the actions that wixl does not know in full: 0x40 go on after a fault, 0x100 at rollback,
0x400 in the script, 0x800 as the system, 0x2000 not in the log."""
MIGRATE, ONLY_DETECT, WITH_MINIMUM, WITH_MAXIMUM = 1, 2, 256, 512
UPGRADES = {
    "JOBDESK_OLDER": MIGRATE | WITH_MINIMUM,
    "JOBDESK_SAME": ONLY_DETECT | WITH_MINIMUM | WITH_MAXIMUM,
    "JOBDESK_NEWER": ONLY_DETECT,
}
LOCKS = (
    ("LockDataUsers", "JOBDESK_DATA_FOLDER", "CreateFolder", "SddlDataUsers", 'JOBDESK_STATION_GROUP = "BU"'),
    (
        "LockDataSignedIn",
        "JOBDESK_DATA_FOLDER",
        "CreateFolder",
        "SddlDataSignedIn",
        'JOBDESK_STATION_GROUP = "AU"',
    ),
)
NOT_ADVERTISED, NOT_ABSENT = 8, 16
UNUSED = ("ServiceControl", "ServiceInstall", "Signature", "RemoveFile", "Error")
READ_ONLY_RECOMMENDED = 2


def mend(
    base: Path, target: Path, tree: Path, listing: dict[str, dict[str, Any]], product: Product, work: Path
) -> None:
    """Write ``target`` from wixl's ``base``.

    Args:
        listing: path below the tree → size, hash, origin.
        work: a folder for the text of the tables, emptied first; it stays for whoever wants to read them.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tables = read_tables(base)
    for name in UNUSED:
        if tables[name].rows:
            raise BuildFailed(f"{name} has rows; mend.py drops that table")
        del tables[name]
    _properties(tables["Property"], product)
    _components(tables["Component"])
    _upgrades(tables["Upgrade"])
    for row in tables["Feature"].rows:
        row[tables["Feature"].at("Attributes")] = str(NOT_ABSENT | NOT_ADVERTISED)
    _actions(tables["CustomAction"])
    _files(tables, tree, listing)
    _folders(tables["Directory"])
    _add(tables, texts(product))
    for table in tables.values():
        _speak(table, texts(product))
    _write(tables, base, target, product, work)


def _properties(table: Table, product: Product) -> None:
    secret = [p.name for p in product.properties if p.secret]
    hidden = sorted([*secret, *(name.replace("JOBDESK_", "SAVED_", 1) for name in secret), "StoreCode"])
    saved = [p.name.replace("JOBDESK_", "SAVED_", 1) for p in product.properties]
    public = [p.name for p in product.properties]
    secure = sorted({*public, *saved, *UPGRADES, "INSTALLDIR", "SAVED_INSTALLDIR", "WINDOWSBUILDNUMBER"})
    table.rows = [row for row in table.rows if row[0] != "SecureCustomProperties"]
    table.rows += [["SecureCustomProperties", ";".join(secure)], ["MsiHiddenProperties", ";".join(hidden)]]


def _components(table: Table) -> None:
    attributes, condition = table.at("Attributes"), table.at("Condition")
    for row in table.rows:
        if row[0] in CONDITIONS:
            row[condition] = CONDITIONS[row[0]]
            row[attributes] = str(int(row[attributes]) | TRANSITIVE)


def _upgrades(table: Table) -> None:
    for row in table.rows:
        row[table.at("Attributes")] = str(UPGRADES[row[table.at("ActionProperty")]])


def _actions(table: Table) -> None:
    for row in table.rows:
        row[table.at("Type")] = str(ACTIONS.get(row[0], int(row[table.at("Type")]) & ~0x800))


def _files(tables: dict[str, Table], tree: Path, listing: dict[str, dict[str, Any]]) -> None:
    """Short and long names; versions of libraries, so that an upgrade compares like with like."""
    table = tables["File"]
    known = {"JobdeskExe": AUTHORED[0], "JobdeskCliExe": AUTHORED[1]}
    known |= {identifier("f", path): path for path in listing if path not in AUTHORED}
    versioned: set[str] = set()
    for row in table.rows:
        path = known[row[0]]
        row[table.at("FileName")] = both_names(path)
        if pe.is_image(tree / path):
            image = pe.read(tree / path)
            if image.version:
                versioned.add(row[0])
                row[table.at("Version")] = image.version
                row[table.at("Language")] = str(image.language)
    hashes = tables["MsiFileHash"]
    hashes.rows = [row for row in hashes.rows if row[0] not in versioned]


def _folders(table: Table) -> None:
    for row in table.rows:
        if re.fullmatch(r"d[0-9a-f]{24}", row[0]):
            row[table.at("DefaultDir")] = both_names(row[table.at("DefaultDir")], of=row[0])


def both_names(path: str, of: str = "") -> str:
    """``SHORT|long`` as the tables want it, or the name alone when it is short already.

    Args:
        of: what makes the short name unique in its folder; the path itself when empty.
    """
    name = path.rsplit("/", 1)[-1]
    if re.fullmatch(r"[A-Za-z0-9_]{1,8}(\.[A-Za-z0-9]{1,3})?", name):
        return name
    suffix = re.sub(r"[^A-Za-z0-9]", "", name.rsplit(".", 1)[1])[:3] if "." in name else ""
    short = identifier("", of or path)[:8].upper()
    return f"{short}{'.' + suffix.upper() if suffix else ''}|{name}"


def _add(tables: dict[str, Table], said: dict[str, str]) -> None:
    tables["MsiLockPermissionsEx"] = Table(
        "MsiLockPermissionsEx",
        ["MsiLockPermissionsEx", "LockObject", "Table", "SDDLText", "Condition"],
        ["s72", "s72", "s32", "s0", "S255"],
        ["MsiLockPermissionsEx"],
        [[key, thing, table, SDDL[text], condition] for key, thing, table, text, condition in LOCKS],
    )
    tables["ActionText"] = Table(
        "ActionText",
        ["Action", "Description", "Template"],
        ["s72", "L64", "L128"],
        ["Action"],
        [["RemoveFiles", said["RemoveText"], ""]],
    )
    tables["Shortcut"].rows = [
        [_short_link(cell) if at == tables["Shortcut"].at("Name") else cell for at, cell in enumerate(row)]
        for row in tables["Shortcut"].rows
    ]


def _short_link(name: str) -> str:
    return f"JOBDESK|{name}"


def _speak(table: Table, said: dict[str, str]) -> None:
    """Put the Chinese text where its key stands."""
    for row in table.rows:
        for at, cell in enumerate(row):
            if "@" in cell:
                row[at] = re.sub(r"@([A-Za-z]+)@", lambda found: said[found[1]], cell)


def _write(tables: dict[str, Table], base: Path, target: Path, product: Product, work: Path) -> None:
    codepage = product.windows["codepage"]
    forced = work / "_ForceCodepage.idt"
    forced.write_bytes(f"\r\n\r\n{codepage}\t_ForceCodepage\r\n".encode())
    streams = read_streams(base, tables)
    content = content_digest(tables, streams)
    (work / "jobdesk.cab").write_bytes(streams["jobdesk.cab"])
    for name in ("Icon", "Binary"):
        (work / name).mkdir()
        for row in tables[name].rows:
            (work / name / row[0]).write_bytes(streams[f"{name}.{row[0]}"])
            row[tables[name].at("Data")] = row[0]
    files = [write(tables[name], work) for name in sorted(tables)]
    summary = work / "_SummaryInformation.idt"
    # msibuild converts the text of tables from UTF-8, and takes the summary's bytes as they are
    summary.write_bytes(_summary(product, content).encode("gbk" if codepage == 936 else "utf-8"))
    target.unlink(missing_ok=True)
    command: list[str | Path] = ["msibuild", target.absolute(), "-i", forced.name]
    command += [file.name for file in files]
    command += ["-i", summary.name, "-a", "jobdesk.cab", "jobdesk.cab"]
    run(*command, cwd=work)


def stream(base: Path, name: str) -> bytes:
    """A stream of a package.

    Raises:
        BuildFailed: there is none of that name.
    """
    answer = subprocess.run(["msiinfo", "extract", str(base), name], capture_output=True, check=False)
    if answer.returncode or not answer.stdout:
        raise BuildFailed(f"{base.name} holds no stream {name}")
    return answer.stdout


def read_streams(msi: Path, tables: dict[str, Table]) -> dict[str, bytes]:
    """The streams that belong to the tables: the cabinet, icons, the installer's own code."""
    names = [f"{name}.{row[0]}" for name in ("Icon", "Binary") for row in tables[name].rows]
    return {name: stream(msi, name) for name in ["jobdesk.cab", *sorted(names)]}


def content_digest(tables: dict[str, Table], streams: dict[str, bytes]) -> str:
    """One hash over all rows and streams, whatever their order."""
    digest = hashlib.sha256()
    for name, table in sorted(tables.items()):
        plain = [at for at, kind in enumerate(table.types) if kind[0] not in "vV"]
        digest.update(repr([name, sorted([row[at] for at in plain] for row in table.rows)]).encode())
    for name, data in sorted(streams.items()):
        digest.update(name.encode() + hashlib.sha256(data).digest())
    return digest.hexdigest()


def summary_rows(product: Product, content: str) -> list[tuple[int, str]]:
    """The summary stream by property number; the package's code follows from all that is in it."""
    said = texts(product)
    when = datetime.datetime.fromtimestamp(epoch(), datetime.UTC).strftime("%Y/%m/%d %H:%M:%S")
    return [
        (1, str(product.windows["codepage"])),
        (2, "Installation Database"),
        (3, said["Package"]),
        (4, said["Manufacturer"]),
        (5, "Installer"),
        (6, said["Comments"]),
        (7, f"x64;{product.product['language']}"),
        (9, product.guid(f"package {content} {when}")),
        (12, when),
        (13, when),
        (14, "500"),
        (15, "2"),
        (18, "msitools"),
        (19, str(READ_ONLY_RECOMMENDED)),
    ]


def _summary(product: Product, content: str) -> str:
    rows = summary_rows(product, content)
    head = ["PropertyId\tValue", "i2\tl255", "_SummaryInformation\tPropertyId"]
    return "".join(line + "\r\n" for line in [*head, *(f"{key}\t{value}" for key, value in rows)])
