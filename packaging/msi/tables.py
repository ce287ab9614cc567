"""Reads the built installer back and checks it: ``make msi-tables``."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

from common.product import BuildFailed, product, run
from msi.build import BUILT, DIST, PLACE
from msi.checks import CHECKS, Tables, faults, too_large
from msi.contents import CONTENT_CHECKS, content_faults
from msi.mend import content_digest, read_streams, summary_rows
from msi.signing_proof import signing_faults
from msi.sources import product_code
from msi.tables_text import parse, read_tables, write
from windows import tree as windows_tree


def main() -> None:
    began = time.monotonic()
    msi = DIST / product().msi_name
    if not msi.exists():
        raise BuildFailed(f"{msi.name} is not there: run make msi")
    listing = json.loads(windows_tree.LISTING.read_text("utf-8"))
    os.environ["SOURCE_DATE_EPOCH"] = BUILT.read_text("ascii").strip()
    tables = read_tables(msi)
    said = faults(tables, product()) + summary_faults(msi, tables) + round_trip(msi)
    code = next(row["Value"] for row in tables["Property"].dicts() if row["Property"] == "ProductCode")
    if code != product_code(product(), listing):
        said.append("ProductCode is not derived from the content")
    unpacked = unpack(msi)
    said += content_faults(unpacked, listing, tables)
    said += signing_faults(msi, unpacked / product().windows["window"])
    said += too_large(msi.stat().st_size, sum(entry["size"] for entry in listing.values()))
    if said:
        raise BuildFailed(f"{msi.name} is not as it should be:\n" + "\n".join(said))
    rows = sum(len(table.rows) for table in tables.values())
    print(
        f"{msi.name}: {len(tables)} tables, {rows} rows, {len(listing)} files; "
        f"{len(CHECKS) + len(CONTENT_CHECKS) + 3} checks passed in {time.monotonic() - began:.0f} s"
    )


def unpack(msi: Path) -> Path:
    """Take the files out of the package again, as they would lie on Windows; returns their folder."""
    target = PLACE / "unpacked"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    run("msiextract", "-C", target, msi)
    found = list(target.rglob("jobdesk.exe"))
    if len(found) != 1:
        raise BuildFailed("jobdesk.exe is not in the package once")
    return found[0].parent


def summary_faults(msi: Path, tables: Tables) -> list[str]:
    """The summary stream: code page, platform, times and names."""
    raw = msi.read_bytes()
    said: list[str] = []
    have = parse(run("msiinfo", "export", msi, "_SummaryInformation")).rows
    values = {int(row[0]): row[1] for row in have}
    content = content_digest(tables, read_streams(msi, tables))
    for number, value in summary_rows(product(), content):
        if not value.isascii():
            if value.encode("gbk") not in raw:
                said.append(f"summary: {value} is not in the file in code page 936")
        elif values.get(number) != value:
            said.append(f"summary {number}: {values.get(number)!r}, not {value!r}")
    return said


def round_trip(msi: Path) -> list[str]:
    """Written out and read back, the tables are the same rows."""
    place = PLACE / "again"
    place.mkdir(exist_ok=True)
    said: list[str] = []
    for name, table in read_tables(msi).items():
        again = parse(write(table, place).read_text("utf-8"))
        if sorted(again.rows) != sorted(table.rows) or again.columns != table.columns:
            said.append(f"{name} does not survive being written and read")
    return said


if __name__ == "__main__":
    try:
        main()
    except BuildFailed as error:
        raise SystemExit(f"make msi-tables: {error}") from None
