"""A station with the import screen, and ledgers to drop on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter
from day_station import Ground
from pytestqt.qtbot import QtBot

from jobdesk.cases.id_number import check_digit
from jobdesk.ui.importing.screen import ImportScreen

SAMPLE = Path(__file__).parents[2] / "resources/samples/就业困难人员管理台帐.xlsx"
HEADS = ("序号", "姓名", "性别", "身份证号", "联系电话", "家庭住址", "技能特长")


def number(order: int, day: int = 18) -> str:
    """Valid by checksum, region 229901; odd orders are men."""
    first = f"22990119750{6:01d}{day:02d}{order:03d}"
    return first + check_digit(first)


def ledger(path: Path, rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS) -> Path:
    """A real .xlsx with one header row."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("台账")
    for r, line in enumerate((heads, *rows)):
        sheet.write_row(r, 0, list(line))
    book.close()
    return path


class Importing:
    """The screen on a real station."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.ground = Ground(folder, (2026, 11, 21))
        self.qtbot = qtbot
        self.screen = ImportScreen(self.ground.ctx)
        self.ground.screens.append(self.screen)
        qtbot.addWidget(self.screen)
        self.screen.resize(1290, 700)
        self.screen.show()

    def until(self, held: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(held, timeout=15_000)

    def idle(self) -> None:
        """Nothing is read, compared or written any more."""
        self.until(lambda: not self.screen.worker.busy)
        self.ground.settle(self.qtbot)

    def open(self, path: Path) -> None:
        self.screen.open_path(path)
        self.idle()

    def apply(self) -> None:
        self.screen.foot.next_button.click()
        self.idle()

    def operations(self) -> int:
        return self.ground.desk.read(
            lambda con: con.execute("SELECT count(*) FROM op").fetchone()[0]
        ).result()
