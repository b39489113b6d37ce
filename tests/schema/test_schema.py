"""The schemas know what the reader knows: the shipped files pass, a slip is refused by both, what passes passes in both."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

import bot.catalogue
from bot.app.schemas import SCHEMAS
from bot.catalogue import CatalogueError, parse_catalogue, read_texts
from bot.catalogue.schema_parts import mapping, text
from bot.cli import main
from bot.domain.phrases import EXAMPLES
from bot.settings import SETTINGS, load_settings
from tests.schema.editor import complaints, made, shipped

ROOT = Path(__file__).parent.parent.parent
SHIPPED = shipped(ROOT)
SMALL = read_texts(ROOT / "tests/catalogue/small")
FILES = {"plan_tasks.json": "plan", "units.json": "units", "calendar.json": "calendar"}


def each_schema() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", SCHEMAS)


# The files


@each_schema()
def test_a_schema_is_one(name: str) -> None:
    Draft7Validator.check_schema(made(name))


@each_schema()
def test_the_shipped_file_passes_and_names_its_schema_in_its_first_line(name: str) -> None:
    first = SHIPPED[name].partition("\n")[0]
    beside = "config/schema" if name == "plan_tasks.json" else "schema"

    assert first == f"# yaml-language-server: $schema={beside}/{name}"
    assert complaints(name, SHIPPED[name]) == []


def test_every_setting_of_the_shipped_file_passes_when_it_is_switched_on() -> None:
    content = re.sub(r"^( *)# (\w+: )", r"\1\2", SHIPPED["settings.json"], flags=re.MULTILINE)

    assert sum(content.count(f"{each.name.rpartition('.')[2]}: ") for each in SETTINGS) >= len(SETTINGS)
    assert complaints("settings.json", content) == []


def test_the_written_schemas_are_those_of_the_tables() -> None:
    done = CliRunner().invoke(main, ["--home", str(ROOT), "schema", "--check"])

    assert (done.output, done.exit_code) == ("", 0)


def test_the_examples_of_readme_pass() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n# (\S+)\n(.*?)^```", readme, flags=re.DOTALL | re.MULTILINE)
    named = {f"{Path(file).stem}.json": block for file, block in blocks}

    assert set(named) == set(FILES)
    assert {name: complaints(name, block) for name, block in named.items()} == {name: [] for name in named}


# Keys


def test_every_key_of_the_reader_is_in_the_schema_and_no_other() -> None:
    modules = [import_module(f"bot.catalogue.{each.name}") for each in iter_modules(bot.catalogue.__path__)]
    tuples = [keys for module in modules for name, keys in vars(module).items() if name.endswith("_KEYS")]
    known = {key for keys in tuples if isinstance(keys, tuple) for key in keys}

    assert {key for name in FILES for key in _keys(made(name))} == known


def test_every_setting_is_in_the_schema_with_its_words() -> None:
    top = made("settings.json")["properties"]

    found = {}
    for name, shape in top.items():
        inner = _keys(shape)
        found |= {f"{name}.{key}": value for key, value in inner.items()} if inner else {name: shape}

    assert {name: shape["description"] for name, shape in found.items()} == {each.name: each.about for each in SETTINGS}


def _keys(schema: Any) -> dict[str, Any]:
    """Return every key of every mapping inside a schema, those of conditions left out."""
    found: dict[str, Any] = {}
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            found |= schema["properties"]
        for key, value in schema.items():
            if key not in {"if", "then", "else", "allOf"}:
                found |= _keys(value)
    elif isinstance(schema, list):
        for each in schema:
            found |= _keys(each)
    return found


def test_a_key_that_only_one_of_the_two_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="due"):
        mapping(("id", "due"), {"id": text()})
    with pytest.raises(ValueError, match="size"):
        mapping(("id",), {"id": text(), "size": text()})


@each_schema()
def test_everything_a_person_can_write_is_explained(name: str) -> None:
    silent = [key for key, shape in _keys(made(name)).items() if "description" not in shape]

    # A section of the settings is explained by what stands in it.
    assert [key for key in silent if name != "settings.json" or not _keys(made(name)["properties"][key])] == []


# What one refuses, the other refuses

PLAN_SLIPS = [
    ("unknown key of the file", "plan:\n", "plans: []\nplan:\n"),
    ("unknown key of the head", "  office: snv\n", "  office: snv\n  ofice: snv\n"),
    ("missing key of the head", "  office: snv\n", ""),
    ("blank key of the head", "  office: snv\n", "  office:\n"),
    ("a day that is none", "  starts: 2022-08-24\n", "  starts: mai\n"),
    ("mixed separators", "  starts: 2022-08-24\n", "  starts: 24/8-2022\n"),
    ("a list for a text", "  office: snv\n", "  office: [snv]\n"),
    ("classified", "  office: snv\n", "  office: snv\n  classification: mật\n"),
    ("an unknown roll", "  office: snv\n", "  office: snv\n  roll: later\n"),
    ("an id of two words", "  id: kh1\n", "  id: kh 1\n"),
]
TASK_SLIPS = [
    ("unknown key", "    duetime: x"),
    ("unknown review", "    review: head"),
    ("unknown kind of result", "    result: {kind: tỷ lệ}"),
    ("result without a kind", "    result: {label: báo cáo}"),
    ("unknown key of a result", "    result: {kind: done, lable: x}"),
    ("ratio without its figures", "    result: {kind: ratio, of: x}"),
    ("figures of a ratio elsewhere", "    result: {kind: done, of: x}"),
    ("target of what has no figure", "    result: {kind: link, target: 3}"),
    ("more than all", "    result: {kind: percent, target: 101}"),
    ("a target that is no number", "    result: {kind: count, target: nhiều}"),
    ("neither yes nor no", "    result: {kind: done, required: maybe}"),
    ("text for a mapping", "    result: done"),
    ("pause without a reason", "    pause: {until: 2022-09-15}"),
    ("pause until no day", "    pause: {until: mai, reason: x}"),
    ("mapping for a list", "    partners: {snv: x}"),
    ("a list in a list", "    basis: [[x]]"),
    ("classified task", "    classification: tối mật"),
]
DUE_SLIPS = [
    ("two forms at once", "{date: 2022-09-30, every: month}"),
    ("no form", "{day: 5}"),
    ("unknown key", "{every: month, days: 5}"),
    ("unknown rhythm", "{every: fortnight}"),
    ("day 32", "{every: month, day: 32}"),
    ("day of a week", "{every: week, day: 5}"),
    ("weekday of a month", "{every: month, on: thứ sáu}"),
    ("month of a month", "{every: month, month: 1}"),
    ("fourth month of a quarter", "{every: quarter, month: 4}"),
    ("day of every day", "{every: day, day: 3}"),
    ("no weekday", "{every: week, on: thứ tám}"),
    ("hour that is none", '{date: 2022-09-30, at: "chiều"}'),
    ("not continuous", "{continuous: false, check: month}"),
    ("continuous without a rhythm", "{continuous: true}"),
    ("event without days", "{after: ban hành}"),
    ("event with both", "{after: ban hành, days: 1, working_days: 1}"),
    ("event in two years and a day", "{after: ban hành, days: 731}"),
    ("empty", "[]"),
    ("blank", ""),
    ("a list in a list", "[[2022-09-30]]"),
    ("a nameless event", "{after: '', days: 3}"),
]
HEAD = """
plan: {id: kh1, number: 1/KH-UBND, title: Kế hoạch, issued_by: UBND tỉnh, issued_on: 2022-08-24,
  starts: 2022-08-24, ends: 2024-12-31, office: snv}
tasks:
"""


def spoilt() -> Iterator[Any]:
    plan = SMALL.plan.decode()
    for name, old, new in PLAN_SLIPS:
        yield pytest.param("plan_tasks.json", plan.replace(old, new, 1), plan.count(old) > 0, id=name)
    task = "  - id: T1\n    title: Việc\n    owners: [snv]\n"
    for name, line in TASK_SLIPS:
        yield pytest.param("plan_tasks.json", f"{HEAD}{task}    due: 30/09/2022\n{line}\n", True, id=name)
    for name, due in DUE_SLIPS:
        yield pytest.param("plan_tasks.json", f"{HEAD}{task}    due: {due}\n", True, id=f"due: {name}")
    for key in ("id: T1", "title: Việc", "owners: [snv]"):
        without = task.replace(key, "review: office")
        yield pytest.param("plan_tasks.json", f"{HEAD}{without}    due: 30/09/2022\n", True, id=f"without {key}")
    for name, extra in (
        ("a policy with an unknown key", "policies: {nhe: {remin: [-1d]}}"),
        ("a policy that reminds in weeks", "policies: {nhe: {remind: [-1w]}}"),
        ("a policy of two words", "policies: {rất nhẹ: {remind: [-1d]}}"),
        ("an escalation to nobody", "policies: {nhe: {escalate: [{after: +1d, to: focal}]}}"),
        ("an escalation without a day", "policies: {nhe: {escalate: [{to: head}]}}"),
        ("points without a source", "criteria: {list: [{id: '1', name: x, points: 3}]}"),
        ("criteria without a list", "criteria: {rule: x}"),
        ("a criterion without a name", "criteria: {list: [{id: '1'}]}"),
    ):
        yield pytest.param("plan_tasks.json", f"{extra}\n{HEAD}{task}    due: 30/09/2022\n", True, id=name)
    units = SMALL.units.decode()
    for name, extra in (
        ("a unit without a kind", "  - {id: x, name: X}"),
        ("a unit with an unknown key", "  - {id: x, name: X, kind: huyen, phone: 1}"),
        ("a unit that ends on no day", "  - {id: x, name: X, kind: huyen, valid_to: mai}"),
        ("a unit with an id of letters only Vietnamese has", "  - {id: sở, name: X, kind: huyen}"),
    ):
        yield pytest.param("units.json", units.replace("units:\n", f"units:\n{extra}\n"), True, id=name)
    for name, content in (
        ("no country", "hours: ['07:30-11:30']"),
        ("another country", "country: LA"),
        ("a day off without a source", "country: VN\ndays_off: [{date: 2022-09-02}]"),
        ("a day off on no day", "country: VN\ndays_off: [{date: mai, source: x}]"),
        ("hours that are none", "country: VN\nhours: [sáng]"),
        ("a half day without hours", "country: VN\nhalf_days: [{date: 2022-09-02, source: x}]"),
        ("an unknown key of the calendar", "country: VN\nholidays: []"),
    ):
        yield pytest.param("calendar.json", content, True, id=name)


@pytest.mark.parametrize(("name", "content", "is_spoilt"), list(spoilt()))
def test_a_slip_is_refused_by_the_reader_and_by_the_schema(name: str, content: str, is_spoilt: bool) -> None:
    assert is_spoilt, "there is nothing to spoil"
    with pytest.raises(CatalogueError):
        parse_catalogue(replace(SMALL, **{FILES[name]: content.encode()}))
    assert complaints(name, content) != []


@pytest.mark.parametrize(
    "line",
    [
        "webs: {port: 1}", "web: {prot: 1}", "language: fr", "summary: {at: sáng}", "summary: {on: thứ tám}",
        "files: {max_mb: 30}", "telegram: {token: abc}", "telegram: {api_url: 'ftp://x'}", "web: {port: 70000}",
        "telegram: {webhook_secret: ngắn}", "help: {phone: gọi anh Nam}", "catalogue: {apply: never}",
        "catalogue: {shadow_until: mai}", "web: 8080",
    ],
)  # fmt: skip
def test_a_slip_in_the_settings_is_refused_by_both(line: str, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/settings.yaml").write_text(line, encoding="utf-8")

    with pytest.raises(CatalogueError):
        load_settings(tmp_path, {})
    assert complaints("settings.json", line) != []


# What the reader takes, the schema takes

word = st.sampled_from(
    ["Báo cáo", "Quý IV", "2022", "1.5", "true", "no", '"Kế hoạch: số 1"', "-5 % hồ sơ", "'# 1'", "17:00"]
)
day = st.sampled_from(["2022-09-30", "30/9/2022", "30.09.2022", "2022-9-1", '"30-09-2022"'])
hour = st.sampled_from(["17:00", '"07:30"', "17h", "17h30", "17 giờ"])
yes = st.sampled_from(["true", "TRUE", "có", "Yes", "false", "không"])
on_day = st.sampled_from(["1", "31", "'15'", "last", "last_working"])
weekday = st.sampled_from(["thứ sáu", "Thứ Hai", "friday", "chủ nhật", "THU 6", "thứ  tư"])


@st.composite
def flow(draw: st.DrawFn, needed: dict[str, Any], optional: dict[str, Any] | None = None) -> str:
    kept = {key: draw(value) for key, value in (optional or {}).items() if draw(st.booleans())}
    return (
        "{"
        + ", ".join(f"{key}: {value}" for key, value in ({k: draw(v) for k, v in needed.items()} | kept).items())
        + "}"
    )


shared = {"following": yes, "at": hour, "from": day}
exact = st.one_of(
    flow({"date": day}, {"at": hour}),
    flow({"every": st.just("week")}, {"on": weekday} | shared),
    flow(
        {"every": st.sampled_from(["quarter", "half", "year"])}, {"day": st.just("5"), "month": st.just("3")} | shared
    ),
    flow({"every": st.just("month")}, {"day": on_day} | shared),
    flow({"every": st.just("day")}, {"at": hour, "from": day}),
    flow({"continuous": st.sampled_from(["true", "có"]), "check": st.just("month")}, {"day": on_day} | shared),
)
event = flow({"after": word, "days": st.sampled_from(["20", "-3", "'7'"])}) | flow(
    {"after": word, "working_days": st.just("5")}
)
due = st.one_of(
    st.sampled_from([f'"{each}"' for each in EXAMPLES]), day, exact, event,
    st.lists(exact | day, min_size=1, max_size=3).map(lambda dues: f"[{', '.join(dues)}]"),
)  # fmt: skip
result = st.one_of(
    flow({"kind": st.sampled_from(["done", "document", "link"])}, {"label": word, "required": yes}),
    flow(
        {"kind": st.sampled_from(["percent", "count"])},
        {"target": st.sampled_from(["0", "'99,5'", "100 %", '"12.5"', "100%"])},
    ),
    flow({"kind": st.just("ratio"), "of": word, "over": word}, {"target": st.just("100"), "label": st.just("")}),
)
task = flow(
    {"id": st.just("T1"), "title": word, "owners": st.sampled_from(["snv", "[snv]", "[toan-tinh, snv]"]), "due": due},
    {
        "quote": word, "basis": word | st.just("[1/KH, 2]"), "due_note": word, "result": result, "partners": st.just("[]"),
        "review": st.sampled_from(["office", "none", ""]), "policy": st.sampled_from(["default", ""]),
        "pause": flow({"until": day, "reason": word}), "classification": st.sampled_from(["none", "không", "None"]),
    },
)  # fmt: skip


def problems_of(plan: str) -> list[str]:
    try:
        parse_catalogue(replace(SMALL, plan=plan.encode()))
    except CatalogueError as error:
        return [str(each) for each in error.problems]
    return []


@settings(deadline=None)  # the first one builds the schema
@given(task)
def test_what_the_reader_takes_the_schema_takes(task: str) -> None:
    content = f"{HEAD}  - {task}\n"
    # Which day, which phrase: what only the reader knows. Nothing that a schema could know was drawn.
    only_ours = re.compile(r"nằm ngoài thời gian|nhịp này|không có trong lịch|đứng một mình")

    assert [each for each in problems_of(content) if not only_ours.search(each)] == []
    assert complaints("plan_tasks.json", content) == []


@settings(deadline=None)
@given(st.sampled_from(EXAMPLES))
def test_every_phrase_the_grammar_shows_passes(phrase: str) -> None:
    content = f"{HEAD}  - id: T1\n    title: Việc\n    owners: snv\n    due: {phrase}\n"

    assert complaints("plan_tasks.json", content) == []


# The command


def test_the_command_writes_what_it_then_finds_unchanged(tmp_path: Path) -> None:
    where = ["--home", str(tmp_path)]
    missing = CliRunner().invoke(main, [*where, "schema", "--check"])
    wrote = CliRunner().invoke(main, [*where, "schema"])
    again = CliRunner().invoke(main, [*where, "schema"])
    (tmp_path / "config/schema/units.json").write_text("{}", encoding="utf-8")
    differs = CliRunner().invoke(main, [*where, "schema", "--check"])

    assert [missing.exit_code, wrote.exit_code, again.exit_code, differs.exit_code] == [1, 0, 0, 1]
    assert (wrote.output.count("đã ghi"), again.output.count("không đổi")) == (4, 4)
    assert [Path(line.partition(": ")[0]).name for line in differs.output.splitlines()] == ["units.json"]
    assert json.loads((tmp_path / "config/schema/plan_tasks.json").read_text(encoding="utf-8")) == made(
        "plan_tasks.json"
    )


def test_the_command_writes_elsewhere_when_asked(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--home", str(tmp_path), "schema", "-o", str(tmp_path / "đâu đó")])

    assert done.exit_code == 0
    assert {path.name for path in (tmp_path / "đâu đó").iterdir()} == set(SCHEMAS)
