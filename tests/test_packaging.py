"""What stands around the bot (locks, Makefile, image, compose file, unit) keeps step with it."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bot
from bot.cli import main
from bot.settings import SETTINGS

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
VARIABLES = {name for each in SETTINGS for name in (each.variable, f"{each.variable}_FILE")}

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["postgres"]]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def locked(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Return a lock's entries by canonical name: the pinned requirement and its hashes."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", read(name), flags=re.MULTILINE))
    entries = {}
    for line in joined.splitlines():
        text, *hashes = re.split(r"\s*--hash=", line.strip())
        requirement = Requirement(text)
        entries[canonicalize_name(requirement.name)] = (requirement, hashes)
    return entries


# Dependencies and their locks


@pytest.mark.parametrize("dependency", [*RUNTIME, *DEVELOPMENT])
def test_every_dependency_says_why_it_is_there(dependency: str) -> None:
    lines = [line for line in read("pyproject.toml").splitlines() if f'"{dependency}"' in line]

    assert any(re.search(r'",?\s*# \S.{8,}', line) for line in lines), lines


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_is_exact_and_hashed(lock: str) -> None:
    entries = locked(lock)

    assert len(entries) > len(RUNTIME)
    assert all(re.fullmatch(r"==[^*,]+", str(requirement.specifier)) for requirement, _ in entries.values())
    assert all(
        hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes) for _, hashes in entries.values()
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    assert re.findall(r"https?://|file:|--\w*index|--find-links|--trusted|\s@\s", read(lock)) == []


@pytest.mark.parametrize(
    ("lock", "dependencies"),
    [pytest.param(LOCKS[0], RUNTIME, id="runtime"), pytest.param(LOCKS[1], [*RUNTIME, *DEVELOPMENT], id="development")],
)
def test_the_lock_holds_what_the_project_asks_for(lock: str, dependencies: list[str]) -> None:
    entries = locked(lock)

    for wanted in map(Requirement, dependencies):
        (pin,) = entries[canonicalize_name(wanted.name)][0].specifier
        assert wanted.specifier.contains(pin.version), f"{wanted}: {pin.version} is locked; make lock"


def test_both_locks_hold_the_same_versions() -> None:
    runtime, development = locked(LOCKS[0]), locked(LOCKS[1])

    assert {name: str(entry[0]) for name, entry in runtime.items()} == {
        name: str(development[name][0]) for name in runtime if name in development
    }


def test_the_tests_run_on_the_locked_versions() -> None:
    wanted = {
        name: next(iter(requirement.specifier)).version
        for name, (requirement, _) in locked(LOCKS[1]).items()
        if requirement.marker is None or requirement.marker.evaluate()
    }

    assert {name: metadata.version(name) for name in wanted} == wanted


def test_the_catalogue_is_read_by_libyaml() -> None:
    assert yaml.__with_libyaml__


# The wheel


def test_the_wheel_carries_every_file_of_the_bot(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")

    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())

    files = {path for path in (ROOT / "bot").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {str(path.relative_to(ROOT)) for path in files} - packed == set()
    assert wheel.name.startswith(f"nhacviec-{bot.__version__}-")


def test_the_changelog_knows_this_version() -> None:
    assert re.search(rf"^## .*{re.escape(bot.__version__)}", read("CHANGELOG.md"), flags=re.MULTILINE)


# Makefile and gate


def test_make_alone_shows_every_target() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", read("Makefile"), flags=re.MULTILINE)

    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, env=_own_make(), capture_output=True, text=True, check=True
    ).stdout

    assert re.findall(r"^\.PHONY: (.*)$", read("Makefile"), flags=re.MULTILINE) == [" ".join(targets)]
    assert re.findall(r"^  make (\w+)", shown, flags=re.MULTILINE) == targets


def test_without_a_fitting_python_setup_says_what_to_install(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements-dev.txt"):
        (tmp_path / name).write_text(read(name), encoding="utf-8")

    done = subprocess.run(
        ["make", "setup", "PYTHON=python-of-nowhere"],
        cwd=tmp_path,
        env=_own_make(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "apt-get install python3 python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_gate_can_be_started_and_asks_for_both_checks_and_tests() -> None:
    gate = read(".ci/run")

    subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=True)

    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert "set -euo pipefail" in gate
    assert {"make check", "make test"} <= set(gate.splitlines())


def _own_make() -> dict[str, str]:
    """Return the environment without what an outer make (`make test`) has put into it."""
    return {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}


# Image


def test_the_image_copies_what_exists_and_is_let_in() -> None:
    sources = re.findall(r"^COPY (?!--from)(\S+) ", read("Dockerfile"), flags=re.MULTILINE)
    patterns = [line for line in read(".dockerignore").splitlines() if line and not line.startswith("#")]

    assert sources
    for source in sources:
        assert (ROOT / source).exists()
        assert any(fnmatch(source, pattern[1:]) for pattern in patterns if pattern.startswith("!")), source


def test_the_image_starts_our_command() -> None:
    dockerfile = read("Dockerfile")
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", dockerfile, flags=re.MULTILINE)
    (command,) = re.findall(r"^CMD (.*)$", dockerfile, flags=re.MULTILINE)

    assert yaml.safe_load(entry) == ["nhacviec"]
    _assert_is_a_command(yaml.safe_load(command))
    assert PROJECT["project"]["scripts"] == {"nhacviec": "bot.cli:main"}  # which the image's own script calls
    assert "from bot.cli import main" in dockerfile
    assert set(re.findall(r"BOT_\w+", dockerfile)) <= VARIABLES


def test_the_image_is_watched_where_the_bot_answers() -> None:
    dockerfile = read("Dockerfile")

    assert "/healthz" in dockerfile
    assert "USER 10001" in dockerfile


# Compose file


def test_the_compose_file_names_settings_and_files_that_exist() -> None:
    compose = yaml.safe_load(read("compose.yaml"))
    service = compose["services"]["bot"]
    mounted = [volume.split(":")[0] for volume in service["volumes"]]

    assert set(service["environment"]) <= VARIABLES
    assert all(name.startswith("BOT_") for name in service["environment"])
    assert service["image"] == f"nhacviec:{bot.__version__}"
    assert all((ROOT / name).exists() for name in mounted if name.startswith("./"))
    assert {name for name in mounted if not name.startswith("./")} <= set(compose["volumes"])
    assert set(service["secrets"]) <= set(compose["secrets"])
    assert set(service["depends_on"]) <= set(compose["services"])


def test_the_compose_file_publishes_the_page_on_this_machine_only() -> None:
    compose = yaml.safe_load(read("compose.yaml"))

    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


# Unit


def test_the_unit_starts_our_command_and_gives_known_settings() -> None:
    unit = read("deploy/nhacviec.service")
    program, *words = shlex.split(_directive(unit, "ExecStart"))
    variables = set(re.findall(r"(BOT_\w+)=", unit))

    assert program == "/opt/nhacviec/.venv/bin/nhacviec"  # where `make -C /opt/nhacviec setup` puts it
    _assert_is_a_command(words)
    assert variables <= VARIABLES
    assert _directive(unit, "Type") == "exec"
    credential = _directive(unit, "LoadCredential").partition(":")[0]
    assert f"BOT_TELEGRAM__TOKEN_FILE=%d/{credential}" in unit


def _directive(unit: str, name: str) -> str:
    (value,) = re.findall(rf"^{name}=(.*)$", unit, flags=re.MULTILINE)
    return str(value)


def _assert_is_a_command(words: list[str]) -> None:
    """Hold a command line against the real command line of the bot."""
    name, *rest = words
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert {word for word in rest if word.startswith("--")} <= {
        option for each in command.params for option in each.opts
    }
