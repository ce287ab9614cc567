"""Installs the Debian package in a clean Debian 12, works with it as a clerk would, breaks it, removes it.

    make deb-check          (as root; the kept systems are made at the first run)

The system under trial holds nothing but Debian's minimal base, so a missing dependency shows. The screen
lives in another system. ``--keep`` writes the findings into packaging/CHECKED.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from check import chroots
from check.chroots import BOOKWORM, EYES, KEPT, CannotCheck, Ran, System, trial
from check.report import BUILD, ROOT, Report, demand
from check.screen import Screen, screen

DEB = ROOT / "build" / "deb"
CLERK, OTHER = "wang", "zhao"
DATA = "/var/lib/jobdesk"
KEY = "/home/wang/钥匙.key"
TITLE = "就业帮扶工作台"
SAMPLE = ROOT / "resources" / "samples" / "就业困难人员管理台帐.xlsx"
NEXT = "0.9.0"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="write the findings into packaging/CHECKED.md")
    args = parser.parse_args(argv)
    try:
        chroots.enter("check.deb", sys.argv[1:])
        package = newest()
        report = Report("deb")
        with trial(EYES, "eyes") as eyes, trial(BOOKWORM, "deb") as system, screen(eyes, 78) as shown:
            Check(report, system, shown, package).all()
    except CannotCheck as error:
        print(f"cannot check: {error}", file=sys.stderr)
        return 2
    return report.finish(keep=args.keep)


def newest() -> Path:
    found = sorted(DEB.glob("jobdesk_*_amd64.deb"), key=lambda p: p.stat().st_mtime)
    if not found:
        raise CannotCheck("no package in build/deb: make deb first")
    return found[-1]


class Check:
    """The steps, in their order; each stands on what the former left."""

    def __init__(self, report: Report, system: System, shown: Screen, package: Path) -> None:
        self.report, self.system, self.shown, self.package = report, system, shown, package
        self.version = package.name.split("_")[1]
        self.inside = f"/root/{package.name}"

    def all(self) -> None:
        report, system = self.report, self.system
        issue = system.path("/etc/debian_version").read_text().strip()
        report.versions = {"jobdesk": self.version, "Debian": issue}
        report.figure("package", f"{self.package.stat().st_size / 1e6:.1f} MB")
        self.install()
        self.about_files()
        self.papers()
        self.people()
        self.command_line()
        self.window()
        self.upgrade()
        self.full_disk()
        self.repair()
        self.remove()

    def clerk(self, *words: str, user: str = CLERK, timeout: float = 300, **env: str) -> Ran:
        home = {
            "HOME": f"/home/{user}",
            "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "LOGNAME": user,
            "USER": user,
        }
        return self.system.run(*words, user=f"{user}:{user}", env={**home, **env}, timeout=timeout)

    def jobdesk(self, *words: str, user: str = CLERK, timeout: float = 300, **env: str) -> Ran:
        return self.clerk("jobdesk", *words, user=user, timeout=timeout, **env)

    def answer(self, *words: str, user: str = CLERK) -> dict[str, object]:
        """The JSON answer of a command that has to succeed."""
        ran = self.jobdesk("--json", *words, user=user)
        demand(ran.code == 0, f"jobdesk {' '.join(words)}: code {ran.code}: {ran.said[-400:]}")
        return json.loads(ran.out)

    def install(self) -> None:
        system = self.system
        archives = KEPT / "apt-bookworm"
        archives.mkdir(exist_ok=True)
        with self.report.step("apt installs it with every dependency into a minimal Debian 12") as step:
            shutil.copyfile(self.package, system.path(self.inside))
            system.run("apt-get", "update", "-qq", check=True)
            asked = ("apt-get", "install", "-y", "--no-install-recommends", self.inside)
            for line in system.run(*asked[:2], "--assume-no", *asked[3:]).out.splitlines():
                if line.startswith("Need to get"):
                    self.report.figure("all it needs on a minimal Debian 12, to download", line[12:-1])
                if line.startswith("After this operation"):
                    taken = line[22:].split(" of ")[0]
                    self.report.figure("all it needs on a minimal Debian 12, on the disk", taken)
            chroots.bind(archives, system.path("/var/cache/apt/archives"))
            system.run(*asked, "--download-only", timeout=1200, check=True)
            before = used(system)
            ran = system.run(*asked, timeout=1200)
            demand(ran.code == 0, ran.said[-1500:])
            demand("jobdesk 组" in ran.out, "the sentence on the group was not said")
            with_all = ran.seconds
            step.note(f"{ran.out.count('Setting up ')} packages set up")
            self.report.figure("installation with all dependencies (downloaded before)", f"{with_all:.0f} s")
            self.report.figure("disk taken with all dependencies", f"{(used(system) - before) / 1e6:.0f} MB")
            again = system.run("dpkg", "-i", self.inside)
            demand(again.code == 0, again.said[-800:])
            self.report.figure("installation of the program alone", f"{again.seconds:.1f} s")
            taken = sum(p.stat().st_size for p in system.path("/usr/lib/jobdesk").rglob("*") if p.is_file())
            self.report.figure("/usr/lib/jobdesk with bytecode", f"{taken / 1e6:.0f} MB")

    def about_files(self) -> None:
        system = self.system
        with self.report.step(
            "files as packed, read-only for users; file type, desktop entry, man pages"
        ) as step:
            ran = system.run("dpkg", "--verify", "jobdesk")
            demand(ran.code == 0 and not ran.out.strip(), f"dpkg --verify: {ran.said}")
            home = system.path("/usr/lib/jobdesk")
            loose = [p for p in home.rglob("*") if not p.is_symlink() and p.stat().st_mode & 0o022]
            demand(not loose, f"others may write {loose[:3]}")
            data = system.path(DATA).stat()
            demand(stat.S_IMODE(data.st_mode) == 0o2770, f"{DATA} has mode {stat.S_IMODE(data.st_mode):o}")
            globs = system.path("/usr/share/mime/globs2").read_text()
            demand("application/vnd.jobdesk.exchange:*.jobdesk" in globs, "the file type is not known")
            for page in ("man1", "zh_CN/man1"):
                demand(system.path(f"/usr/share/man/{page}/jobdesk.1.gz").is_file(), f"no {page}/jobdesk.1")
            entry = system.path("/usr/share/applications/jobdesk.desktop").read_text()
            demand(f"Name[zh_CN]={TITLE}" in entry, "no Chinese name")
            step.note(f"{DATA}: root:jobdesk 2770")

    def papers(self) -> None:
        share = self.system.path("/usr/share")
        with self.report.step("appstreamcli, desktop-file-validate and lintian find no error") as step:
            for asked in (
                [
                    "appstreamcli",
                    "validate",
                    "--no-net",
                    str(share / "metainfo/org.jobdesk.Jobdesk.metainfo.xml"),
                ],
                ["desktop-file-validate", str(share / "applications/jobdesk.desktop")],
                ["lintian", "--fail-on", "error", "--tag-display-limit", "0", str(self.package)],
            ):
                ran = subprocess.run(asked, capture_output=True, text=True, check=False)
                said = (ran.stdout + ran.stderr).replace(
                    "running with root privileges is not recommended!", ""
                )
                demand(ran.returncode == 0, f"{asked[0]}: {said[-600:]}")
                step.note(f"{asked[0]}: {' '.join(said.split())[:160] or 'nothing'}")

    def people(self) -> None:
        with self.report.step("two clerks' accounts, one in the group") as step:
            self.system.run("useradd", "-m", "-s", "/bin/bash", "-G", "jobdesk", CLERK, check=True)
            self.system.run("useradd", "-m", "-s", "/bin/bash", OTHER, check=True)
            ran = self.jobdesk("--version")
            demand(ran.code == 0 and self.version in ran.out, ran.said)
            step.note(ran.out.strip())

    def command_line(self) -> None:
        sample = self.system.path("/home/wang/台账.xlsx")
        shutil.copyfile(SAMPLE, sample)
        sample.chmod(0o644)
        with self.report.step("selftest") as step:
            if "selftest" not in self.jobdesk("--help").out:
                demand(False, "the program has no selftest yet")
            ran = self.jobdesk("--json", "selftest", "--data", "/home/wang/probe")
            lines = json.loads(ran.out)["lines"]
            step.note("; ".join(f"{line['name']} {line['state']}" for line in lines))
            bad = [line for line in lines if line["state"] == "bad" and line["name"] != "keyring"]
            demand(not bad, f"code {ran.code}: {bad}")
        with self.report.step("the practice station by command line") as step:
            told = self.answer("--data", "/home/wang/练习", "practice")
            demand(told["sheets"]["checks_ok"], str(told)[:400])  # type: ignore[index]
            step.note(f"{len(told['today'])} lines today, {told['sheets']['pages']} pages")  # type: ignore[index,arg-type]
        with self.report.step(
            "init, import of a ledger, the month's PDF, check, in the machine's folder"
        ) as step:
            self.answer("--key-file", KEY, "init", "--station", "220802001", "--staff", "王立新")
            told = self.answer("--key-file", KEY, "import", "/home/wang/台账.xlsx", "--apply")
            step.note(f"import: {told['counts']}")
            made = self.answer(
                "--key-file", KEY, "sheets", "--month", "2026-11", "--out", "/home/wang/十一月.pdf"
            )
            pdf = self.system.path("/home/wang/十一月.pdf").read_bytes()
            demand(pdf.startswith(b"%PDF-") and made["checks_ok"], str(made))
            step.note(f"PDF: {made['pages']} pages, {len(pdf) // 1024} KB")
            station = self.system.path(f"{DATA}/station.jobdesk.db")
            demand(station.read_bytes()[:15] != b"SQLite format 3", "the station file is not encrypted")
            demand(self.answer("--key-file", KEY, "check")["ok"], "check does not hold")
        with self.report.step(
            "who is not in the group does not reach the station file; who is, works on it"
        ) as step:
            ran = self.clerk("ls", DATA, user=OTHER)
            demand(ran.code != 0, "another account can list the folder")
            self.system.run("usermod", "-aG", "jobdesk", OTHER, check=True)
            key = f"/home/{OTHER}/key"
            shutil.copyfile(self.system.path(KEY), self.system.path(key))
            self.system.run("chown", f"{OTHER}:{OTHER}", key, check=True)
            self.system.run("chmod", "600", key, check=True)
            ran = self.jobdesk("--key-file", key, "--json", "backup", user=OTHER)
            demand(ran.code == 0, f"the second clerk cannot write: {ran.said[-400:]}")
            demand(self.answer("--key-file", KEY, "check")["ok"], "the first clerk cannot go on")
            mode = stat.S_IMODE(self.system.path(f"{DATA}/station.jobdesk.db").stat().st_mode)
            step.note(f"the second clerk backs up, the first goes on; station file {mode:o}")

    @contextlib.contextmanager
    def running(self, name: str, **env: str):
        """The window over the practice station; ended at the end."""
        log = BUILD / f"deb-{name}.log"
        BUILD.mkdir(parents=True, exist_ok=True)
        home = {
            "HOME": f"/home/{CLERK}",
            "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "DISPLAY": self.shown.display,
        }
        child = self.system.start(
            "jobdesk",
            "--data",
            "/home/wang/练习",
            "--practice",
            user=f"{CLERK}:{CLERK}",
            env={**home, **env},
            log=log,
        )
        try:
            yield child
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, 9)
            child.wait()

    def window(self) -> None:
        for name, title in (("first", "first start of the window"), ("warm", "second start of the window")):
            with self.report.step(title) as step:
                self.start_once(name, step.note)
        with self.report.step("starts on a Wayland session too (through XWayland)") as step:
            with self.running("wayland", XDG_SESSION_TYPE="wayland", WAYLAND_DISPLAY="wayland-none"):
                self.shown.wait_for(TITLE, 60)
            step.note(
                (BUILD / "deb-wayland.log").read_text("utf-8", "replace").strip()[:200] or "nothing said"
            )

    def start_once(self, name: str, note) -> None:
        with self.running(name) as child:
            seen = self.shown.wait_for(TITLE, 60)
            stands = seen + self.shown.settled(40)
            colours = self.shown.picture(BUILD / f"deb-{name}.png")
            demand(colours > 100, f"the picture has {colours} colours")
            note(f"window {seen:.1f} s, board {stands:.1f} s; build/check/deb-{name}.png")
            self.report.figure(f"{name} start: window / board", f"{seen:.1f} s / {stands:.1f} s")
            self.shown.close(TITLE)
            for _ in range(100):
                if child.poll() is not None:
                    break
                time.sleep(0.1)
            demand(child.poll() == 0, f"did not end when its window was closed: {child.poll()}")
        said = (BUILD / f"deb-{name}.log").read_text("utf-8", "replace").strip()
        demand(not said, f"said: {said[:400]}")

    def repacked(self, version: str) -> str:
        """The same package with another version number, quickly packed; its path inside."""
        place = BUILD / "repack"
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run(["dpkg-deb", "-R", str(self.package), str(place)], check=True)
        control = place / "DEBIAN" / "control"
        control.write_text(control.read_text().replace(f"Version: {self.version}\n", f"Version: {version}\n"))
        source = place / "usr/lib/jobdesk/jobdesk/__init__.py"
        source.write_text(source.read_text().replace(f'"{self.version}"', f'"{version}"'))
        target = self.system.path(f"/root/jobdesk_{version}_amd64.deb")
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(place), str(target)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        shutil.rmtree(place)
        return f"/root/{target.name}"

    def upgrade(self) -> None:
        with self.report.step("upgrade with the program running; the data go on") as step:
            newer = self.repacked(NEXT)
            with self.running("upgrade") as child:
                self.shown.wait_for(TITLE, 60)
                self.shown.settled(40)
                ran = self.system.run("apt-get", "install", "-y", "--no-install-recommends", newer)
                demand(ran.code == 0, ran.said[-800:])
                step.note(
                    f"upgrade {ran.seconds:.1f} s; the open window "
                    f"{'goes on' if child.poll() is None else 'ended'}"
                )
            demand(NEXT in self.jobdesk("--version").out, "the new version does not answer")
            demand(self.answer("--key-file", KEY, "check")["ok"], "check does not hold after the upgrade")
        with self.report.step("an older package is refused") as step:
            ran = self.system.run("apt-get", "install", "-y", self.inside)
            demand(ran.code != 0, "apt put an older version in place of a newer one")
            step.note(next(line for line in ran.said.splitlines() if line.startswith("E:")))

    def full_disk(self) -> None:
        home = self.system.path("/usr/lib/jobdesk")
        with self.report.step("a full disk during an upgrade leaves the old version working") as step:
            newer = self.repacked("0.9.1")
            small = BUILD / "small.img"
            megabytes = sum(p.stat().st_size for p in home.rglob("*") if p.is_file()) // 2**20 + 90
            with small.open("wb") as file:
                file.truncate(megabytes * 2**20)
            subprocess.run(["mkfs.ext4", "-q", "-F", str(small)], check=True)
            other = self.system.path("/mnt")
            subprocess.run(["mount", "-o", "loop", str(small), str(other)], check=True)
            subprocess.run(["cp", "-a", f"{home}/.", str(other)], check=True)
            subprocess.run(["mount", "--move", str(other), str(home)], check=True)
            try:
                ran = self.system.run("apt-get", "install", "-y", newer)
                demand(ran.code != 0, "the disk was not full")
                told = [line for line in ran.said.splitlines() if "space" in line]
                step.note(told[0].strip() if told else ran.said[-200:])
                demand(NEXT in self.jobdesk("--version").out, "the old version does not answer")
                demand(self.answer("--key-file", KEY, "check")["ok"], "check does not hold")
                step.note("the old version answers, the station file holds")
            finally:
                subprocess.run(["umount", str(home)], check=True)
                small.unlink()
            ran = self.system.run("dpkg", "-i", newer)
            demand(ran.code == 0 and "0.9.1" in self.jobdesk("--version").out, ran.said[-400:])

    def repair(self) -> None:
        with self.report.step("a deleted file is found and put back") as step:
            victim = self.system.path("/usr/lib/jobdesk/jobdesk/app.py")
            victim.unlink()
            for old in victim.parent.glob("__pycache__/app.*"):
                old.unlink()
            ran = self.system.run("dpkg", "--verify", "jobdesk")
            demand("app.py" in ran.out, f"dpkg --verify: {ran.said}")
            demand(self.jobdesk("--version").code != 0, "the program ran without app.py")
            again = self.system.run(
                "apt-get", "install", "-y", "--reinstall", "/root/jobdesk_0.9.1_amd64.deb"
            )
            demand(again.code == 0 and self.jobdesk("--version").code == 0, again.said[-400:])
            step.note(f"repaired in {again.seconds:.1f} s")

    def remove(self) -> None:
        station = self.system.path(f"{DATA}/station.jobdesk.db")
        with self.report.step("removal leaves the station file and says where") as step:
            before = station.read_bytes()
            ran = self.system.run("apt-get", "remove", "-y", "jobdesk")
            demand(ran.code == 0, ran.said[-800:])
            self.report.figure("removal", f"{ran.seconds:.1f} s")
            said = [line for line in ran.out.splitlines() if DATA in line]
            demand(said, "removal does not say where the station file is")
            step.note(said[0])
            demand(station.read_bytes() == before, "the station file changed")
            left = list(self.system.path("/usr/lib").glob("jobdesk*"))
            demand(not left, f"left behind: {left}")
            demand(not self.system.path("/usr/bin/jobdesk").exists(), "the command is still there")
        with self.report.step("purge leaves it too"):
            ran = self.system.run("apt-get", "purge", "-y", "jobdesk")
            demand(ran.code == 0 and station.is_file(), ran.said[-400:])


def used(system: System) -> int:
    told = system.run("du", "-sxb", "/usr", "/etc", "/var/lib").out
    return sum(int(line.split()[0]) for line in told.splitlines())


if __name__ == "__main__":
    raise SystemExit(main())
