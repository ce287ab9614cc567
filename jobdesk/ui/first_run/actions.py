"""What the first-run page can ask for, over the services."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from jobdesk.cases.clock import Clock
from jobdesk.host.paths import StationPaths, is_same_disk
from jobdesk.host.settings_file import AppConfig
from jobdesk.host.strings import text
from jobdesk.services.first_start import Answers, restore_here, start_station
from jobdesk.services.places import find_places, place_of
from jobdesk.services.session import Session, session_of
from jobdesk.store.recovery_code import new_recovery_code
from jobdesk.ui.first_run.state import FolderState, PlaceFound, RestoreAnswers, SetByUnit, StationAnswers
from jobdesk.ui.opening.state import restored_said


class StationActions:
    """The answers of the page become a station, a restored one, or the practice station.

    Args:
        opened: called on a worker thread's answer, from the page, once a session stands.
    """

    def __init__(
        self, paths: StationPaths, clock: Clock, key_file: Path | None, opened: Callable[[Session], None]
    ) -> None:
        self._paths, self._clock, self._key_file, self._opened = paths, clock, key_file, opened
        self._work = ThreadPoolExecutor(1, "first-run")
        self._session: Session | None = None

    def find_places(self, typed: str) -> Sequence[PlaceFound]:
        return [PlaceFound(p.code, p.name, within_of(p.code)) for p in find_places(typed, 31)]

    def suggested_second_folder(self) -> str:
        for mount in _other_mounts(self._paths.data):
            return str(mount / text("app.name"))
        return ""

    def check_folder(self, folder: str) -> FolderState:
        if not folder.strip():
            return "empty"
        path = Path(folder)
        if not path.is_dir():
            return "missing" if not path.parent.is_dir() else _written(path.parent, self._paths.data)
        return _written(path, self._paths.data)

    def new_recovery_code(self) -> str:
        return new_recovery_code().text

    def print_recovery_code(self, code: str, answers: StationAnswers) -> None:
        from jobdesk.ui.first_run.code_print import print_code

        print_code(code, answers, self._clock)

    def create_station(self, answers: StationAnswers, recovery_code: str) -> Future[None]:
        wanted = Answers(
            answers.unit, answers.place_code, answers.community, answers.clerk, answers.second_folder
        )

        def job() -> None:
            if wanted.second_folder:
                folder = Path(wanted.second_folder)
                if folder.parent.is_dir():
                    folder.mkdir(exist_ok=True)
            self._session = start_station(self._paths, wanted, recovery_code, self._clock, self._key_file)

        return self._work.submit(job)

    def restore(self, answers: RestoreAnswers) -> Future[str]:
        def job() -> str:
            journal = Path(answers.journal) if answers.journal else None
            back = restore_here(
                self._paths, Path(answers.backup), journal, answers.recovery_code, self._clock, self._key_file
            )
            self._session = back.session
            return restored_said(back)

        return self._work.submit(job)

    def open_practice(self) -> Future[None]:
        def job() -> None:
            from jobdesk.services.practice.making import open_practice

            self._session = session_of(open_practice(self._paths, self._clock))

        return self._work.submit(job)

    def finished(self) -> None:
        if self._session is not None:
            self._opened(self._session)


def set_by_unit(config: AppConfig) -> SetByUnit:
    """What IT has decided of the first page."""
    code = config.policy.value("station_code")
    found = place_of(code) if code else None
    place = PlaceFound(found.code, found.name, within_of(found.code)) if found else None
    second = config.second if config.is_managed("second") else ""
    return SetByUnit(place, "" if place else code, second)


def within_of(code: str) -> str:
    """City and county a place lies in, without its own name."""
    found = place_of(code)
    return found.full_name.removesuffix(found.name) if found else ""


def _written(path: Path, data: Path) -> FolderState:
    if not os.access(path, os.W_OK | os.X_OK):
        return "not_writable"
    return "same_disk" if is_same_disk(path, data) else "good"


def _other_mounts(data: Path) -> list[Path]:
    """Sticks and second disks that can be written, as far as the usual places tell."""
    candidates: list[Path] = []
    if os.name == "nt":
        candidates = [Path(f"{letter}:\\") for letter in "DEFGH"]
    else:
        account = os.environ.get("USER", "")
        for root in (Path("/media") / account, Path("/run/media") / account):
            if account and root.is_dir():
                candidates += sorted(root.iterdir())
    return [c for c in candidates if c.is_dir() and os.access(c, os.W_OK) and not is_same_disk(c, data)]
