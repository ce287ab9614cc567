"""A ledger of 20,000 × 30: preview beside the bare read, apply beside a script that writes the same."""

from __future__ import annotations

import io
import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks.measure import Result
from benchmarks.station import CLOCK
from jobdesk.cases.codec import canonical, op_hash, payload_hash
from jobdesk.cases.ids import id_source
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.importing.applying import apply
from jobdesk.services.importing.preview import make_preview
from jobdesk.services.importing.read import read_path
from jobdesk.store.cipher import connect
from jobdesk.store.creating import NewStation, create_station
from jobdesk.store.log import Connection, all_ops
from tests.ui.crowd import id_number

ROWS = 20_000
HEAD = (
    "序号 姓名 性别 年龄 文化程度 身份证号 户籍性质 技能特长 就业创业证号 家庭住址 联系电话 失业时间 求职意向 培训意向 "
    "所学专业 毕业院校 毕业时间 民族 政治面貌 婚姻状况 户籍地 社区 备注 期望薪资 求职地区 健康状况 档案存放地 生源地 "
    "备用电话 就业意愿"
).split()  # fmt: skip


def ledger(path: Path) -> None:
    """Invented people, every number and phone its own."""
    from xlsxwriter import Workbook

    rng = random.Random(20)
    book = Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, HEAD)
    for n in range(ROWS):
        born = date(1966, 1, 1) + timedelta(days=n)
        serial = rng.randrange(1000)
        sex = "男" if serial % 2 else "女"
        sheet.write_row(n + 1, 0, [
            n + 1, f"{'赵钱孙李周吴郑王'[n % 8]}{'伟芳娜敏静丽强磊'[n // 8 % 8]}{'军洋勇艳杰娟涛明'[n // 64 % 8]}", sex,
            2026 - born.year, "初中", id_number(born, serial), "城镇", "电焊", f"22{n:014d}", f"南岭社区{n % 99}号楼",
            f"199{n:08d}", "2025.3", "保洁", "家政", "", "", "", "汉族", "群众", "已婚", "南岭社区", "南岭社区", "",
            "3000", "本地市", "健康", "", "", "", "有就业意愿",
        ])  # fmt: skip
    book.close()


def run() -> list[Result]:
    from python_calamine import CalamineWorkbook

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        file = root / "ledger.xlsx"
        ledger(file)
        data = file.read_bytes()
        started = time.perf_counter()
        CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        bare = time.perf_counter() - started

        paths = StationPaths(root / "data")
        ids = id_source(CLOCK)
        station, _, staff = create_station(
            paths, NewStation({"name": "测试站"}, "测试员"), CLOCK, ids, key_file=root / "key"
        )
        desk = Desk(station.file, staff, working_days())
        try:
            started = time.perf_counter()
            preview = make_preview(desk, read_path(file, desk.today))
            looked = time.perf_counter() - started
            started = time.perf_counter()
            apply(desk, preview)
            applied = time.perf_counter() - started
            floor = desk.read(lambda con: _bare_apply(con, root / "floor.db", station.key)).result()
        finally:
            station.close()
    return [
        Result("import preview of 20,000 × 30 (reading included)", looked, "s", bare, "bare calamine read",
               "≤ 3×", looked / bare <= 3),
        Result("import apply of the same", applied, "s", floor,
               "a script that encodes, hashes and inserts the same", "≤ 3×", applied / floor <= 3),
    ]  # fmt: skip


def _bare_apply(con: Connection, path: Path, key: bytes) -> float:
    """Encode, hash and insert the same operations, rows and index entries, and nothing else."""
    ops = [op for _, op in all_ops(con)]
    tables = ("record_row", "case_row")
    rows = {t: con.execute(f"SELECT * FROM {t}").fetchall() for t in tables}
    terms = con.execute("SELECT rowid, terms FROM search").fetchall()
    made = con.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search_%'"
    ).fetchall()
    target = connect(path, key, create=True)
    for (sql,) in made:
        target.execute(sql)
    started = time.perf_counter()
    target.execute("BEGIN IMMEDIATE")
    lines: list[tuple[object, ...]] = []
    for op in ops:
        assert op.payload is not None
        body = canonical(op.payload)
        payload_hash(op.salt, op.payload)
        op_hash(op)
        lines.append((op.op_id, op.replica_id, op.replica_seq, op.stamp.ms, op.stamp.counter, op.actor,
                      op.action_id, op.schema, op.kind.value, op.subject.kind, op.subject.id, op.prev_hash,
                      op.payload_hash, op.salt, body, None))  # fmt: skip
    target.executemany(
        "INSERT INTO op(op_id, replica_id, replica_seq, ms, counter, actor, action_id, schema_version, kind, "
        "subject_kind, subject_id, prev_hash, payload_hash, salt, payload, import_id) "
        f"VALUES ({','.join('?' * 16)})",
        lines,
    )
    for name in tables:
        width = len(rows[name][0])
        target.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * width)})", rows[name])
    target.executemany("INSERT INTO search(rowid, terms) VALUES (?,?)", terms)
    target.execute("COMMIT")
    taken = time.perf_counter() - started
    target.close()
    return taken
