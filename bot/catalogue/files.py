"""The three files of a catalogue, from disk to values."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.catalogue.nodes import read_nodes
from bot.catalogue.plans import read_plan
from bot.catalogue.problems import CatalogueError, Notes, Problem
from bot.catalogue.registry import read_registry
from bot.catalogue.syntax import MAX_BYTES
from bot.catalogue.workdays import Workdays, read_workdays
from bot.domain.calendar import Calendar
from bot.domain.plan import Plan

PLAN_FILE = "plan_tasks.yaml"
UNITS_FILE = "config/units.yaml"
CALENDAR_FILE = "config/calendar.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueTexts:
    """The three files byte for byte, and the names by which problems call them."""

    plan: bytes
    units: bytes
    calendar: bytes
    plan_file: str = PLAN_FILE
    units_file: str = UNITS_FILE
    calendar_file: str = CALENDAR_FILE

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the three contents, in hex; names do not count."""
        parts = (self.plan, self.units, self.calendar)
        return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """A plan that passed its check, the calendar it runs on, and the digest of the texts both came from."""

    plan: Plan
    calendar: Calendar
    digest: str


def load_catalogue(home: Path, plan_file: Path | None = None) -> Catalogue:
    """Return the catalogue of a home folder, or of another plan file beside its config.

    Raise CatalogueError with everything that is wrong.
    """
    return parse_catalogue(read_texts(home, plan_file))


def read_texts(home: Path, plan_file: Path | None = None) -> CatalogueTexts:
    """Return the three files as they stand on disk; raise CatalogueError naming each that cannot be read."""
    problems: list[Problem] = []
    plan_name = str(plan_file) if plan_file else PLAN_FILE
    plan = _content(plan_file or home / PLAN_FILE, plan_name, problems)
    units = _content(home / UNITS_FILE, UNITS_FILE, problems)
    calendar = _content(home / CALENDAR_FILE, CALENDAR_FILE, problems)
    if problems:
        raise CatalogueError(problems)
    return CatalogueTexts(plan=plan, units=units, calendar=calendar, plan_file=plan_name)


def load_workdays(home: Path, *, first_year: int, last_year: int) -> Calendar:
    """Return the calendar of these years by a home's own file, or by the public holidays where it has none."""
    if not (home / CALENDAR_FILE).exists():
        return Workdays().calendar(first_year=first_year, last_year=last_year)
    notes, problems = Notes(CALENDAR_FILE), list[Problem]()
    content = _content(home / CALENDAR_FILE, CALENDAR_FILE, problems)
    found = Workdays() if problems else read_workdays(read_nodes(content, notes), notes)
    if problems or notes.found:
        raise CatalogueError(problems or notes.found)
    return found.calendar(first_year=first_year, last_year=last_year)


def parse_catalogue(texts: CatalogueTexts) -> Catalogue:
    """Return the catalogue that three texts say; raise CatalogueError with everything that is wrong in them."""
    plan_notes, units_notes, days_notes = (
        Notes(file) for file in (texts.plan_file, texts.units_file, texts.calendar_file)
    )
    with _collector_at_rest():
        registry = read_registry(read_nodes(texts.units, units_notes), units_notes)
        workdays = read_workdays(read_nodes(texts.calendar, days_notes), days_notes)
        plan = read_plan(read_nodes(texts.plan, plan_notes), plan_notes, registry, whole=not units_notes.found)
    problems = plan_notes.found + units_notes.found + days_notes.found
    if problems or plan is None:
        raise CatalogueError(problems)
    calendar = workdays.calendar(first_year=plan.starts.year, last_year=plan.ends.year + 1)
    return Catalogue(plan=plan, calendar=calendar, digest=texts.digest)


def _content(path: Path, name: str, problems: list[Problem]) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than is allowed is enough to know, whatever the path leads to.
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        sentence = "không có tệp này; hãy tạo tệp hoặc chỉ đúng thư mục bằng --home"
    except (OSError, ValueError):
        sentence = "không đọc được tệp này; hãy kiểm tra quyền đọc và đường dẫn"
    problems.append(Problem(file=name, line=1, column=1, text=sentence))
    return b""


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    # A large plan is many small objects that all stay: walking them again and again would cost more than building them.
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
