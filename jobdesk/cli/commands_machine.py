"""Commands about the machine: selftest, updates, the support bundle, a file that was opened."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from jobdesk.cases.clock import today
from jobdesk.cases.errors import BadInput
from jobdesk.cli.commands import Answer
from jobdesk.cli.place import Place
from jobdesk.host import publishers, update_manifest
from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.host.opened_file import lines_of, look_at
from jobdesk.host.signed_pack import load_private_key, write_pack
from jobdesk.host.strings import text
from jobdesk.host.update_manifest import PLATFORMS, SUFFIX_OF, Package, Release
from jobdesk.services import updates
from jobdesk.services.selftest import Line, about, all_good
from jobdesk.services.selftest import selftest as run_selftest
from jobdesk.services.support_bundle import bundle_name, support_bundle

MARKS = {"ok": "✓", "warn": "!", "bad": "✗", "unset": "-"}


def _lines(place: Place) -> list[Line]:
    from jobdesk.reports.selfcheck import PAPERS

    return run_selftest(place.config, place.clock, PAPERS)


def selftest(place: Place, args: argparse.Namespace) -> Answer:
    """One line each; exit code 4 when something is bad."""
    lines = _lines(place)
    said = [text("selftest.line", mark=MARKS[x.state], title=x.title, said=x.said) for x in lines]
    bad, warn = (sum(x.state == s for x in lines) for s in ("bad", "warn"))
    end = (
        text("selftest.found_bad", count=bad)
        if bad
        else text("selftest.all_good", count=len(lines), warn=warn)
    )
    return Answer(about(lines), [*said, end], 0 if all_good(lines) else 4)


def bundle(place: Place, args: argparse.Namespace) -> Answer:
    """The file for whoever helps."""
    out: Path = args.out / bundle_name(place.clock) if args.out.is_dir() else args.out
    data = support_bundle(place.config, place.clock, _lines(place))
    with disk_errors(out):
        replace_file(out, data, mode=0o600)
    return Answer({"file": str(out), "size": len(data)}, [text("bundle.made", path=str(out))])


def open_file(place: Place, args: argparse.Namespace) -> Answer:
    """What a ``.jobdesk`` file is; exit code 2 when it cannot be believed."""
    found = look_at(args.open_file, publishers.in_force(place.config))
    kind = "exchange" if found.exchange else found.header.kind if found.header else None
    data = {"file": str(found.path), "kind": kind,
            "publisher": found.publisher, "problem": found.problem, "way_on": found.way_on}  # fmt: skip
    return Answer(data, lines_of(found), 2 if found.problem else 0)


# ------------------------------------------------------------------ updates


def update(place: Place, args: argparse.Namespace) -> Answer:
    """Run the act that was named."""
    return _ACTS[args.act](place, args)


def _check(place: Place, args: argparse.Namespace) -> Answer:
    offer = updates.check(place.config, place.clock, args.folder, regardless=args.regardless)
    data = {
        "standing": offer.standing, "installed": offer.installed, "manifest": offer.manifest.number,
        "version": offer.release.version if offer.release else None,
        "package": offer.package.name if offer.package else None,
        "expires_on": offer.manifest.expires_on.isoformat(),
    }  # fmt: skip
    return Answer(data, [updates.said(offer)])


def _stage(place: Place, args: argparse.Namespace) -> Answer:
    offer = updates.check(place.config, place.clock, args.folder, regardless=args.regardless)
    copy = updates.stage(offer, args.to.absolute())
    command = updates.command_for(copy)
    data = {
        "file": str(copy),
        "version": offer.release.version if offer.release else None,
        "command": command,
    }
    return Answer(data, [text("updates.staged", path=str(copy)), text("updates.run"), command])


def _make(place: Place, args: argparse.Namespace) -> Answer:
    """For the publisher: the manifest over packages, into their folder."""
    found: list[Package] = []
    for file in args.packages:
        platform = next((p for p in PLATFORMS if file.name.endswith(SUFFIX_OF[p])), None)
        if platform is None:
            raise BadInput("update_package_kind", path=file.name)
        with disk_errors(file), file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            found.append(Package(platform, file.name, opened.tell(), digest))
    release = Release(args.release, args.minimum, args.percent, tuple(found))
    try:
        expires = date.fromisoformat(args.expires_on)
        content = update_manifest.written(expires, (release,))
        update_manifest.checked(content)
    except ValueError as error:
        raise BadInput("update_unfit") from error
    out = args.packages[0].with_name(update_manifest.PACK_NAME)
    write_pack(out, update_manifest.KIND, "jobdesk", args.number, today(place.clock),
               {update_manifest.INSIDE: content}, load_private_key(args.key))  # fmt: skip
    return Answer({"file": str(out)}, [text("updates.made", path=str(out), version=args.release)])


_ACTS: Mapping[str, Callable[[Place, argparse.Namespace], Answer]] = {
    "check": _check, "stage": _stage, "make": _make,
}  # fmt: skip
