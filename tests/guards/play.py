"""Runs tests once for each guard, that guard switched off, each time in a process of its own; prints what came of it.

    python -m tests.guards.play < {"<guard>": ["<file>…", "<words>"]}     JSON in, {"<guard>": [<exit code>, "<output>"]} out

What all of them import is imported once, before the first process is split off: that is most of the time.
"""

import io
import json
import os
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout

import pytest

from tests.guards import switched_off
from tests.world import World

assert World  # so the whole bot is imported by now


def play(guard: str, files: str, words: str) -> int:
    """Return pytest's exit code; to be called in a process that ends with it."""
    os.environ["GUARD"] = guard
    quiet = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
    return int(pytest.main([*quiet, "-k", f"({words}) and not postgresql", *files.split()], plugins=[switched_off]))


def apart(guard: str, files: str, words: str) -> tuple[int, str]:
    """Play in a process of its own; return its exit code and what it printed."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        child = os.fork()
        if child == 0:
            out = io.StringIO()
            code = 99
            try:
                with redirect_stdout(out), redirect_stderr(out):
                    code = play(guard, files, words)
            finally:
                said.write(out.getvalue())
                said.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        return os.waitstatus_to_exitcode(status), said.read()


if __name__ == "__main__":
    wanted = json.load(sys.stdin)
    json.dump({guard: apart(guard, *what) for guard, what in wanted.items()}, sys.stdout)
