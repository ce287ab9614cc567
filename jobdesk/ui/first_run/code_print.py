"""The sheet with the recovery code of a station that is about to be made, to a printer."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Refused
from jobdesk.host.strings import text
from jobdesk.ui.first_run.state import StationAnswers, groups_of
from jobdesk.ui.recovery_sheet import code_sheet, pictures_of, print_pictures


def print_code(code: str, answers: StationAnswers, clock: Clock) -> None:
    """Ask which printer and print.

    Raises:
        Refused: ``printing_cancelled``, the person changed their mind.
        Trouble: ``no_printer`` or ``printing_failed``.
    """
    data = code_sheet(
        groups_of(code), answers.unit, answers.place_code, answers.second_folder, answers.clerk, clock, False
    )
    owner = QApplication.activeWindow() or QWidget()
    if not print_pictures(owner, pictures_of(data), text("first_run.print_code")):
        raise Refused("printing_cancelled")
