"""Backup and restore of a home: an online, consistent and checked copy of the database, and the files."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.app.home import Home, HomeError
from bot.store import Store, copies, schema

DATABASE = "nhacviec.db"
PARTIAL = f"{DATABASE}.partial"  # until all of it is there
COPIED = ("plan_tasks.yaml", "config")
FOLDERS = ("evidence", "summaries")


def back_up(home: Home, store: Store, target: Path) -> None:
    """Copy everything a home needs into `target`, which must be new or empty, while the bot runs; check the copy.

    The database is copied at the schema it has. It gets its name last: a backup that was cut off holds none.
    """
    source = _file_of(store)
    _refuse_full(target)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    copies.copy(source, target / PARTIAL)
    # Files after the database: whatever a row in the copy names is on disk by now.
    for name in COPIED:
        _copy(home.root / name, target / name)
    for name in FOLDERS:
        _copy(home.data / name, target / "data" / name)
    check_copy(target / PARTIAL)
    (target / PARTIAL).replace(target / DATABASE)


def restore(home: Home, source: Path) -> None:
    """Put a backup into an empty home; HomeError where the home holds a database already or the backup is damaged."""
    # A forgotten write-ahead log would be played into the restored database.
    if any((home.data / f"{DATABASE}{ending}").exists() for ending in ("", "-wal", "-shm", "-journal")):
        raise HomeError(f"Thư mục {home.root} đã có dữ liệu; hãy khôi phục vào một thư mục trống.")
    check_copy(source / DATABASE)
    home.make()
    # The database comes first and gets its name last: a restore that was cut off is known by what it left.
    shutil.copyfile(source / DATABASE, home.data / PARTIAL)
    for name in COPIED:
        _copy(source / name, home.root / name)
    for name in FOLDERS:
        _copy(source / "data" / name, home.data / name)
    (home.data / PARTIAL).replace(home.data / DATABASE)


def refuse_half_restored(home: Home) -> None:
    """Raise HomeError where a restore was cut off: a start would begin with an empty database."""
    if (home.data / PARTIAL).exists() and not (home.data / DATABASE).exists():
        raise HomeError(
            f"Lần khôi phục vào {home.root} bị dở dang; hãy chạy lại nhacviec restore với cùng bản sao lưu."
        )


def check_copy(path: Path) -> None:
    """Open a copied database and read it through; HomeError where it is not sound."""
    if not path.is_file():
        raise HomeError(f"Không có tệp {path}.")
    try:
        with closing(copies.reading(path)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            versions = [row[0] for row in database.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error:
        sound, versions = False, []
    if not sound or not versions:
        raise HomeError(f"Bản sao {path} bị hỏng hoặc không phải của Nhắc Việc.")
    if versions[0] not in schema.versions():
        raise HomeError(f"Bản sao {path} do phiên bản mới hơn tạo ra; hãy nâng cấp Nhắc Việc trước.")


def _file_of(store: Store) -> Path:
    if store.url.get_backend_name() != "sqlite" or not store.url.database:
        raise HomeError("Dữ liệu nằm trong PostgreSQL; hãy sao lưu bằng pg_dump.")
    path = Path(store.url.database)
    if not path.is_file():
        raise HomeError(f"Chưa có cơ sở dữ liệu {path}; chưa có gì để sao lưu.")
    return path


def _refuse_full(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise HomeError(f"{target} đã có nội dung; hãy chọn một thư mục mới.")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
