"""The home folder: where everything of one plan lies, and the lock that keeps a second bot out of it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.catalogue import PLAN_FILE

EVIDENCE = "evidence"  # the folder under the data folder


class HomeError(Exception):
    """The home folder cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folders under one home."""

    root: Path
    data_folder: str = "data"

    @property
    def data(self) -> Path:
        """Everything the bot itself writes."""
        return self.root / self.data_folder

    @property
    def evidence(self) -> Path:
        """Files that prove reports, under names of our own."""
        return self.data / EVIDENCE

    @property
    def summaries(self) -> Path:
        """Pictures and workbooks of published weeks."""
        from bot.jobs.summarise import SUMMARIES  # noqa: PLC0415  (0.4 s of a start; `check` opens no database)

        return self.data / SUMMARIES

    @property
    def spool(self) -> Path:
        """Uploads of the page until they are taken."""
        return self.data / "spool"

    def database_url(self, setting: str) -> str:
        """Return the database's URL: the setting's, or SQLite in the data folder."""
        return setting or f"sqlite:///{(self.data / 'nhacviec.db').resolve()}"

    def is_sole(self, setting: str) -> bool:
        """Say whether the database is the home's own: then the home's lock keeps every other bot out of it."""
        return not setting

    def expect(self) -> None:
        """Raise HomeError where this is no home: neither a plan nor anything the bot has written."""
        if not (self.root / PLAN_FILE).exists() and not self.data.exists():
            raise HomeError(
                f"Thư mục {self.root} không có {PLAN_FILE}; hãy chạy trong thư mục kế hoạch hoặc chỉ đúng bằng --home."
            )

    def make(self) -> None:
        """Create the data folder, readable by its owner only."""
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise HomeError(f"Không tạo được thư mục {self.data}: {error.strerror}.") from error

    @contextmanager
    def locked(self, *, shared: bool = False) -> Iterator[None]:
        """Hold the home for this process; HomeError names the process that has it.

        `shared`: with all others that share it. Replicas on one PostgreSQL may have one home: their lease keeps order.
        """
        self.expect()
        self.make()
        with (self.data / "run.pid").open("a+") as file:
            try:
                fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "?"
                raise HomeError(
                    f"Thư mục {self.root} đang được tiến trình {holder} sử dụng; hãy dừng tiến trình đó trước."
                ) from None
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()))
            file.flush()
            yield
