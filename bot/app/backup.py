"""Backup and restore of a home: an online, consistent and checked copy of the database, and the files."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.app.home import Home, HomeError
from bot.store import Store, schema

DATABASE = "nhacviec.db"
COPIED = ("plan_tasks.yaml", "config")
FOLDERS = ("evidence", "summaries")


def back_up(home: Home, store: Store, target: Path) -> None:
    """Copy everything a home needs into `target`, which must be new or empty, while the bot runs; check the copy."""
    source = _file_of(store)
    _refuse_full(target)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(_opened(source)) as live, closing(sqlite3.connect(target / DATABASE)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one plain file, readable where nothing can be written beside it
    # Files after the database: whatever a row in the copy names is on disk by now.
    for name in COPIED:
        _copy(home.root / name, target / name)
    for name in FOLDERS:
        _copy(home.data / name, target / "data" / name)
    check_copy(target / DATABASE)


def restore(home: Home, source: Path) -> None:
    """Put a backup into an empty home; HomeError where the home holds a database already or the backup is damaged."""
    # A forgotten write-ahead log would be played into the restored database.
    if any((home.data / f"{DATABASE}{ending}").exists() for ending in ("", "-wal", "-shm", "-journal")):
        raise HomeError(f"Thư mục {home.root} đã có dữ liệu; hãy khôi phục vào một thư mục trống.")
    check_copy(source / DATABASE)
    home.make()
    for name in COPIED:
        _copy(source / name, home.root / name)
    for name in FOLDERS:
        _copy(source / "data" / name, home.data / name)
    # The database last: a restore that was cut off leaves no home that looks whole.
    partial = home.data / f"{DATABASE}.partial"
    shutil.copyfile(source / DATABASE, partial)
    partial.replace(home.data / DATABASE)


def check_copy(path: Path) -> None:
    """Open a copied database and read it through; HomeError where it is not sound."""
    if not path.is_file():
        raise HomeError(f"Không có tệp {path}.")
    try:
        with closing(_opened(path)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            versions = [row[0] for row in database.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error:
        sound, versions = False, []
    if not sound or not versions:
        raise HomeError(f"Bản sao {path} bị hỏng hoặc không phải của Nhắc Việc.")
    if versions[0] > schema.HEAD:
        raise HomeError(f"Bản sao {path} do phiên bản mới hơn tạo ra; hãy nâng cấp Nhắc Việc trước.")


def _opened(path: Path) -> sqlite3.Connection:
    # Quoted: a folder may have "#", "?" or "%" in its name.
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)


def _file_of(store: Store) -> Path:
    if store.url.get_backend_name() != "sqlite" or not store.url.database:
        raise HomeError("Dữ liệu nằm trong PostgreSQL; hãy sao lưu bằng pg_dump.")
    return Path(store.url.database)


def _refuse_full(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise HomeError(f"{target} đã có nội dung; hãy chọn một thư mục mới.")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
