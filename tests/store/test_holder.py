import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jobdesk.cases.errors import FileLocked
from jobdesk.store.holder import Holder, hold, this_process, who_holds

ME = Holder(os.getpid(), "user", "pc", 1_795_000_000_000, "就业帮扶工作台")

OTHER = """
import sys, time
from pathlib import Path
from jobdesk.store.holder import hold, this_process
held = hold(Path(sys.argv[1]), this_process(5, "other window"))
print("held", flush=True)
time.sleep(60)
"""


def other_process(lock: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", OTHER, str(lock)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_one_holder_and_who_it_is(tmp_path: Path) -> None:
    lock = tmp_path / "station.lock"
    assert who_holds(lock) is None
    with hold(lock, ME):
        assert who_holds(lock) == ME
        with pytest.raises(FileLocked) as locked:
            hold(lock, ME)
        assert locked.value.params["holder"] == ME
    assert who_holds(lock) is None
    hold(lock, ME).release()


def test_releasing_twice(tmp_path: Path) -> None:
    held = hold(tmp_path / "l", ME)
    held.release()
    with hold(tmp_path / "l", ME):
        held.release()
        assert who_holds(tmp_path / "l") == ME


def test_another_process_and_its_kill(tmp_path: Path) -> None:
    lock = tmp_path / "station.lock"
    with other_process(lock) as process:
        with pytest.raises(FileLocked) as locked:
            hold(lock, ME)
        holder = locked.value.params["holder"]
        assert isinstance(holder, Holder)
        assert (holder.pid, holder.title, holder.since_ms) == (process.pid, "other window", 5)
        assert str(process.pid) in str(locked.value.params["holder"])
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert b"other window" in lock.read_bytes()
    assert who_holds(lock) is None, "what a killed process left written holds nothing"
    with hold(lock, ME):
        assert who_holds(lock) == ME


def test_asking_never_refuses_a_start(tmp_path: Path) -> None:
    lock = tmp_path / "l"
    hold(lock, ME).release()
    for _ in range(200):
        who_holds(lock)
    hold(lock, ME).release()


def test_garbage_in_the_lock_file(tmp_path: Path) -> None:
    lock = tmp_path / "l"
    lock.write_bytes(b"\xff{garbage")
    with hold(lock, ME):
        assert who_holds(lock) == ME


def test_this_process_names_itself() -> None:
    assert this_process(7, "t").pid == os.getpid()
