"""Bad input and faults: names, properties, damaged packages, full and read-only disks, newer files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from jobdesk.store.cipher import connect
from jobdesk.store.keyslots import open_with_key_file

from check import editions
from check.chroots import KEPT
from check.msi_pc import (
    DATA,
    EXIT_TROUBLE,
    FOLDER,
    STAFF,
    STATION,
    Desk,
    World,
    refusal,
    tail,
)
from check.report import demand
from check.wine import UID

LONG = "基层公共就业服务平台信息化办公用计算机应用程序安装目录" * 3
WRONG_CODE = "0000-0000-0000-0001"
ROOM, LITTLE = 420, 45
"""Megabytes: a disk that holds the program once, and what is left on it before the upgrade."""


def names(world: World) -> None:
    """A Chinese account, and folders with names as long as offices like them."""
    with world.pc("names", user="王立新同志的办公电脑账号") as desk:
        with world.report.step("Chinese account name, long Chinese folders for program and data") as step:
            desk.folder = rf"C:\程序\{LONG}"
            data = rf"C:\数据 文件夹\{LONG}\{LONG[:60]}\就业"
            desk.must_install(
                world.base, f"INSTALLDIR={desk.folder}", f"JOBDESK_DATA_FOLDER={data}", log="names"
            )
            demand(desk.files() > 0, "nothing in the folder that was named")
            desk.make_station()
            demand(desk.pc.path(rf"{data}\station.jobdesk.db").is_file(), "the station is not where IT said")
            made = desk.answer("sheets", "--month", "2026-11", "--out", rf"{data}\十一月 表.pdf")
            lines = json.loads(desk.cli("--json", "selftest").out)["lines"]
            bad = [line for line in lines if line["state"] == "bad"]
            demand(not bad, str(bad))
            step.note(f"paths of {len(data)} characters; {made['pages']} pages; {desk.works()}")
        with world.report.step("… and upgrade there keeps both folders") as step:
            ran = desk.must_install(world.newer, log="names-upgrade")
            demand(desk.installed().get("Version") == world.next, f"{desk.installed()}")
            step.note(f"{ran.seconds:.1f} s; {desk.works()}")
            demand(not desk.pc.path(FOLDER).exists(), "the upgrade went to the default folder")


REFUSED = (
    ("station code with letters", "JOBDESK_STATION_CODE=22080200X", "九位数字"),
    ("server without https", "JOBDESK_SERVER=http://jobdesk.invalid", "https://"),
    ("server with a quotation mark", 'JOBDESK_SERVER=https://x".invalid', "JOBDESK_SERVER 应"),
    ("code without server", "JOBDESK_ENROLMENT_CODE=ABCD", "一同给出"),
    ("second folder that is no path", "JOBDESK_SECOND_FOLDER=backup", "完整路径"),
    ("updates neither on nor off", "JOBDESK_UPDATES=maybe", "on 或 off"),
    ("data folder on a share", r"JOBDESK_DATA_FOLDER=\\server\share\jobdesk", "共享"),
)


def properties(world: World) -> None:
    """What IT may mistype."""
    with world.pc("properties") as desk:
        desk.second("第 二 份")
        for title, given, said in REFUSED:
            with world.report.step(f"refused: {title}") as step:
                ran, log = desk.install(world.base, given, log="refused")
                step.note(refusal(desk, world.base, ran, log, said))
                demand(desk.files() == 0, f"{desk.files()} files were left")
        with world.report.step(
            "empty values, a folder in quotation marks with blanks, a wrong enrolment code"
        ) as step:
            desk.must_install(
                world.base, "JOBDESK_STATION_CODE=", "JOBDESK_UPDATES=", r"JOBDESK_SECOND_FOLDER=D:\第 二 份",
                "JOBDESK_SERVER=https://jobdesk.invalid", f"JOBDESK_ENROLMENT_CODE={WRONG_CODE}", log="given",
            )  # fmt: skip
            found = desk.installed()
            demand(found.get("SecondFolder") == r"D:\第 二 份", f"{found}")
            demand(
                "StationCode" not in found and "Updates" not in found, f"empty values were written: {found}"
            )
            ran = desk.cli("--json", "selftest")
            lines = json.loads(ran.out)["lines"]
            told = [
                line["said"] for line in lines if "EnrolmentCode" in line["said"] or "登记码" in line["said"]
            ]
            demand(ran.code == 0 and told, f"the program does not tell of the wrong code: {ran.out[-600:]}")
            step.note(f"installed; the program says: {told[0]}")


def tampered(world: World) -> None:
    """What an unsigned package can and cannot notice."""
    with world.pc("tampered") as desk:
        for title, made in (
            ("one byte of the files changed", editions.damaged(world.base, "damaged")),
            ("half of the package, as from a stick pulled out", editions.cut(world.base, "cut")),
        ):
            with world.report.step(f"{title}: refused, nothing left") as step:
                world.carry(made)
                ran, log = desk.install(made, log=made.stem)
                demand(ran.code != 0, "it was installed")
                step.note(f"code {ran.code}: {tail(log, 2)}")
                left = desk.files()
                step.note(f"{left} files left")
                demand(not desk.installed(), f"values are left: {desk.installed()}")
        with world.report.step("a word in the tables changed: only a signature shows it") as step:
            made = editions.retold(
                world.base, "retold", "Software\\Jobdesk\\Install", "Software\\Jobdesk\\Insta11"
            )
            world.carry(made)
            ran, _ = desk.install(made, log="retold")
            step.note(f"without a signature msiexec answers {ran.code} and does what the changed table says")
            asked = subprocess.run(
                ["osslsigncode", "verify", "-in", str(made)], capture_output=True, text=True
            )
            demand(asked.returncode != 0, "osslsigncode takes it for signed")
            step.note("so: sign it, or compare the sha256 from the release page before rolling out")


def failing_upgrade(world: World) -> None:
    """A damaged newer package over a working older one."""
    with world.pc("failing") as desk:
        desk.must_install()
        desk.make_station()
        before = desk.station().read_bytes()
        title = "a failed upgrade: told, the station file whole, the old version inside the transaction"
        with world.report.step(title) as step:
            made = editions.damaged(world.newer, "newer-damaged")
            world.carry(made)
            ran, log = desk.install(made, log="failed-upgrade")
            demand(ran.code != 0, "the damaged upgrade was installed")
            step.note(f"code {ran.code}: {tail(log, 2)}")
            demand(desk.station().read_bytes() == before, "the station file changed")
            order = {row[0]: int(row[2]) for row in editions.table(made, "InstallExecuteSequence")}
            begin, end = order["InstallInitialize"], order["InstallFinalize"]
            demand(begin < order["RemoveExistingProducts"] < end, f"removal outside the transaction: {order}")
            step.note("the old version is removed inside the transaction, so Windows puts it back")
            back = desk.installed().get("Version") == world.version and desk.files() > 0
            step.note(f"Wine {'put it back' if back else 'does not: it rolls back no removed product'}")
        with world.report.step("… and the sound package upgrades it after that") as step:
            desk.must_install(world.newer, log="second-try")
            step.note(desk.works())


def still_works(desk: Desk) -> None:
    """The old version answers, with its files and values."""
    found = desk.installed()
    demand(found.get("Version") == desk.world.version, f"values: {found}; {desk.files()} files")
    ran = desk.cli("--version")
    demand(
        ran.code == 0, f"the old version does not start: {ran.code}, {desk.files()} files: {ran.said[-300:]}"
    )


def full_disk(world: World) -> None:
    """No room at the first installation, and none at the upgrade."""
    with (
        world.pc("full-install", room=100) as desk,
        world.report.step("full disk during installation: told, and mended by a repair with room") as step,
    ):
        ran, log = desk.install(world.base, log="full-install")
        whole = editions.files_of(world.base)
        count = f"{desk.files()} of {whole} files, some cut short"
        step.note(f"msiexec answers {ran.code}: {tail(log, 2)}; {count}")
        if ran.code == 0:
            step.note("(Wine overlooks the full disk; Windows reckons first and answers 1603)")
            started = desk.cli("--version")
            demand(started.code != 0, "half a program started")
            said = started.said[-200:]
            demand("修复" in said, f"it does not say what to do: {started.code} {said}")
            step.note(f"half a program does not start: {started.code}, {said}")
        more = f"remount,size={ROOM}m"
        subprocess.run(["mount", "-o", more, str(KEPT / "trials" / "pc-full-install")], check=True)
        mended, _ = desk.install(world.base, "REINSTALL=ALL", "REINSTALLMODE=amus", log="full-repair")
        if mended.code:
            desk.must_install(world.base, log="full-again")
        demand(desk.cli("--version").code == 0, "the repaired program does not start")
        demand(desk.files() == whole, f"{desk.files()} of {whole} files after the repair")
    with world.pc("full-upgrade", room=ROOM) as desk:
        desk.must_install()
        desk.make_station()
        with world.report.step(
            "full disk during upgrade: the old version goes on, the station file is whole"
        ) as step:
            fill(desk.pc.drive, LITTLE)
            ran, log = desk.install(world.newer, log="full-upgrade")
            demand(ran.code != 0, "it was upgraded on a full disk")
            step.note(f"code {ran.code}: {tail(log, 2)}")
            (desk.pc.drive / "filler").unlink()
            still_works(desk)
            step.note(desk.works())


def fill(drive: Path, leave: int) -> None:
    """Fill the disk up to so many megabytes."""
    filler = drive / "filler"
    with filler.open("wb") as file:
        free = shutil.disk_usage(drive).free - leave * 2**20
        block = bytes(2**20)
        for _ in range(max(0, free // 2**20)):
            file.write(block)


def read_only(world: World) -> None:
    """The data folder may be read but not written: rights gone wrong."""
    with world.pc("readonly") as desk:
        desk.must_install()
        desk.make_station()
        with world.report.step("a read-only data folder is told, not crashed over") as step:
            place = desk.pc.path(DATA)
            set_writable(place, False)
            try:
                ran = desk.cli("backup")
                demand(ran.code in (3, EXIT_TROUBLE), f"code {ran.code}: {ran.said[-400:]}")
                step.note(f"backup: {ran.code}, {ran.err.strip()[:200]}")
                ran = desk.cli("--json", "selftest")
                data = next(x for x in json.loads(ran.out)["lines"] if x["name"] == "data")
                demand(data["state"] == "bad" and ran.code == EXIT_TROUBLE, f"code {ran.code}: {data}")
                step.note(f"selftest: {data['said']}")
            finally:
                set_writable(place, True)
            step.note(desk.works())


def set_writable(place: Path, yes: bool) -> None:
    for path in (place, *place.rglob("*")):
        if path.is_dir():
            path.chmod(0o755 if yes else 0o555)
        else:
            path.chmod(0o644 if yes else 0o444)


def newer_file(world: World) -> None:
    """A station file that a later program has already changed."""
    with world.pc("newer") as desk:
        desk.must_install()
        with world.report.step("a station file of a newer program is refused and left as it is") as step:
            key = r"C:\钥匙.key"
            desk.answer("--key-file", key, "init", "--station", STATION, "--staff", STAFF)
            key_file = desk.pc.path(key)
            key_file.chmod(0o600)
            opened = open_with_key_file(desk.station().parent / "keyslots.json", key_file)
            con = connect(desk.station(), opened.key)
            con.execute("PRAGMA user_version = 999")
            con.close()
            for path in desk.station().parent.glob("station.jobdesk.db*"):
                os.chown(path, UID, UID)
            before = desk.station().read_bytes()
            ran = desk.cli("--key-file", key, "list")
            demand(ran.code == EXIT_TROUBLE, f"code {ran.code}: {ran.said[-300:]}")
            demand(desk.station().read_bytes() == before, "the file was changed")
            step.note(f"code {ran.code}: {ran.err.strip()[:300]}")
