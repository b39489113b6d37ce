"""README and docs name what exists, and everything that exists is named there."""

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest

import bot.catalogue
from bot.catalogue import CatalogueTexts, parse_catalogue
from bot.catalogue.results import ResultKind
from bot.cli import main
from bot.conversation.hear import _COMMANDS as IN_PRIVATE
from bot.domain.plan import Role
from bot.domain.standing import CHOICES, Standing
from bot.settings import SETTINGS
from bot.texts import say
from bot.texts.people import COMMANDS as MENUS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
README = TEXTS["README.md"]
VIETNAMESE = "\n".join(text for name, text in TEXTS.items() if name != "README.md")
OPERATED = {"compose.yaml": (ROOT / "compose.yaml").read_text(encoding="utf-8")}  # its comments show commands
IN_CHAT = {*IN_PRIVATE, "/huy", "/dangky", "/huydangky"}
PROMISES = 25


def each_page() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", TEXTS)


def section(title: str) -> str:
    """Return what stands in README under a heading, down to the next of its level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, flags=re.DOTALL | re.MULTILINE)
    assert found, f"README has no section «{title}»"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """Return the rows of a table without its head, a list of cells each."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def codes(text: str) -> set[str]:
    """Return what stands between single backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def command(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None, f"there is no command «{name}»"
    return found


def options(name: str) -> set[str]:
    """Return the options of a command that are its own."""
    found = {each for param in command(name).params if isinstance(param, click.Option) for each in _spelled(param)}
    return found - {"--home"}


def _spelled(option: click.Option) -> Iterator[str]:
    yield from option.opts
    yield from option.secondary_opts


# Commands


def test_the_table_of_commands_is_the_command_line() -> None:
    named = {}
    for shown, does, its_options in rows(section("Commands")):
        found = re.match(r"`nhacviec (\w+)(?: .*)?`$", shown)
        assert found, shown
        assert does, shown
        named[found[1]] = codes(its_options)

    assert named == {name: options(name) for name in main.list_commands(click.Context(main))}


@pytest.mark.parametrize("page", [*TEXTS, *OPERATED])
def test_a_command_that_is_shown_exists_with_its_options(page: str) -> None:
    shown = re.findall(r"nhacviec(?: --home \S+)? ([a-z]+[^`\n]*)", {**TEXTS, **OPERATED}[page])

    for line in shown:
        name, *words = line.split()
        assert name in main.list_commands(click.Context(main)), line
        given = {word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)}
        assert given <= options(name) | {"--home"}, line


def test_every_command_of_the_chat_is_in_readme_and_no_other() -> None:
    paragraph = re.search(r"^In the chat:.*?\n\n", section("Commands"), flags=re.DOTALL | re.MULTILINE)

    assert paragraph
    assert {each for each in codes(paragraph[0]) if each.startswith("/")} == IN_CHAT


def test_every_command_of_a_menu_is_explained_in_vietnamese() -> None:
    menus = {f"/{name}" for names in MENUS.values() for name in names}

    assert menus <= IN_CHAT
    assert [name for name in sorted(menus) if f"`{name}`" not in VIETNAMESE] == []


# Settings


def test_the_table_of_settings_is_the_table_of_the_code() -> None:
    shown = [tuple(cell.strip("`") for cell in cells[:3]) for cells in rows(section("Settings"))]

    assert shown == [(each.name, each.variable, each.default or "(empty)") for each in SETTINGS]
    assert all(cells[3] for cells in rows(section("Settings")))


@each_page()
def test_a_variable_that_is_named_exists(page: str) -> None:
    known = {name for each in SETTINGS for name in (each.variable, f"{each.variable}_FILE")} | {"BOT_"}

    assert set(re.findall(r"\bBOT_\w*", TEXTS[page])) <= known


@each_page()
def test_a_setting_that_is_named_exists(page: str) -> None:
    sections = {each.name.partition(".")[0] for each in SETTINGS if "." in each.name}
    dotted = {each for each in codes(TEXTS[page]) if re.fullmatch(r"[a-z]+\.[a-z_]+", each)}

    assert {each for each in dotted if each.partition(".")[0] in sections} <= {each.name for each in SETTINGS}


# YAML


def yaml_blocks(text: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def keys_of_the_catalogue() -> set[str]:
    """Return every key that the catalogue's rooms know; they keep them in tuples called …_KEYS."""
    modules = [import_module(f"bot.catalogue.{each.name}") for each in iter_modules(bot.catalogue.__path__)]
    return {
        key
        for module in modules
        for name, keys in vars(module).items()
        if name.endswith("_KEYS") and isinstance(keys, tuple)
        for key in keys
    }


def test_the_yaml_by_example_passes_its_check_and_uses_every_key() -> None:
    plan, units, calendar = yaml_blocks(section("The YAML by example"))
    names = set(re.findall(r"(?:^ *(?:- )?|[{,] ?)\"?([\w-]+)\"?:(?= |$)", plan + units + calendar, flags=re.MULTILINE))

    catalogue = parse_catalogue(
        CatalogueTexts(plan=plan.encode(), units=units.encode(), calendar=calendar.encode(), plan_file="README.md")
    )

    assert keys_of_the_catalogue() - names == set()
    assert names - keys_of_the_catalogue() == set(catalogue.plan.policies) | {"toan-tinh"}


def test_the_yaml_of_the_page_for_admins_passes_its_check() -> None:
    _, units, calendar = yaml_blocks(section("The YAML by example"))
    head = yaml_blocks(section("The YAML by example"))[0].partition("criteria:")[0]
    (tasks,) = yaml_blocks(TEXTS["docs/quan-tri.md"])
    shipped = (ROOT / "config/units.yaml").read_bytes()

    catalogue = parse_catalogue(CatalogueTexts(plan=(head + tasks).encode(), units=shipped, calendar=calendar.encode()))

    assert len(catalogue.plan.tasks) == 2
    assert units


def test_every_kind_of_result_is_explained_in_both_languages() -> None:
    kinds = {str(kind) for kind in ResultKind}

    assert kinds <= codes(section("The YAML by example"))
    assert kinds <= codes(TEXTS["docs/quan-tri.md"])


# Make


@each_page()
def test_a_make_target_that_is_named_exists(page: str) -> None:
    assert set(re.findall(r"(?:`|^ +|\$ )make ([a-z]+)", TEXTS[page], flags=re.MULTILINE)) <= targets()


def test_every_make_target_is_in_readme() -> None:
    assert targets() == set(re.findall(r"`make ([a-z]+)`", section("Two commands")))


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))


# Promises


def test_every_promise_has_its_line_and_its_tests() -> None:
    promised = re.findall(r"^(\d+)\. (.+)\n   (.+)$", section("Promises"), flags=re.MULTILINE)

    assert [int(number) for number, _, _ in promised] == list(range(1, PROMISES + 1))
    for _, sentence, tests in promised:
        paths = re.findall(r"\]\((tests/\S+)\)", tests)
        assert sentence.endswith("."), sentence
        assert paths, sentence
        assert all(
            re.search(r"^(?:async )?def test_", (ROOT / path).read_text(encoding="utf-8"), re.M) for path in paths
        )


def test_what_is_not_promised_and_what_is_not_there_yet_is_said() -> None:
    assert "**Not promised**" in section("Promises")
    assert "### Not yet" in section("Promises")


# Words


def test_the_glossary_has_every_role_answer_and_standing_in_the_words_of_the_bot() -> None:
    words = section("Glossary")
    said = (
        [f"role.{each}" for each in Role]
        + [f"answer.{each}" for each in CHOICES]
        + [f"standing.{each}" for each in Standing]
    )

    assert [key for key in said if say("vi", key) not in words] == []
    assert [str(role) for role in Role if str(role) not in section("Who may what")] == []


@pytest.mark.parametrize("role", Role)
def test_every_role_is_explained_to_admins(role: Role) -> None:
    assert any(cells[:2] == [f"`{role}`", say("vi", f"role.{role}")] for cells in rows(TEXTS["docs/quan-tri.md"]))


# The map


def test_the_map_has_every_room_with_its_modules() -> None:
    shown = {cells[0].strip("`"): sorted(codes(cells[2])) for cells in rows(section("The map of the rooms"))}

    assert shown == {room: modules for room, modules in rooms() if modules}


def rooms() -> Iterator[tuple[str, list[str]]]:
    folders = [
        ROOT / "bot",
        *(each.parent for each in (ROOT / "bot").rglob("__init__.py") if each.parent != ROOT / "bot"),
    ]
    for folder in folders:
        if "migrations" not in folder.parts:
            found = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
            yield folder.relative_to(ROOT).as_posix(), found


def test_the_floors_stand_in_the_order_that_is_guarded() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [each["layers"] for each in contracts if each["type"] == "layers"]
    guarded = [re.findall(r"\w+", layer) for layer in layers]
    house = re.findall(r"^    \d  (.*?)(?:   .*)?$", section("The map of the rooms"), flags=re.MULTILINE)
    shown = [re.findall(r"\w+", floor) for line in house for floor in re.split(r" over |│", line)]

    assert [room for floor in shown for room in floor] == [room for floor in _split_first(guarded) for room in floor]


def _split_first(layers: list[list[str]]) -> list[list[str]]:
    """Return the layers with `__main__` and `cli` on one floor, as README draws them."""
    return [layers[0] + layers[1], *layers[2:]]


# Links and places


@each_page()
def test_every_link_leads_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", TEXTS[page]):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page}: {link}"


def anchors(text: str) -> set[str]:
    """Return the anchors that a page's headings make."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page()
def test_a_file_of_ours_that_is_named_exists(page: str) -> None:
    ours = re.compile(r"(?:bot|config|deploy|docs|tests)/[\w./-]+|[\w-]+\.(?:yaml|toml)")
    named = {each for each in codes(TEXTS[page]) if ours.fullmatch(each)}

    assert [each for each in sorted(named) if not (ROOT / each).exists()] == []


@each_page()
def test_no_page_knows_the_machine_it_was_written_on(page: str) -> None:
    assert re.findall(r"(?<![\w.])/(?:work|root|home|tmp|Users|mnt)\b\S*", TEXTS[page]) == []
    assert re.findall(r"https?://\S*(?:pypi|proxy|mirror|index)\S*", TEXTS[page]) == []
