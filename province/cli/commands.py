"""``python -m province COMMAND``: what each takes, and the one transaction it makes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError

from province import backups, enrolling, identity, migrating, orgs, quarantine, register, viewing
from province.adapters.files import FORMS, Files
from province.adapters.outbox import give
from province.bounding import Bound
from province.cli import faults, org_file, registers, showing
from province.cli.registers import Which
from province.config import Config, from_environment
from province.contents import Store, drop_erased, note_all
from province.db.engine import EVERYTHING, Database, open_database
from province.serving import Province
from province.wall import new_id, now_ms

ROLES = ("desk", "county", "carrier", "province")


@dataclass(frozen=True, slots=True)
class Work:
    """What a command works with."""

    config: Config
    db: Database
    args: argparse.Namespace


def main(argv: Sequence[str] | None = None) -> int:
    """0 done; 1 there is no such thing, or it cannot be; 2 misspelt."""
    given = sys.argv[1:] if argv is None else list(argv)
    args = _parser().parse_args(given)
    try:
        config = from_environment()
    except ValueError as bad:
        print(f"没有完成：{bad}", file=sys.stderr)
        return 1
    owner = args.run is _migrate
    url = config.migrates_with if owner else config.database
    try:
        if args.run in (_migrate, _serve):
            return args.run(config, args)
        db = open_database(url)
        try:
            return args.run(Work(config, db, args))
        finally:
            db.engine.dispose()
    except LookupError as missing:
        print(f"没有完成：没有编号为“{missing}”的机构、电脑、保存或备份", file=sys.stderr)
    except OSError as shut:
        print(f"没有完成：文件或文件夹 {shut.filename} 打不开（{type(shut).__name__}）", file=sys.stderr)
    except UnicodeError as bad:
        print(f"没有完成：{faults.no_utf8(bad, given)}", file=sys.stderr)
    except ValueError as bad:
        print(f"没有完成：{bad}", file=sys.stderr)
    except IntegrityError:
        print("没有完成：已经有同名的记录", file=sys.stderr)
    except DatabaseError as closed:
        print(f"没有完成：{faults.told(closed, url, owner)}", file=sys.stderr)
    except ArgumentError:
        name = "OWNER" if owner and config.owner else "DATABASE"
        print(
            f"没有完成：JOBDESK_PROVINCE_{name} 不是数据库地址（sqlite:///… 或 postgresql+psycopg://…）",
            file=sys.stderr,
        )
    except CommandError:
        print(
            "没有完成：数据库的表是较新的程序建的，请安装那一版或更新的程序（表只往前升级）", file=sys.stderr
        )
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m province", description="省级服务器")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[..., int], told: str, *arguments: tuple[str, dict[str, object]]
    ) -> None:
        made = commands.add_parser(name, help=told, description=told)
        made.set_defaults(run=run)
        for flag, settings in arguments:
            made.add_argument(flag, **settings)  # type: ignore[arg-type]

    command("migrate", _migrate, "建立或升级数据库的表，并重新处理新版本程序写的内容")
    command("serve", _serve, "启动服务", ("--workers", {"type": int, "default": 0, "help": "进程数"}))
    command("orgs", _orgs, "机构：从 CSV 导入，或列出", ("file", {"nargs": "?", "type": Path}),
            ("--sample", {"type": Path, "metavar": "REGIONS", "help": "示例机构"}))  # fmt: skip
    command("org", _org, "添加一个机构，或改名", ("id", {}), ("name", {}),
            ("level", {"choices": ("province", "prefecture", "county", "township", "station")}),
            ("--parent", {"help": "不写：已有的机构不变"}), ("--region", {"help": "不写：不变"}))  # fmt: skip
    command("code", _code, "给一台电脑的登记码（一次有效，24 小时）", ("org", {}),
            ("--role", {"choices": ROLES, "default": ""}))  # fmt: skip
    command("devices", _devices, "已注册的电脑", ("org", {"nargs": "?"}))
    command("revoke", _revoke, "撤销一台电脑的登记", ("device", {}), ("why", {}))
    command("quarantine", _quarantine, "未被接收的保存",
            ("do", {"choices": ("list", "release", "discard", "retry"), "nargs": "?", "default": "list"}),
            ("action", {"nargs": "?"}), ("--to", {"help": "没有归属的对象列入哪个服务站"}),
            ("--device", {"default": "", "help": "discard：这台电脑的全部"}))  # fmt: skip
    command("backup", _backup, "备份前登记；已删除的备份注销", ("name", {}),
            ("--dropped", {"action": "store_true"}))  # fmt: skip
    command("safe", _safe, "可恢复的备份，最早的在前")
    command("epoch", _epoch, "恢复备份之后必须执行", ("--erased", {"type": Path, "help": "已清除对象的名册"}),
            ("--none-erased", {"action": "store_true", "help": "确实从未清除过任何对象：名册可以是空的"}),
            ("--revoked", {"type": Path, "help": "已撤销电脑的名册"}))  # fmt: skip
    into: tuple[str, dict[str, object]] = (
        "--to",
        {"type": Path, "metavar": "FILE", "help": "并入这个名册文件：只增不减，写好再替换"},
    )
    command("erased", _erased, "导出已清除对象的名册（编号和清除操作，没有个人信息）", into)
    command("revoked", _revoked, "导出已撤销电脑的名册（只有编号）", into)
    command("export", _export, "把有变化的人员导出为文件", ("folder", {"type": Path}),
            ("--form", {"choices": sorted(FORMS), "default": "csv"}),
            ("--sensitive", {"action": "store_true", "help": "证件号等不掩码，并写出敏感项"}),
            ("--system", {"default": "", "help": "给哪个系统：各系统分别记住给到哪里"}))  # fmt: skip
    command("carried", _carried, "处理 U 盘上的带出文件，把回执写在旁边", ("folder", {"type": Path}))
    command("view", _view, "县级、省级查看页面的一次性链接", ("org", {}), ("--url", {"default": ""}))
    return parser


def _migrate(config: Config, _args: argparse.Namespace) -> int:
    migrating.migrate(config.migrates_with, config.name)
    db = open_database(config.migrates_with)
    with db.reading(EVERYTHING) as con:
        me = identity.identity(con)
    for outcome, count in sorted(quarantine.ask_again(db, me.person_secret, now_ms()).items()):
        print(f"重新处理 {outcome}: {count}")
    note_all(db, Store(Path(config.contents)))
    _drop_contents(db, config)
    db.engine.dispose()
    print(f"数据库已就绪：{me.name}")
    return 0


def _serve(config: Config, args: argparse.Namespace) -> int:
    from province.cli.serving import serve

    return serve(config, args.workers)


def _orgs(work: Work) -> int:
    args = work.args
    with work.db.writing(EVERYTHING) as con:
        if args.sample is not None:
            print(f"新增 {orgs.add(con, orgs.sample(args.sample))} 个机构（示例）")
        elif args.file is not None:
            print(f"新增 {orgs.add(con, org_file.read(args.file))} 个机构")
        else:
            showing.orgs(con)
        showing.too_many_stations(con)
    return 0


def _org(work: Work) -> int:
    a = work.args
    with work.db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org(a.id, a.name, a.level, a.parent, a.region)])
        showing.too_many_stations(con)
    print(f"{a.id} {a.name}")
    return 0


def _code(work: Work) -> int:
    with work.db.writing(EVERYTHING) as con:
        role = work.args.role or orgs.usual_role(con, work.args.org)
        print(enrolling.issue_code(con, work.args.org, role, now_ms()))
    return 0


def _devices(work: Work) -> int:
    with work.db.reading(EVERYTHING) as con:
        showing.devices(con, work.args.org, now_ms())
    return 0


def _revoke(work: Work) -> int:
    device = work.args.device
    with work.db.writing(EVERYTHING) as con:
        before = enrolling.shut_out_ms(con, device)
        if before is None and not enrolling.revoke(con, device, work.args.why, now_ms()):
            raise LookupError(device)
    if before is not None:
        print(f"这台电脑在 {showing.when(before)} 已经撤销，没有改动")
    else:
        print("已撤销登记：此后不能下载，再上传的内容未被接收，留在服务器上等待处理")
    return 0


def _quarantine(work: Work) -> int:
    args = work.args
    if args.do == "list":
        with work.db.reading(EVERYTHING) as con:
            showing.kept(con, work.config.apart)
        return 0
    with work.db.reading(EVERYTHING) as con:
        secret = identity.identity(con).person_secret
    if args.do == "retry":
        for outcome, count in sorted(quarantine.ask_again(work.db, secret, now_ms()).items()):
            print(f"{outcome}: {count}")
        _drop_contents(work.db, work.config)
        return 0
    if args.do == "discard" and args.device:
        with work.db.writing(EVERYTHING) as con:
            print(f"已丢弃 {quarantine.discard_of(con, args.device, now_ms())} 条")
        return 0
    if not args.action:
        raise ValueError("要写明编号（见 quarantine）")
    if args.do == "discard":
        with work.db.writing(EVERYTHING) as con:
            if not quarantine.discard(con, args.action, now_ms()):
                raise LookupError(args.action)
        return 0
    reason = quarantine.release(work.db, args.action, secret, now_ms(), args.to)
    _drop_contents(work.db, work.config)
    print("已列入" if reason is None else f"不能列入：{showing.why(reason.value)}")
    return 0 if reason is None else 1


def _drop_contents(db: Database, config: Config) -> None:
    """What was listed now may have been an erasure."""
    drop_erased(db, Store(Path(config.contents)))


def _backup(work: Work) -> int:
    with work.db.writing(EVERYTHING) as con:
        if not work.args.dropped:
            backups.mark(con, work.args.name, now_ms())
        elif not backups.drop(con, work.args.name, now_ms()):
            raise LookupError(work.args.name)
    return 0


def _safe(work: Work) -> int:
    with work.db.reading(EVERYTHING) as con:
        showing.backups(con)
    return 0


def _epoch(work: Work) -> int:
    args = work.args
    with work.db.writing(EVERYTHING) as con:
        erased = registers.checked(con, args.erased, Which.ERASED) if args.erased is not None else []
        revoked = registers.checked(con, args.revoked, Which.REVOKED) if args.revoked is not None else []
        if not erased and not args.none_erased:
            told = "没有给出已清除对象的名册" if args.erased is None else f"名册 {args.erased} 是空的"
            raise ValueError(
                f"{told}，执行之后已清除的人会重新出现。请用 --erased 给出最新的名册"
                "（province erased --to 写的文件）；确实从未清除过任何人，才加 --none-erased"
            )
        epoch, _ = backups.restored(con, erased, now_ms(), revoked)
        backups.settle(con)
        counted = registers.counted(con, revoked)
    _drop_contents(work.db, work.config)
    print(epoch)
    print(counted, file=sys.stderr)
    return 0


def _erased(work: Work) -> int:
    with work.db.reading(EVERYTHING) as con:
        return _register(work, con, Which.ERASED, register.written(con))


def _revoked(work: Work) -> int:
    with work.db.reading(EVERYTHING) as con:
        return _register(work, con, Which.REVOKED, enrolling.revoked(con))


def _register(work: Work, con: Connection, which: Which, lines: Iterator[str]) -> int:
    """Into its file, or as text."""
    file = work.args.to
    if file is not None:
        there = registers.checked(con, file, which) if file.exists() else []
        print(f"{file}：{registers.keep(file, there, lines, which)} 条")
    else:
        for line in registers.text_of(lines, which):
            print(line)
    return 0


def _export(work: Work) -> int:
    args = work.args
    for batch in give(work.db, Files(args.folder, args.form), args.sensitive, args.system):
        print(f"{batch.stream} {batch.after + 1}–{batch.until}: {len(batch.rows)} 人", flush=True)
    return 0


def _carried(work: Work) -> int:
    from province.cli.sticks import answer_folder

    store, bound = Store(Path(work.config.contents)), Bound(work.config.apart)
    here = Province(work.db, now_ms, new_id, store, bound=bound)
    return answer_folder(here, work.args.folder)


def _view(work: Work) -> int:
    with work.db.writing(EVERYTHING) as con:
        token = viewing.link(con, work.args.org, now_ms())
    base = work.args.url or f"http://{work.config.host}:{work.config.port}"
    print(f"{base.rstrip('/')}/view/in/{token}")
    return 0
