"""What must hold of the tables: the rules of Windows Installer's own validation (ICE) that apply, and ours.

Every check takes the tables and returns sentences; none means well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from common.product import Product
from msi.mend import LOCKS, UPGRADES
from msi.sources import texts
from msi.tables_text import Table

Tables = dict[str, Table]
GUID = re.compile(r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")
SHORT = re.compile(r"[A-Za-z0-9_~-]{1,8}(\.[A-Za-z0-9_]{1,3})?")
PACKAGE_LIMIT, INSTALLED_LIMIT = 75_000_000, 230_000_000
BIT64, REGISTRY_KEY_PATH, TRANSITIVE = 256, 4, 64
ORDER = (
    *("FindRelatedProducts", "AppSearch", "KeepServer", "LaunchConditions", "CostInitialize", "FileCost"),
    *("CostFinalize", "AskToClose", "InstallValidate", "InstallInitialize", "RemoveExistingProducts"),
    *("ProcessComponents", "RemoveRegistryValues", "RemoveShortcuts", "RemoveFiles", "CreateFolders"),
    *("InstallFiles", "CreateShortcuts", "WriteRegistryValues", "GiveCode", "StoreCode", "RegisterProduct"),
    *("PublishFeatures", "PublishProduct", "InstallFinalize", "TellData"),
)
"""The older version is removed inside the transaction: when the new one fails, the old one comes back."""

REFERENCES = {
    "Component": "Component_",
    "Directory": "Directory_",
    "Feature": "Feature_",
    "File": "File_",
    "Icon": "Icon_",
}


def properties(tables: Tables, product: Product) -> Iterator[str]:
    """ICE24, 87, 80 and what the Programs list shows."""
    have = {row["Property"]: row["Value"] for row in tables["Property"].dicts()}
    wanted = {
        "ProductName": product.product["name"],
        "Manufacturer": product.product["manufacturer"],
        "ProductVersion": product.version,
        "ProductLanguage": str(product.product["language"]),
        "UpgradeCode": "{" + product.windows["upgrade_code"] + "}",
        "ALLUSERS": "1",
        "REINSTALLMODE": "amus",
        "ARPPRODUCTICON": "jobdesk.ico",
    }
    for name, value in wanted.items():
        if have.get(name) != value:
            yield f"Property {name} is {have.get(name)!r}, not {value!r}"
    if not GUID.fullmatch(have.get("ProductCode", "")):
        yield "ProductCode is no GUID in capitals"
    secure = set(have.get("SecureCustomProperties", "").split(";"))
    public = {p.name for p in product.properties} | set(UPGRADES)
    for name in sorted(public - secure):
        yield f"{name} would not reach the installing service (SecureCustomProperties)"
    hidden = set(have.get("MsiHiddenProperties", "").split(";"))
    for name in sorted({p.name for p in product.properties if p.secret} - hidden):
        yield f"{name} would stand in the log (MsiHiddenProperties)"
    for name in sorted(public & set(have)):
        yield f"{name} has a value of its own in the package"


def strings(tables: Tables, product: Product) -> Iterator[str]:
    """Every text is there, whole, and can be shown on a Chinese system."""
    cells = [cell for table in tables.values() for row in table.rows for cell in row]
    everything = "\n".join(cells)
    for key, text in texts(product).items():
        if key not in ("Package", "Comments") and text not in everything:
            yield f"text {key} is not in the tables: {text}"
    for cell in sorted(set(re.findall(r"@[A-Za-z]+@", everything))):
        yield f"{cell} was left without its text"
    for cell in cells:
        try:
            cell.encode("gbk")
        except UnicodeEncodeError:
            yield f"cannot be written in code page 936: {cell}"
    for table in tables.values():
        for at, kind in enumerate(table.types):
            limit = int(kind[1:] or 0)
            for row in table.rows:
                if kind[0] in "sl" and not row[at]:
                    yield f"{table.name}.{table.columns[at]} of {row[0]} is empty"
                if kind[0] in "sSlL" and limit and len(row[at].encode("gbk", "replace")) > limit:
                    yield f"{table.name}.{table.columns[at]} of {row[0]} is longer than {limit}"


def keys(tables: Tables, product: Product) -> Iterator[str]:
    """ICE03, ICE06: keys are unique, references lead somewhere."""
    for table in tables.values():
        at = [table.columns.index(key) for key in table.keys]
        for key, count in Counter(tuple(row[i] for i in at) for row in table.rows).items():
            if count > 1:
                yield f"{table.name} has {key} {count} times"
    for target, column in REFERENCES.items():
        known = {row[0] for row in tables[target].rows} if target in tables else set()
        for table in tables.values():
            if column in table.columns:
                for row in table.dicts():
                    if row[column] and row[column] not in known:
                        yield f"{table.name} names {target} {row[column]}, which does not exist"


def directories(tables: Tables, product: Product) -> Iterator[str]:
    """ICE07, 38, 64: one root, every parent there, no user's own folder."""
    table = tables["Directory"].by("Directory")
    roots = [name for name, row in table.items() if not row["Directory_Parent"]]
    if roots != ["TARGETDIR"]:
        yield f"roots of the directories: {roots}"
    for name, row in table.items():
        parent = row["Directory_Parent"]
        if parent and parent not in table:
            yield f"directory {name} lies in {parent}, which does not exist"
        if name in ("AppDataFolder", "LocalAppDataFolder", "PersonalFolder", "StartupFolder"):
            yield f"{name}: nothing is installed into a person's own folders"
    for name, want in (
        ("INSTALLDIR", "ProgramFiles64Folder"),
        ("JOBDESK_DATA_FOLDER", "CommonAppDataFolder"),
    ):
        if table.get(name, {}).get("Directory_Parent") != want:
            yield f"{name} does not lie in {want}"


def components(tables: Tables, product: Product) -> Iterator[str]:
    """ICE08, 18, 21, 30, 43, 50, 97: rules of components and key paths."""
    table = tables["Component"]
    files, registry = tables["File"].by("File"), tables["Registry"].by("Registry")
    for guid, count in Counter(row[table.at("ComponentId")] for row in table.rows).items():
        if count > 1 or not GUID.fullmatch(guid):
            yield f"component GUID {guid}: {count} times, or malformed"
    for row in tables["Feature"].dicts():
        if row["Attributes"] != "24":
            yield f"feature {row['Feature']} could be left out or only advertised"
    features = Counter(row["Component_"] for row in tables["FeatureComponents"].dicts())
    per_component = Counter(row["Component_"] for row in files.values())
    for row in table.dicts():
        name, attributes, key = row["Component"], int(row["Attributes"]), row["KeyPath"]
        source = registry if attributes & REGISTRY_KEY_PATH else files
        if source.get(key, {}).get("Component_") != name:
            yield f"component {name}: its key path {key or 'is empty and'} is not its own"
        if not attributes & BIT64:
            yield f"component {name} is not marked as 64 bit"
        if features[name] != 1:
            yield f"component {name} is in {features[name]} features"
        if per_component[name] > 1:
            yield f"component {name} holds {per_component[name]} files"
        if bool(row["Condition"]) != bool(attributes & TRANSITIVE):
            yield f"component {name}: a condition is judged again only when it is transitive"


def files(tables: Tables, product: Product) -> Iterator[str]:
    """ICE30, 60 and Media: one place for one file, names Windows can write, the cabinet's order complete."""
    component = tables["Component"].by("Component")
    rows = tables["File"].dicts()
    for at, what in ((0, "short"), (-1, "long")):
        places = Counter(
            (component[row["Component_"]]["Directory_"], row["FileName"].split("|")[at].lower())
            for row in rows
        )
        for (folder, name), count in places.items():
            if count > 1:
                yield f"{name} in {folder}: {count} files under one {what} name"
    hashed = {row["File_"] for row in tables["MsiFileHash"].dicts()}
    for row in rows:
        short, _, long = row["FileName"].partition("|")
        if not SHORT.fullmatch(short):
            yield f"{row['FileName']}: the short name is none"
        if re.search(r'[\\/:*?"<>|]|[ .]$', long or short):
            yield f"{row['FileName']}: Windows cannot write that name"
        if bool(row["Version"]) == (row["File"] in hashed):
            yield f"{row['FileName']}: a version or a hash, one of the two"
    numbers = sorted(int(row["Sequence"]) for row in rows)
    if numbers != list(range(1, len(rows) + 1)):
        yield "the sequence of the files has gaps"
    media = tables["Media"].dicts()
    if len(media) != 1 or int(media[0]["LastSequence"]) != len(rows) or media[0]["Cabinet"] != "#jobdesk.cab":
        yield "Media does not fit the files"


def sequences(tables: Tables, product: Product) -> Iterator[str]:
    """ICE27, 28, 63, 77: order of the actions."""
    actions = {row["Action"] for row in tables["CustomAction"].dicts()}
    for name in ("InstallExecuteSequence", "InstallUISequence"):
        rows = tables[name].dicts()
        for number, count in Counter(row["Sequence"] for row in rows).items():
            if count > 1:
                yield f"{name}: {count} actions with number {number}"
    numbers = {row["Action"]: int(row["Sequence"]) for row in tables["InstallExecuteSequence"].dicts()}
    order = [numbers.get(action, -1) for action in ORDER]
    if -1 in order:
        yield f"actions missing: {[a for a in ORDER if a not in numbers]}"
    elif order != sorted(order):
        yield "the actions do not come in their order"
    for action in sorted(actions - set(numbers)):
        yield f"{action} is never called"


def upgrades(tables: Tables, product: Product) -> Iterator[str]:
    """ICE61: older versions go, the same and newer ones are found and refused."""
    found = {row["ActionProperty"]: row for row in tables["Upgrade"].dicts()}
    code = "{" + product.windows["upgrade_code"] + "}"
    for name, attributes in UPGRADES.items():
        row = found.get(name)
        if row is None or row["UpgradeCode"] != code or int(row["Attributes"]) != attributes:
            yield f"Upgrade {name} is not as it should be: {row}"
    if found.get("JOBDESK_OLDER", {}).get("VersionMax") != product.version:
        yield "older versions are not found up to this one"
    conditions = "\n".join(row["Condition"] for row in tables["LaunchCondition"].dicts())
    for name in ("JOBDESK_SAME", "JOBDESK_NEWER", "ALLUSERS", *(p.name for p in product.properties)):
        if name not in conditions:
            yield f"{name} is not checked before the installation"


def registry(tables: Tables, product: Product) -> Iterator[str]:
    """Only the machine's keys, nothing that starts by itself, every property with its value."""
    rows = tables["Registry"].dicts()
    for row in rows:
        if row["Root"] != "2":
            yield f"{row['Key']}: not below HKEY_LOCAL_MACHINE"
        if "CurrentVersion\\Run" in row["Key"]:
            yield f"{row['Key']}: the program must not start by itself"
        if "Policies" in row["Key"]:
            yield f"{row['Key']}: policy is IT's to write"
    key = product.windows["install_key"].split("\\", 1)[1]
    values = {row["Name"]: row["Value"] for row in rows if row["Key"] == key}
    for prop in product.properties:
        if prop.secret:
            if any(prop.name in row["Value"] for row in rows):
                yield f"{prop.name} would be written by the registry table, which the log shows"
        elif values.get(prop.value) != f"[{prop.name}]":
            yield f"{prop.name} is not written to {prop.value}"
    for name, value in product.windows["install_values"].items():
        if values.get(name) != value:
            yield f"{name} is not written"


def shown(tables: Tables, product: Product) -> Iterator[str]:
    """One entry in the machine's Start menu under the product's name; none on desktops or at sign-in."""
    rows = tables["Shortcut"].dicts()
    want = {
        "Directory_": "ProgramMenuFolder",
        "Name": product.product["name"],
        "Target": f"[INSTALLDIR]{product.windows['window']}",
        "Description": product.product["description"],
    }
    if len(rows) != 1:
        yield f"{len(rows)} shortcuts"
    for row in rows:
        have = {**row, "Name": row["Name"].rpartition("|")[2]}
        for column, value in want.items():
            if have[column] != value:
                yield f"shortcut {row['Shortcut']}: {column} is {have[column]!r}, not {value!r}"


def file_type(tables: Tables, product: Product) -> Iterator[str]:
    """An exchange file has its Chinese name and our icon, and a double click hands it to the window."""
    facts = product.windows
    classes, kind = "Software\\Classes\\", facts["file_type"]
    program = f'"[INSTALLDIR]{facts["window"]}"'
    want = {
        (f"{classes}.{facts['extension']}", ""): kind,
        (f"{classes}.{facts['extension']}", "Content Type"): facts["mime_type"],
        (f"{classes}{kind}", ""): facts["file_type_name"],
        (f"{classes}{kind}\\DefaultIcon", ""): f"{program},0",
        (f"{classes}{kind}\\shell\\open\\command", ""): f"{program} {facts['open_arguments']}",
    }
    rows = tables["Registry"].dicts()
    have = {(r["Key"], r["Name"]): r["Value"] for r in rows if r["Key"].startswith(classes)}
    for key, value in want.items():
        if have.get(key) != value:
            yield f"{' '.join(key).strip()} is {have.get(key)!r}, not {value!r}"
    for key in sorted(set(have) - set(want)):
        yield f"{key[0]}: a file type that is not ours"


def rights(tables: Tables, product: Product) -> Iterator[str]:
    """ICE55: the data folder has its rights, by one table and not by the older one."""
    if "LockPermissions" in tables:
        yield "LockPermissions and MsiLockPermissionsEx exclude each other"
    have = {row["MsiLockPermissionsEx"] for row in tables["MsiLockPermissionsEx"].dicts()}
    for name, *_ in LOCKS:
        if name not in have:
            yield f"{name} is missing"
    made = {(row["Directory_"], row["Component_"]) for row in tables["CreateFolder"].dicts()}
    if ("JOBDESK_DATA_FOLDER", "Data") not in made:
        yield "the data folder is not made"
    if "RemoveFile" in tables and tables["RemoveFile"].rows:
        yield "the installer must not remove files it did not bring"


CHECKS: tuple[Callable[[Tables, Product], Iterator[str]], ...] = (
    *(properties, strings, keys, directories, components, files),
    *(sequences, upgrades, registry, shown, file_type, rights),
)


def too_large(package: int, installed: int) -> list[str]:
    """What is beyond its limit; bytes."""
    sizes = (("package", package, PACKAGE_LIMIT), ("installed folder", installed, INSTALLED_LIMIT))
    return [
        f"the {what} has {size / 1e6:.1f} MB, more than {limit / 1e6:.0f}"
        for what, size, limit in sizes
        if size > limit
    ]


def faults(tables: Tables, product: Product) -> list[str]:
    """What all checks say."""
    return [f"{check.__name__}: {fault}" for check in CHECKS for fault in check(tables, product)]
