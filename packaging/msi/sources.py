"""Writes the generated sources beside ``jobdesk.wxs``: ``texts.wxi`` (texts, GUIDs) and ``files.wxs``."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import defaultdict
from pathlib import Path, PurePosixPath
from typing import Any
from xml.sax.saxutils import quoteattr

from common.product import Product

HERE = Path(__file__).parent
DATA_RIGHTS = "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;{group})"
"""System and administrators everything; the group reads, writes and deletes, and does not change rights."""

SDDL = {
    "SddlDataUsers": DATA_RIGHTS.format(group="BU"),
    "SddlDataSignedIn": DATA_RIGHTS.format(group="AU"),
}
"""Rights of the data folder, by name."""

AUTHORED = ("jobdesk.exe", "jobdesk-cli.exe")
"""Files with a component of their own in ``jobdesk.wxs``."""

COMPONENTS = (
    *("Window", "Console", "Installed", "StationCode", "Server"),
    *("SecondFolder", "Updates", "UpdateFolder", "Data"),
)


def texts(product: Product) -> dict[str, str]:
    """Key → what the installer shows."""
    raw: dict[str, str] = tomllib.loads((HERE / "texts.toml").read_text("utf-8"))
    facts: dict[str, Any] = {**product.product, **product.windows, "version": product.version}
    return {key: text.format(**facts) for key, text in raw.items()}


def component_guid(product: Product, name: str) -> str:
    """A component of one version is never that of another: the older version goes first, whole.

    So Windows Installer cannot keep back a file because the same component once held a higher version.
    """
    return product.guid(f"component {product.version} {name}")


def product_code(product: Product, listing: dict[str, dict[str, Any]]) -> str:
    """One code for one content: the same build is the same product, another is another."""
    sources = [(HERE / name).read_text("utf-8") for name in ("jobdesk.wxs", "texts.toml", "mend.py")]
    content = json.dumps(
        [product.version, {path: e["sha256"] for path, e in sorted(listing.items())}, sources]
    )
    return product.guid(f"product {hashlib.sha256(content.encode()).hexdigest()}")


def write_texts(target: Path, product: Product, code: str, chinese: bool) -> None:
    """The include file: Chinese for WiX, ``@key@`` for wixl, which ``mend`` turns into Chinese later."""
    windows = product.windows
    defined = {f"T_{key}": text if chinese else f"@{key}@" for key, text in texts(product).items()}
    defined |= {f"G_{name}": component_guid(product, name).strip("{}") for name in COMPONENTS}
    defined |= SDDL
    defined |= {
        "ProductCode": code.strip("{}"),
        "UpgradeCode": windows["upgrade_code"],
        "Version": product.version,
        "MinimumBuild": str(windows["minimum_build"]),
        "ProgramFolder": windows["program_folder"],
        "DataFolder": windows["data_folder"],
        "Extension": windows["extension"],
        "FileType": windows["file_type"],
        "MimeType": windows["mime_type"],
        "OpenVerb": windows["open_arguments"].removesuffix(' "%1"'),
    }
    lines = [f"  <?define {name} = {quoteattr(value)} ?>" for name, value in defined.items()]
    head = '<Include xmlns="http://schemas.microsoft.com/wix/2006/wi">'
    target.write_text("\n".join([head, *lines, "</Include>"]) + "\n", "utf-8")


def identifier(prefix: str, path: str) -> str:
    """A name for tables, from a path: stable, and short enough."""
    return f"{prefix}{hashlib.sha256(path.encode()).hexdigest()[:24]}"


def write_files(target: Path, product: Product, listing: dict[str, dict[str, Any]], chinese: bool) -> None:
    """One component a file, the file its key path: nothing is shared, everything can be repaired.

    Args:
        chinese: write Chinese file names as they are (WiX), not as the file's key, which ``mend`` replaces.
    """
    children: defaultdict[str, set[str]] = defaultdict(set)
    files: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(listing):
        if path in AUTHORED:
            continue
        pure = PurePosixPath(path)
        files[_folder(pure.parent)].append(path)
        for parent in pure.parents:
            if parent.name:
                children[_folder(parent.parent)].add(parent.as_posix())
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">',
    ]
    lines += ["  <Fragment>", '    <DirectoryRef Id="INSTALLDIR">']
    lines += _folders("", children, files, product, 3, chinese)
    lines += ["    </DirectoryRef>", "  </Fragment>", "  <Fragment>", '    <ComponentGroup Id="Files">']
    for path in sorted(listing):
        if path not in AUTHORED:
            lines.append(f'      <ComponentRef Id="{identifier("c", path)}"/>')
    lines += ["    </ComponentGroup>", "  </Fragment>", "</Wix>"]
    target.write_text("\n".join(lines) + "\n", "utf-8")


def _folder(path: PurePosixPath) -> str:
    return "" if path.as_posix() == "." else path.as_posix()


def _folders(
    at: str,
    children: dict[str, set[str]],
    files: dict[str, list[str]],
    product: Product,
    depth: int,
    chinese: bool,
) -> list[str]:
    lines: list[str] = []
    pad = "  " * depth
    for path in files.get(at, ()):
        guid = component_guid(product, path).strip("{}")
        name = PurePosixPath(path).name
        file = identifier("f", path)
        shown = quoteattr(name if chinese or name.isascii() else file)
        lines.append(
            f'{pad}<Component Id="{identifier("c", path)}" Guid="{guid}" Win64="yes">'
            f'<File Id="{file}" Name={shown} Source={quoteattr("$(var.Tree)/" + path)} KeyPath="yes"/>'
            "</Component>"
        )
    for folder in sorted(children.get(at, ())):
        name = PurePosixPath(folder).name
        lines.append(f'{pad}<Directory Id="{identifier("d", folder)}" Name={quoteattr(name)}>')
        lines += _folders(folder, children, files, product, depth + 1, chinese)
        lines.append(f"{pad}</Directory>")
    return lines
