"""Commands that import a ledger and take an import back. Held rows and problems are a result."""

from __future__ import annotations

import argparse

from jobdesk.cli.commands import Answer
from jobdesk.cli.place import Place
from jobdesk.host.strings import text
from jobdesk.services.importing import memory, read
from jobdesk.services.importing.applying import apply, before_import
from jobdesk.services.importing.notes import notes
from jobdesk.services.importing.preview import Preview, make_preview
from jobdesk.services.importing.showing import problem_text
from jobdesk.services.importing.undo import undo_import
from jobdesk.services.session import Session


def import_file(place: Place, args: argparse.Namespace) -> Answer:
    """Preview a ledger, and with ``--apply`` import it."""
    opened = place.session(writable=True, title="import") if args.apply else place.reading("import")
    with opened as session:
        desk = session.desk
        found = read.read_path(args.file, desk.today, sheet=args.sheet, memories=memory.memories(desk))
        preview = make_preview(desk, found)
        import_id = _apply(session, preview) if args.apply else None
    counts = preview.counts.to_json()
    problems = _problems(preview)
    said = [text(f"import.note.{n.code}", **n.params) for n in notes(found)]
    data: dict[str, object] = {
        "import_id": import_id, "applied": bool(args.apply), "counts": counts, "problems": problems,
        "sheets": [plan.table.sheet.name for plan in found.plans], "sheets_passed_over": found.passed_over,
        "notes": said, "note": text("import.keep_file_safe"),
    }  # fmt: skip
    lines = [*said, *(text("cli.import_problem", **p) for p in problems)]
    if not args.apply:
        lines.append(text("cli.import_preview", **counts))
    elif import_id is None:
        lines.append(text("cli.import_nothing", **counts))
    else:
        lines.append(text("cli.import_done", import_id=import_id, **counts))
    lines.append(text("import.keep_file_safe"))
    return Answer(data, lines)


def _apply(session: Session, preview: Preview) -> str | None:
    return apply(session.desk, preview, backup=before_import(session.station)).import_id


def _problems(preview: Preview) -> list[dict[str, object]]:
    """Every problem of every row, held ones and hints, with places as Excel names them."""
    return [
        {
            "sheet": row.read.sheet, "row": row.read.number, "column": problem.column,
            "code": problem.code, "message": problem_text(problem),
            "holds": problem.holds,
        }
        for row in preview.rows
        for problem in row.problems
    ]  # fmt: skip


def import_undo(place: Place, args: argparse.Namespace) -> Answer:
    """Take a whole import back; who stays because of later work is named."""
    with place.session(writable=True, title="import-undo") as session:
        undone = undo_import(session.desk, args.import_id)
    kept = [
        {
            "case_id": k.subject.id, "name": k.name,
            "work": [{"record": w.record[0], "field": w.field, "by": w.by, "at_ms": w.at} for w in k.work],
        }
        for k in undone.kept
    ]  # fmt: skip
    counts = {"undone": undone.withdrawn, "kept": len(kept)}
    lines = [text("cli.import_taken_back", count=undone.withdrawn, kept=len(kept))]
    lines += [text("cli.import_kept", name=str(k["name"]), case_id=str(k["case_id"])) for k in kept]
    return Answer({"import_id": undone.import_id, "counts": counts, "kept": kept}, lines)
