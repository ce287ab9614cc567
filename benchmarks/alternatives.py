"""What a user would pick instead, over the same ledger of 20,000 × 30: openpyxl, and LibreOffice itself."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.importing import ledger
from benchmarks.measure import Result


def run() -> list[Result]:
    from openpyxl import load_workbook
    from python_calamine import CalamineWorkbook

    found: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.xlsx"
        ledger(file)
        started = time.perf_counter()
        CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        bare = time.perf_counter() - started
        started = time.perf_counter()
        for row in load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True):
            del row
        found.append(Result("openpyxl reading the same ledger (nothing judged)", time.perf_counter() - started, "s",
                            bare, "bare calamine read"))  # fmt: skip
        office = shutil.which("soffice") or shutil.which("libreoffice")
        if office is None:
            print("| LibreOffice | not installed on this machine | — | — | — | — |")
            return found
        started = time.perf_counter()
        subprocess.run(
            [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "csv",
             "--outdir", folder, str(file)],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        if not file.with_suffix(".csv").exists():
            raise RuntimeError("LibreOffice read nothing")
        found.append(Result("LibreOffice opening it and saving it as text", time.perf_counter() - started, "s", bare,
                            "bare calamine read"))  # fmt: skip
    return found
