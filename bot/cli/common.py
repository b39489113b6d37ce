"""What commands share: the home they work in, printing for people and programs, ending with a sentence."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

from bot.app.home import Home, HomeError
from bot.catalogue import Catalogue, CatalogueError
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.store import Store

P = ParamSpec("P")
T = TypeVar("T")


def home_option(command: Callable[P, T]) -> Callable[P, T]:
    """Let `--home` stand behind a command's name as well as before it."""
    option = click.option(
        "--home", "own_home", type=click.Path(file_okay=False, path_type=Path), default=None, help="Thư mục kế hoạch."
    )
    return option(command)


def home_of(ctx: click.Context, own: Path | None) -> Home:
    """Return the home a command is to work in."""
    # Absolute: paths of pictures and evidence are stored, and the next start may be in another folder.
    return Home((own or ctx.obj).absolute())


def sentences(command: Callable[P, T]) -> Callable[P, T]:
    """Turn what is wrong with a home, a catalogue or a file's place into its sentences and exit code 1."""

    @wraps(command)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except (HomeError, CatalogueError) as error:
            fail(str(error))
        except OSError as error:
            if error.filename is None:  # no file's: something nobody foresaw
                raise
            fail(f"Không đọc hoặc ghi được {error.filename}: {error.strerror}. Hãy kiểm tra đường dẫn và quyền.")

    return call


def fail(sentence: str) -> NoReturn:
    """Say what is wrong on standard error and end with exit code 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


def show_json(value: Any) -> None:
    """Print a value as JSON, letters as they are."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def settings_of(home: Home) -> Settings:
    """Return the settings of a home under this process's environment."""
    from bot.app.opening import environment  # noqa: PLC0415  (as below)

    return load_settings(home.root, environment())


@contextmanager
def opened(home: Home) -> Iterator[tuple[Settings, "Store", Catalogue]]:
    """Open a home for a command: its settings, its database, and the catalogue that counts."""
    # Here, because the database's rooms take half a second, and `check`, `due` and `read` ask it for nothing.
    from bot.app.catalogues import look  # noqa: PLC0415
    from bot.app.opening import open_store  # noqa: PLC0415

    settings = settings_of(home)
    with open_store(home, settings) as store:
        # Only `run` applies a catalogue: a command beside a rehearsal would date it by another clock.
        yield settings, store, look(home, store).catalogue
