"""Where pandas lives: its own virtual environment, for the bot has no use for it."""

import subprocess
import sys

from tests.bench.children import ROOT

PINNED = "pandas==2.3.3"
_FOLDER = ROOT / ".venv-bench-pandas"
_READY = _FOLDER / f".{PINNED}"


def python(*, make: bool) -> str | None:
    """Return the Python that has pandas; None where there is none and `make` is False, or it cannot be had."""
    found = str(_FOLDER / "bin" / "python")
    if _READY.exists():
        return found
    if not make:
        return None
    install = [found, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PINNED]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_FOLDER)], check=True)
        subprocess.run(install, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    _READY.touch()
    return found
