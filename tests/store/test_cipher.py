import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from disk_faults import remount_read_only, small_disk

from jobdesk.cases.errors import DamagedFile, DiskFull, FileLocked, ReadOnly, WrongKey
from jobdesk.host.strings import text
from jobdesk.store import cipher
from jobdesk.store.cipher import connect, connect_immutable, translate, translated
from jobdesk.store.integrity import check_pages

KEY = bytes(range(32))


def filled(path: Path, rows: int = 200) -> Path:
    connection = connect(path, KEY, create=True)
    connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO t (b) VALUES (?)", [(b"229901199003071239" * 20,)] * rows)
    connection.execute("COMMIT")
    connection.close()
    return path


def test_settings_of_a_writer(tmp_path: Path) -> None:
    connection = connect(tmp_path / "a.db", KEY, create=True)

    def value(name: str) -> object:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert value("journal_mode") == "wal"
    assert value("synchronous") == 2
    assert value("foreign_keys") == 1
    assert value("secure_delete") == 1
    assert value("temp_store") == 2
    assert value("busy_timeout") == 5000
    assert value("trusted_schema") == 0
    assert value("cell_size_check") == 1
    assert value("cache_size") == -8192
    assert connection.isolation_level is None
    connection.close()


def test_nothing_readable_on_the_disk(tmp_path: Path) -> None:
    connection = connect(tmp_path / "a.db", KEY, create=True)
    connection.execute("CREATE TABLE t (b)")
    connection.execute("INSERT INTO t VALUES ('229901199003071239')")
    for file in tmp_path.iterdir():
        assert b"229901199003071239" not in file.read_bytes()
        assert b"CREATE TABLE" not in file.read_bytes()
    connection.close()
    assert not (tmp_path / "a.db").read_bytes().startswith(cipher.PLAIN_HEADER)


def test_wrong_key_and_silence_on_stderr(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    with pytest.raises(WrongKey):
        connect(path, bytes(32))
    code = "from pathlib import Path; from jobdesk.store.cipher import connect; "
    code += f"connect(Path({str(path)!r}), bytes(32))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "WrongKey" in done.stderr
    assert "ERROR CORE" not in done.stderr
    assert KEY.hex() not in done.stderr


@pytest.mark.parametrize("read_only", [True, False])
def test_a_missing_file_is_not_created_unasked(tmp_path: Path, read_only: bool) -> None:
    with pytest.raises(DamagedFile) as damaged:
        connect(tmp_path / "a.db", KEY, read_only=read_only)
    assert damaged.value.code == "station_missing"
    assert list(tmp_path.iterdir()) == []


def test_plain_file_is_never_opened(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "a.db")
    plain.execute("CREATE TABLE t (a)")
    plain.close()
    with pytest.raises(DamagedFile) as damaged:
        connect(tmp_path / "a.db", KEY)
    assert damaged.value.code == "station_not_encrypted"


@pytest.mark.parametrize("size", [0, 1, 100, 4095, 4096, 8192, 20000])
def test_truncated_file(tmp_path: Path, size: int) -> None:
    path = filled(tmp_path / "a.db")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DamagedFile), translated(path):
        connection = connect(path, KEY)
        try:
            connection.execute("SELECT sum(length(b)) FROM t").fetchone()
        finally:
            connection.close()


def test_flipped_bit_is_never_a_wrong_answer(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    whole = path.read_bytes()
    told, answers = 0, list[object]()
    for at in range(4096 + 7, len(whole), 4096 * 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        connection = connect_immutable(path, KEY)
        try:
            with translated(path):
                answers.append(connection.execute("SELECT sum(length(b)), min(b) FROM t").fetchone())
        except DamagedFile:
            told += 1
        assert not check_pages(connection, path).ok
        connection.close()
    assert told > 5
    assert set(answers) <= {(200 * 360, b"229901199003071239" * 20)}


def test_reader_cannot_write(tmp_path: Path) -> None:
    connection = connect(filled(tmp_path / "a.db"), KEY, read_only=True)
    with pytest.raises(ReadOnly), translated(tmp_path):
        connection.execute("DELETE FROM t")
    connection.close()


def test_second_writer_waits_then_says_busy(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.db")
    one, two = connect(path, KEY), connect(path, KEY)
    two.execute("PRAGMA busy_timeout = 50")
    one.execute("BEGIN IMMEDIATE")
    with pytest.raises(FileLocked), translated(path):
        two.execute("BEGIN IMMEDIATE")
    one.execute("ROLLBACK")
    one.close()
    two.close()


def test_full_disk_keeps_what_was_committed(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "512k") as disk:
        connection = connect(disk / "a.db", KEY, create=True)
        connection.execute("CREATE TABLE t (b BLOB)")
        kept = 0
        with pytest.raises(DiskFull), translated(disk):
            for _ in range(1000):
                connection.execute("INSERT INTO t VALUES (zeroblob(3000))")
                kept += 1
        assert kept > 10
        assert connection.execute("SELECT count(*) FROM t").fetchone()[0] == kept
        connection.close()


@pytest.mark.parametrize(
    ("said", "code"),
    [("disk I/O error", "disk_trouble"), ("database or disk is full", "disk_full")],
)
def test_a_failing_disk_is_not_called_a_full_one(tmp_path: Path, said: str, code: str) -> None:
    trouble = translate(cipher.dbapi2.OperationalError(said), tmp_path / "a.db")
    assert trouble is not None and trouble.code == code
    assert isinstance(trouble, DiskFull) == (code == "disk_full")
    device = translate(OSError(errno.EIO, "dead"), tmp_path / "a.db")
    assert device is not None and device.code == "disk_trouble"
    assert "空间不足" not in text(f"error.{device.code}", path="E:/")


def test_read_only_medium_is_still_read(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "1m") as disk:
        path = filled(disk / "a.db")
        remount_read_only(disk)
        connection = connect(path, KEY, read_only=True)
        assert connection.execute("SELECT count(*) FROM t").fetchone()[0] == 200
        connection.close()
        with pytest.raises(ReadOnly), translated(path):
            connect(path, KEY).execute("INSERT INTO t (b) VALUES (1)")


def test_errors_of_ours_pass_through(tmp_path: Path) -> None:
    connection = connect(filled(tmp_path / "a.db"), KEY)
    with pytest.raises(cipher.dbapi2.OperationalError), translated(tmp_path):
        connection.execute("SELECT nothing FROM nowhere")
    with pytest.raises(cipher.dbapi2.IntegrityError), translated(tmp_path):
        connection.execute("INSERT INTO t (a) VALUES (1)")
    connection.close()


def test_wrapped_errors_are_seen_through() -> None:
    class Wrapped(Exception):
        orig = OSError(errno.EROFS, "")

    assert isinstance(translate(Wrapped(), Path("x")), ReadOnly)
    assert translate(KeyError(), Path("x")) is None


def test_sqlalchemy_is_not_imported() -> None:
    code = "import jobdesk.store.cipher, sys; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_short_key_is_a_bug() -> None:
    with pytest.raises(ValueError, match="32"):
        connect(Path("x"), b"short")


def test_a_name_with_spaces_hash_and_chinese(tmp_path: Path) -> None:
    folder = tmp_path / "就业 #1?%20"
    folder.mkdir()
    filled(folder / "站.db")
    assert (folder / "站.db").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has rights, not modes")
@pytest.mark.parametrize(("umask", "mode"), [(0o007, 0o660), (0o022, 0o644)])
def test_a_group_may_share_the_file_where_the_umask_says_so(tmp_path: Path, umask: int, mode: int) -> None:
    """SQLite alone would always make it 0644: a second account of the station's group could not write."""
    before = os.umask(umask)
    try:
        connection = connect(tmp_path / "s.db", bytes(range(32)), create=True)
        connection.execute("CREATE TABLE t (x)")
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
        connection.close()
    finally:
        os.umask(before)
    assert modes == {"s.db": mode, "s.db-wal": mode, "s.db-shm": mode}
