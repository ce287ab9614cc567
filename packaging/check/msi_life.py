"""The life of an installation: in, at work, repaired, upgraded under an open window, and out again."""

from __future__ import annotations

import json
import time

from jobdesk.cases.enrolment_code import enrolment_code

from check import editions
from check.msi_pc import (
    DATA,
    EXIT_REFUSED,
    MONTH,
    SECOND,
    TITLE,
    UNINSTALL,
    Desk,
    World,
    refusal,
    sentence,
)
from check.report import BUILD, Step, demand

SECRET = enrolment_code(bytes(range(9))).text
"""A code whose check holds; no server knows it."""
GIVEN = (
    "JOBDESK_STATION_CODE=220802001", "JOBDESK_SERVER=https://jobdesk.invalid",
    f"JOBDESK_ENROLMENT_CODE={SECRET}", r"JOBDESK_SECOND_FOLDER=D:\第二份", "JOBDESK_UPDATES=off",
)  # fmt: skip


def life(world: World) -> None:
    """Everything an ordinary PC sees."""
    with world.pc("life") as desk:
        desk.second("第二份")
        install(desk)
        secrets(desk)
        selftest(desk)
        work(desk)
        window(desk)
        repair(desk)
        refusals(desk)
        upgrade(desk)
        remove(desk)


def install(desk: Desk) -> None:
    world = desk.world
    with world.report.step("silent installation with properties") as step:
        ran = desk.must_install(world.base, *GIVEN)
        world.report.figure("silent installation", f"{ran.seconds:.1f} s")
        wanted = editions.files_of(world.base)
        demand(desk.files() == wanted, f"{desk.files()} files instead of {wanted}")
        world.report.figure("installed", f"{desk.size() / 1e6:.1f} MB in {wanted} files")
        found = desk.installed()
        wished = {
            "StationCode": "220802001", "Server": "https://jobdesk.invalid", "Updates": "off",
            "SecondFolder": r"D:\第二份", "Version": world.version,
        }  # fmt: skip
        for name, value in wished.items():
            demand(found.get(name) == value, f"{name} is {found.get(name)!r}")
        listed = desk.pc.registry(UNINSTALL)
        demand(listed.get("DisplayName") == TITLE, f"Programs list: {listed.get('DisplayName')}")
        links = list(desk.pc.drive.glob(f"**/Start Menu/**/{TITLE}*.lnk"))
        demand(len(links) == 1, f"Start menu: {links}")
        opened = desk.pc.registry(r"HKLM\Software\Classes\.jobdesk")
        demand("application/vnd.jobdesk.exchange" in opened.values(), f"file type: {opened}")
        run = desk.pc.registry(r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run")
        demand(not any("jobdesk" in v.lower() for v in run.values()), f"starts by itself: {run}")
        step.note(f"{wanted} files, Programs list and Start menu say “{TITLE}”")


def secrets(desk: Desk) -> None:
    world = desk.world
    with world.report.step("the enrolment code stays out of the log") as step:
        log = (BUILD / "msi-install.log").read_text("utf-8")
        lines = [line for line in log.splitlines() if SECRET in line]
        dumped = [line for line in lines if line.startswith("Property(")]
        demand(len(lines) == len(dumped), f"said by an action: {[x for x in lines if x not in dumped][:2]}")
        hidden = editions.property_of(world.base, "MsiHiddenProperties").split(";")
        for line in dumped:
            name = line.split(":", 1)[1].split("=")[0].strip()
            demand(name in hidden or name == "CustomActionData", f"{name} is not in MsiHiddenProperties")
        step.note(f"no action says it; MsiHiddenProperties: {';'.join(hidden)}")
        if dumped:
            step.note(
                "Wine's list of all properties at the end shows it: Wine does not know MsiHiddenProperties"
            )
        kept = desk.pc.registry(r"HKLM\Software\Jobdesk\Enrolment")
        demand(kept.get("Code") == SECRET, f"the code did not arrive: {kept}")


def selftest(desk: Desk) -> None:
    with desk.world.report.step("jobdesk-cli selftest") as step:
        ran = desk.cli("--json", "selftest")
        demand(ran.code == 0, f"code {ran.code}: {ran.said[-900:]}")
        lines = told(ran.out)
        bad = [line for line in lines if line["state"] == "bad"]
        demand(not bad, str(bad))
        names = {line["name"] for line in lines if line["state"] == "ok"}
        demand(
            {"encryption", "case", "fonts", "pdf", "xlsx", "keyring", "disk"} <= names, f"ok: {sorted(names)}"
        )
        step.note("; ".join(f"{line['name']} {line['state']}" for line in lines))
        desk.world.report.figure("jobdesk-cli selftest", f"{ran.seconds:.1f} s")


def told(text: str) -> list[dict[str, str]]:
    return list(json.loads(text)["lines"])


def work(desk: Desk) -> None:
    report = desk.world.report
    with report.step("init, import of a ledger, the month's PDF") as step:
        desk.make_station()
        demand(desk.station().read_bytes()[:15] != b"SQLite format 3", "the station file is not encrypted")
        made = desk.answer("sheets", "--month", MONTH, "--out", r"C:\十一月.pdf")
        pdf = desk.pc.path(r"C:\十一月.pdf").read_bytes()
        demand(pdf.startswith(b"%PDF-") and made["checks_ok"], str(made))
        (BUILD / "msi-month.pdf").write_bytes(pdf)
        step.note(f"{made['pages']} pages, {len(pdf) // 1024} KB; {desk.works()}")
        second = desk.world.system.path(f"{SECOND}/第二份")
        demand(second.is_dir() and any(second.rglob("*")), "nothing in the second folder that IT named")


def window(desk: Desk) -> None:
    report, shown = desk.world.report, desk.world.shown
    for name in ("first", "warm"):
        title = f"the window opens on the station ({name} start), and closes"
        with report.step(title) as step, desk.window(f"window-{name}") as child:
            seen = shown.wait_for(TITLE, 90)
            stands = seen + shown.settled(60, still=2.0)
            colours = shown.picture(BUILD / f"msi-{name}.png")
            demand(colours > 100, f"the picture has {colours} colours")
            report.figure(f"{name} start: window / board", f"{seen:.1f} s / {stands:.1f} s")
            step.note(f"window {seen:.1f} s, board {stands:.1f} s; build/check/msi-{name}.png")
            if name == "warm":
                two_at_once(desk, step)
            close(desk, child)


def two_at_once(desk: Desk, step: Step) -> None:
    ran = desk.cli("backup")
    demand(ran.code == EXIT_REFUSED, f"a second session wrote beside the window: {ran.code} {ran.said}")
    step.note(f"a second session is refused: {ran.err.strip()}")


def close(desk: Desk, child) -> None:
    desk.world.shown.close(TITLE)
    for _ in range(300):
        if child.poll() is not None:
            return
        time.sleep(0.1)
    demand(False, f"the window did not close; seen: {desk.world.shown.windows()}")


def repair(desk: Desk) -> None:
    report = desk.world.report
    with report.step("repair brings a deleted file back") as step:
        victim = next(p for p in sorted(desk.pc.path(desk.folder).rglob("*.ttf")))
        before = victim.read_bytes()
        victim.unlink()
        # what /fa means; Wine's own msiexec has /f with neither package nor product code
        ran, _ = desk.install(desk.world.base, "REINSTALL=ALL", "REINSTALLMODE=amus", log="repair")
        demand(ran.code == 0, f"code {ran.code}")
        demand(victim.is_file() and victim.read_bytes() == before, f"{victim.name} is not back")
        demand(
            desk.installed().get("Server") == "https://jobdesk.invalid", f"values lost: {desk.installed()}"
        )
        step.note(f"{victim.name}, {ran.seconds:.1f} s; the given properties are kept; {desk.works()}")
        report.figure("repair", f"{ran.seconds:.1f} s")


def refusals(desk: Desk) -> None:
    world = desk.world
    with world.report.step("a second machine-wide copy is refused") as step:
        other = editions.twin(world.base)
        world.carry(other)
        ran, log = desk.install(other, log="twin")
        step.note(refusal(desk, other, ran, log, "同一版本"))
        demand(desk.installed().get("Version") == world.version, "the first copy is gone")


def upgrade(desk: Desk) -> None:
    world = desk.world
    with world.report.step(
        "upgrade with the program running: it is asked to close, data and values stay"
    ) as step:
        people = desk.works()
        with desk.window("upgrade") as child:
            world.shown.wait_for(TITLE, 90)
            world.shown.settled(60, still=2.0)
            ran, log = desk.install(world.newer, log="upgrade")
            demand(
                ran.code == 0, f"code {ran.code}: {sentence(log, '返回值 3') if '返回值 3' in log else ''}"
            )
            sentence(log, "已请它关闭")
            demand(child.poll() is not None, "the old window still runs")
        found = desk.installed()
        demand(found.get("Version") == world.next, f"values: {found}")
        for name in ("StationCode", "Server", "SecondFolder", "Updates", "DataFolder"):
            demand(found.get(name), f"{name} was lost: {found}")
        names = [v for k, v in desk.pc.registry(UNINSTALL).items() if k == "DisplayVersion"]
        demand(names == [world.next], f"Programs list: {names}")
        demand(desk.works() == people, f"before: {people}; now: {desk.works()}")
        step.note(f"{ran.seconds:.1f} s; {people}")
        world.report.figure("upgrade", f"{ran.seconds:.1f} s")
    with world.report.step("the older version is refused afterwards") as step:
        ran, log = desk.install(world.base, log="downgrade")
        step.note(refusal(desk, world.base, ran, log, "更新的"))
        demand(desk.installed().get("Version") == world.next, "the newer version is gone")


def remove(desk: Desk) -> None:
    world = desk.world
    with world.report.step("removal leaves the station file and says where") as step:
        before = desk.station().read_bytes()
        ran, log = desk.msiexec("/x", desk.of(world.newer), log="remove")
        demand(ran.code == 0, f"code {ran.code}")
        world.report.figure("removal", f"{ran.seconds:.1f} s")
        desk.nothing_installed()
        demand(desk.station().read_bytes() == before, "the station file changed")
        step.note(f"{DATA} stays; {ran.seconds:.1f} s")
        step.note(sentence(log, "站点数据留在"))
    with world.report.step("installed again, the program finds its station") as step:
        desk.must_install(world.newer, *GIVEN, log="again")
        step.note(desk.works())


def practice(world: World) -> None:
    """What a clerk sees who tries it first."""
    with world.pc("practice") as desk, world.report.step("the practice station in the window") as step:
        desk.must_install()
        with desk.window("practice", "--practice"):
            world.shown.wait_for("练习", 120)
            world.shown.settled(60, still=3.0)
            demand(world.shown.picture(BUILD / "msi-practice.png") > 100, "an empty picture")
            step.note("build/check/msi-practice.png")
