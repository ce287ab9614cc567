"""The main job without a screen, in the practice station: import the sample, list today, print the month."""

from __future__ import annotations

from jobdesk.cases.due import Bucket, DueLine
from jobdesk.cli.commands import Answer
from jobdesk.cli.place import Place
from jobdesk.host import assets
from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.host.strings import text
from jobdesk.services.desk import Desk
from jobdesk.services.importing import memory
from jobdesk.services.importing.applying import apply, before_import
from jobdesk.services.importing.preview import make_preview
from jobdesk.services.importing.read import read_path
from jobdesk.services.importing.resuming import finish_imports
from jobdesk.services.practice.making import has_practice, open_practice, reset_practice
from jobdesk.services.session import Session, session_of
from jobdesk.services.today import Board, load_board

SAMPLE = "samples/就业困难人员管理台帐.xlsx"


def practice_round(place: Place, reset: bool = False) -> Answer:
    """Make the practice station where there is none (or anew), then do there what a morning asks for.

    Raises:
        FileLocked: a window has the practice station open.
        Trouble: the folder cannot be written.
    """
    made = reset or not has_practice(place.paths)
    station = (reset_practice if reset else open_practice)(place.paths, place.clock)
    try:
        session = session_of(station)
        finish_imports(session.desk)
        imported, said_import = _import(session)
        today, said_today = _today(session.desk)
        sheets, said_sheets = _sheets(place, session.desk)
    finally:
        station.close()
    folder = place.paths.practice().data
    lines = [
        text("cli.practice_made" if made else "cli.practice_opened", path=str(folder)),
        text("cli.practice_key"), *said_import, *said_today, *said_sheets,
    ]  # fmt: skip
    data = {"station": str(folder), "made": made, "import": imported, "today": today, "sheets": sheets}
    return Answer(data, lines)


def _import(session: Session) -> tuple[dict[str, object], list[str]]:
    """The sample ledger, applied; the second time it changes nothing."""
    desk = session.desk
    found = read_path(assets.path(SAMPLE), desk.today, memories=memory.memories(desk))
    done = apply(desk, make_preview(desk, found), backup=before_import(session.station))
    counts = done.counts.to_json()
    if done.import_id is None:
        said = text("cli.import_nothing", **counts)
    else:
        said = text("cli.import_done", import_id=done.import_id, **counts)
    data: dict[str, object] = {"import_id": done.import_id, "counts": counts}
    return data, [said, text("import.keep_file_safe")]


def _today(desk: Desk) -> tuple[list[dict[str, str]], list[str]]:
    """What is overdue, due today and this week."""
    board = load_board(desk).result()
    lines = [_line(board, x) for x in board.ordered() if x.bucket is not Bucket.LATER]
    said = [f"{n['due']}  {text('bucket.' + n['bucket'])}  {n['name']}  {n['what']}" for n in lines]
    return lines, [text("cli.today_is", day=board.today.isoformat(), count=len(lines)), *said]


def _line(board: Board, line: DueLine) -> dict[str, str]:
    item = board.items.get(line.subject)
    what = text(f"due.{line.kind.value}", **dict(line.params))
    return {"name": item.name if item else "", "what": what, "due": line.due.isoformat(),
            "bucket": line.bucket.code}  # fmt: skip


def _sheets(place: Place, desk: Desk) -> tuple[dict[str, object], list[str]]:
    """The running month as a PDF beside the practice station, masked."""
    from jobdesk.reports.month_job import month_pdf_of

    first = desk.today.replace(day=1)
    path = place.paths.practice().data / f"sheets-{first:%Y-%m}.pdf"
    paper = month_pdf_of(desk, first, masked=True)
    with disk_errors(path):
        replace_file(path, paper.data, mode=0o600)
    data: dict[str, object] = {"file": str(path), "pages": paper.pages, "people": paper.people,
                               "checks_ok": paper.checks_ok}  # fmt: skip
    return data, [text("cli.sheets_made", path=str(path), pages=paper.pages, people=paper.people)]
