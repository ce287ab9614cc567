"""Commands about the station file itself."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from jobdesk.cases.errors import BadInput, Refused, Trouble
from jobdesk.cases.ids import id_source
from jobdesk.cli.commands import Answer
from jobdesk.cli.place import Place
from jobdesk.host.disk import disk_errors
from jobdesk.host.secrets import NoKeyring, open_secrets
from jobdesk.host.settings_file import prepare_second, write_settings
from jobdesk.host.strings import text
from jobdesk.services.first_start import journal_in, keep_way_in
from jobdesk.services.importing.resuming import finish_imports
from jobdesk.services.places import place_of
from jobdesk.services.proving import prove
from jobdesk.services.session import find_key, open_session, this_account
from jobdesk.store.check import UNREADABLE
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.keyslots import OpenedKey, open_with_account, open_with_key_file, open_with_recovery
from jobdesk.store.manifest import BackupInfo, read_backup
from jobdesk.store.opening import open_station
from jobdesk.store.renewing import restore_station
from jobdesk.store.safekeeping import back_up


def init(place: Place, args: argparse.Namespace) -> Answer:
    """Make a station: key file (0600) or credential store, recovery code printed once."""
    code = _station_code(place, args.station)
    found = place_of(code)
    if found is None:
        raise BadInput("station_code_unknown", given=code)
    if not args.staff.strip():
        raise BadInput("staff_name_missing")
    secrets = None
    if place.key_file is None:
        store = open_secrets()
        if isinstance(store, NoKeyring):
            raise Refused("no_keyring")
        secrets = store
    name = args.name.strip() or found.name
    new = NewStation(
        {"name": name, "code": code, "region": found.full_name}, args.staff.strip(), this_account()
    )
    ids = id_source(place.clock)
    prepare_second(place.config)
    station, recovery, staff_id = create_station(
        place.paths, new, place.clock, ids, key_file=place.key_file, secrets=secrets
    )
    station_id = station.file.station_id
    station.close()
    if place.paths.second is not None and not place.config.is_managed("second"):
        write_settings(place.paths.settings, second=str(place.paths.second))
    data = {"station_id": station_id, "staff_id": staff_id, "recovery_code": recovery.text, "name": name}
    return Answer(data, [text("cli.made", name=name, path=str(place.paths.data)),
                         text("cli.recovery", code=recovery.text)])  # fmt: skip


def _station_code(place: Place, given: str) -> str:
    """IT's code where there is one, else the one given.

    Raises:
        Refused: ``station_by_policy``: the two differ.
        BadInput: ``station_code_missing``: there is neither.
    """
    ours = place.config.policy.value("station_code")
    if ours and given and ours != given:
        raise Refused("station_by_policy", ours=ours, given=given)
    if not (ours or given):
        raise BadInput("station_code_missing")
    return ours or given


def backup(place: Place, args: argparse.Namespace) -> Answer:
    """Make a verified backup now."""
    with place.session(writable=True, title="backup") as session:
        info = back_up(session.station, "manual").result()
    data = {"file": str(info.path), "size": info.size, "sha256": info.sha256, "operations": info.counts["op"]}
    return Answer(data, [text("cli.backed_up", path=str(info.path), count=info.counts["op"])])


def restore(place: Place, args: argparse.Namespace) -> Answer:
    """Put a backup in the place of the live file, which is kept; replay the journal."""
    with disk_errors(args.file):
        if not args.file.is_file():
            raise BadInput("backup_missing", path=str(args.file))
    info = read_backup(args.file)
    journal = journal_in(args.journal) if args.journal is not None else None
    key = _backup_key(place, info, args.code_file)
    restored = restore_station(place.paths, info, key.key, place.clock, journal_folder=journal)
    session = open_session(place.paths, key, place.clock, title="restore")
    try:
        finish_imports(session.desk)
        back, newer = session.station.renewed_journal, session.station.renewed_newer
        notes = [text(f"error.{n.code}", **n.params) for n in session.station.notes]
        if args.code_file is not None:
            notes += _way_in_kept(place, key)
    finally:
        session.close()
    replaced = str(restored.replaced) if restored.replaced else None
    said = "cli.restored_newer" if newer else "cli.restored"
    lines = [text(said, path=str(place.paths.station), count=back, newer=newer)]
    if replaced:
        lines.append(text("cli.replaced", path=replaced))
    data = {
        "file": str(place.paths.station), "replaced": replaced, "from_journal": back, "from_newer": newer,
        "notes": notes,
    }  # fmt: skip
    return Answer(data, [*lines, *notes])


def _way_in_kept(place: Place, key: OpenedKey) -> list[str]:
    """After the recovery code: the key file named (made where it is not there), or this account's slot."""
    try:
        keep_way_in(place.paths, key.key, place.clock, place.key_file)
    except (Refused, Trouble):
        return [text("error.slot_not_kept")]
    return []


def _backup_key(place: Place, info: BackupInfo, code_file: Path | None) -> OpenedKey:
    slots = info.keyslots if info.keyslots.exists() else place.paths.keyslots
    if code_file is not None:
        with disk_errors(code_file):
            return open_with_recovery(slots, code_file.read_text("utf-8").strip())
    if place.key_file is not None:
        return open_with_key_file(slots, place.key_file)
    store = open_secrets()
    if isinstance(store, NoKeyring):
        raise Refused("no_keyring")
    return open_with_account(slots, store)


def check(place: Place, args: argparse.Namespace) -> Answer:
    """Prove the station file; exit code 4 when something does not hold."""
    with contextlib.suppress(*UNREADABLE), place.reading("check"):
        pass  # finishes what was cut off; rows that cannot be read are told by the checks below
    if not place.paths.station.exists():
        raise Refused("no_station", path=str(place.paths.data))
    key = find_key(place.paths, place.key_file)
    station = open_station(place.paths, key, place.clock, id_source(place.clock), writable=False)
    try:
        results = prove(station)
    finally:
        station.close()
    ok = all(r.ok for r in results)
    data = {"ok": ok, "checks": [{"name": r.name, "ok": r.ok, "detail": r.detail} for r in results]}
    lines = [f"{'✓' if r.ok else '✗'} {text(f'check.{r.name}')}  {r.detail}" for r in results]
    return Answer(data, lines, 0 if ok else 4)


def practice(place: Place, args: argparse.Namespace) -> Answer:
    """Make the practice station, or make it anew; on a machine without a screen do the main job there."""
    from jobdesk.cli.practice_round import practice_round

    return practice_round(place, reset=args.reset)
