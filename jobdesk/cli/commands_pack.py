"""``jobdesk pack``: for whoever publishes rules, calendars and updates, and for whoever trusts them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from jobdesk.cases.clock import today
from jobdesk.cases.errors import BadInput
from jobdesk.cli.commands import Answer
from jobdesk.cli.place import Place
from jobdesk.host import publishers
from jobdesk.host.disk import disk_errors
from jobdesk.host.signed_pack import (
    kind_word,
    load_private_key,
    new_key,
    parse_publisher,
    public_bytes_of,
    publisher_key,
    read_header,
    read_pack,
    save_private_key,
    write_pack,
)
from jobdesk.host.strings import text


def pack(place: Place, args: argparse.Namespace) -> Answer:
    """Run the act that was named."""
    return _ACTS[args.act](place, args)


def _keygen(place: Place, args: argparse.Namespace) -> Answer:
    """A new pair: the private half into a file of its owner, the public half on the screen."""
    private = new_key()
    key = parse_publisher(publisher_key(public_bytes_of(private), args.name).text)
    save_private_key(args.out, private)
    lines = [
        text("pack.key_made", path=str(args.out), key_id=key.key_id), text("pack.key_line", line=key.text)
    ]  # fmt: skip
    return Answer({"key_id": key.key_id, "publisher": key.text, "file": str(args.out)}, lines)


def _sign(place: Place, args: argparse.Namespace) -> Answer:
    try:
        issued = date.fromisoformat(args.issued_on) if args.issued_on else today(place.clock)
    except ValueError as error:
        raise BadInput("pack_date", given=args.issued_on) from error
    files: dict[str, bytes] = {}
    for given in args.files:
        files |= _content(given)
    if not files:
        raise BadInput("pack_no_files")
    made = write_pack(
        args.out, args.kind, args.name, args.number, issued, files, load_private_key(args.key)
    )  # fmt: skip
    line = text("pack.made", path=str(args.out), kind=kind_word(made.kind), name=made.name,
                version=made.version, count=len(made.files))  # fmt: skip
    data = {"file": str(args.out), "digest": made.digest, "files": sorted(made.files)}
    return Answer(data, [line])


def _content(given: Path) -> dict[str, bytes]:
    """A file under its own name, a folder's files under their paths below it; hidden files stay out."""
    with disk_errors(given):
        if not given.is_dir():
            return {given.name: given.read_bytes()}
        found = [f for f in sorted(given.rglob("*")) if f.is_file()]
        inside = {f.relative_to(given): f for f in found}
        return {
            name.as_posix(): f.read_bytes()
            for name, f in inside.items()
            if not any(part.startswith(".") for part in name.parts)
        }


def _show(place: Place, args: argparse.Namespace) -> Answer:
    """What a pack says of itself, and whether its signature holds here; exit code 2 when it does not."""
    header = read_header(args.file)
    why = ""
    try:
        publisher = read_pack(args.file, None, publishers.in_force(place.config)).publisher.name
    except BadInput as error:
        publisher, why = "", text(f"error.{error.code}", **error.params)
    lines = [
        text("pack.head", kind=kind_word(header.kind), name=header.name, version=header.version,
             day=header.issued_on.isoformat(), key_id=header.key_id),
        text("pack.signature_unproven", why=why) if why else text("pack.signature_good", name=publisher),
        *(text("pack.file_line", name=n, size=s) for n, (_hash, s) in sorted(header.files.items())),
    ]  # fmt: skip
    data = {
        "kind": header.kind, "name": header.name, "version": header.version, "key_id": header.key_id,
        "issued_on": header.issued_on.isoformat(), "publisher": publisher or None,
        "files": {n: {"sha256": h, "size": s} for n, (h, s) in header.files.items()},
    }  # fmt: skip
    return Answer(data, lines, 2 if why else 0)


def _trust(place: Place, args: argparse.Namespace) -> Answer:
    key = parse_publisher(args.line)
    publishers.trust(place.config, key)
    return Answer({"key_id": key.key_id, "name": key.name},
                  [text("pack.trusted", name=key.name, key_id=key.key_id)])  # fmt: skip


def _distrust(place: Place, args: argparse.Namespace) -> Answer:
    publishers.distrust(place.config, args.key_id)
    return Answer({"key_id": args.key_id}, [text("pack.distrusted", key_id=args.key_id)])


def _publishers(place: Place, args: argparse.Namespace) -> Answer:
    ours = {k.key_id for k in place.config.policy.publishers}
    keys = [
        {"key_id": k.key_id, "name": k.name, "by": "policy" if k.key_id in ours else "settings"}
        for k in publishers.in_force(place.config)
    ]
    lines = [
        text("pack.publisher_line", key_id=k["key_id"], name=k["name"], origin=text(f"pack.by_{k['by']}"))
        for k in keys
    ]
    return Answer({"publishers": keys}, lines or [text("pack.no_publishers")])


_ACTS: Mapping[str, Callable[[Place, argparse.Namespace], Answer]] = {
    "keygen": _keygen, "sign": _sign, "show": _show, "trust": _trust, "distrust": _distrust,
    "publishers": _publishers,
}  # fmt: skip
