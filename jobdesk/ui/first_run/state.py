"""What the first-run page shows for what was typed. Pure: no Qt, no files."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal, Protocol

FolderState = Literal["good", "same_disk", "not_writable", "missing", "empty"]
Path = Literal["start", "code", "restore"]
MOST_PLACES = 30
"""Own figure: more finds than this are not listed; the hint says to type more."""


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A county or township of the list.

    Attributes:
        code: region code, 6 or 9 digits.
        name: its own name.
        within: city and county it lies in.
    """

    code: str
    name: str
    within: str


@dataclass(frozen=True, slots=True)
class StationAnswers:
    """What creating a station needs.

    Attributes:
        unit: the unit's name as it is used there.
        place_code: code of the county or township.
        community: village or community by hand; empty at a township's desk.
        clerk: name of the person who acts first.
        second_folder: where the second copy goes; empty means later.
    """

    unit: str
    place_code: str
    community: str
    clerk: str
    second_folder: str


@dataclass(frozen=True, slots=True)
class RestoreAnswers:
    """What a restore on a bare PC needs; ``journal`` may be empty, then nothing is replayed."""

    backup: str
    journal: str
    recovery_code: str


@dataclass(frozen=True, slots=True)
class SetByUnit:
    """What IT has decided for this PC; the page shows it greyed.

    Attributes:
        place: where the station is; None where the clerk chooses.
        unlisted: a station code of IT that is in no list; the clerk chooses and is told.
        second: the folder of the second copy; empty where the clerk chooses.
    """

    place: PlaceFound | None = None
    unlisted: str = ""
    second: str = ""


class FirstRunActions(Protocol):
    """What the page can ask for. The composition root implements it; futures may come from any thread."""

    def find_places(self, typed: str) -> Sequence[PlaceFound]:
        """Counties and townships by name, pinyin, initials or code, best first, quickly."""
        ...

    def suggested_second_folder(self) -> str:
        """A folder on another disk or stick, or an empty text when there is none."""
        ...

    def check_folder(self, folder: str) -> FolderState:
        """Whether the second copy could be written there."""
        ...

    def new_recovery_code(self) -> str:
        """A fresh recovery code, its groups parted by ``-``. Nothing is written yet."""
        ...

    def print_recovery_code(self, code: str, answers: StationAnswers) -> None:
        """Bring the sheet with the code (密封交县级机构，登记交接) to a printer; may raise Trouble."""
        ...

    def create_station(self, answers: StationAnswers, recovery_code: str) -> Future[None]:
        """Make the station file with this code as one of its key slots."""
        ...

    def restore(self, answers: RestoreAnswers) -> Future[str]:
        """Restore beside whatever is there; the sentence tells what came back."""
        ...

    def open_practice(self) -> Future[None]:
        """Make (when needed) and open the practice station."""
        ...

    def finished(self) -> None:
        """The station is open: leave the page."""
        ...


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything typed on the start page so far."""

    unit: str = ""
    place: PlaceFound | None = None
    community: str = ""
    clerk: str = ""
    second_folder: str = ""
    folder_state: FolderState = "empty"


def problems_of(typed: Typed) -> dict[str, str]:
    """Field to string key, for what keeps the station from being created; in the order of the page."""
    found: dict[str, str] = {}
    if not typed.unit.strip():
        found["unit"] = "first_run.need_unit"
    if typed.place is None:
        found["place"] = "first_run.need_place"
    if not typed.clerk.strip():
        found["clerk"] = "first_run.need_clerk"
    if typed.folder_state in ("not_writable", "missing"):
        found["second"] = f"first_run.folder_{typed.folder_state}"
    return found


def answers_of(typed: Typed) -> StationAnswers:
    """The answers, when ``problems_of`` is empty."""
    assert typed.place is not None
    return StationAnswers(
        typed.unit.strip(), typed.place.code, typed.community.strip(), typed.clerk.strip(),
        typed.second_folder.strip(),
    )  # fmt: skip


def groups_of(code: str) -> tuple[str, ...]:
    """The groups of a recovery code, to be shown and asked back."""
    return tuple(group for group in code.split("-") if group)


def asked_groups(count: int, sample: Callable[[int], Sequence[int]]) -> tuple[int, int]:
    """Two different groups to ask back, in order; ``sample(n)`` gives two numbers below n."""
    first, second = sorted(sample(count))[:2]
    return first, second


def same_group(typed: str, group: str) -> bool:
    """Whether a group was copied rightly; case, width and blanks do not matter."""
    flat = "".join(unicodedata.normalize("NFKC", typed).split())
    return flat.casefold() == group.casefold()


def restore_problems(answers: RestoreAnswers) -> dict[str, str]:
    """Field to string key, for what a restore still lacks."""
    found: dict[str, str] = {}
    if not answers.backup.strip():
        found["backup"] = "first_run.need_backup"
    if not answers.recovery_code.strip():
        found["code"] = "first_run.need_code"
    return found
