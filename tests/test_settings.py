"""Settings: one table, read from the file and the environment; what is wrong is named with its place."""

import re
from datetime import time
from pathlib import Path

import pytest

from bot.catalogue import CatalogueError
from bot.settings import SETTINGS, SETTINGS_FILE, Setting, Settings, load_settings

ROOT = Path(__file__).parent.parent
SHIPPED = (ROOT / SETTINGS_FILE).read_text(encoding="utf-8")
TOKEN = "5610:AAFakeTokenForTestsOnly_0123456789abcdef"
SECRET = "khoa_cua_webhook-2022"
FILLED = {
    "telegram.token": TOKEN,
    "telegram.webhook_secret": SECRET,
    "zalo.token": TOKEN,
    "zalo.webhook_secret": SECRET,
    "help.name": "Trần Thị Mai, Sở Nội vụ",
    "help.phone": "0235 3852 000",
    "audit.ping_url": "https://giam-sat.example/ping/abc",
    "telegram.webhook_url": "",
    "zalo.webhook_url": "",
}
A_LINE = re.compile(r'^( *)# ([a-z_]+): (".*?"|[^#]*?) +# (.+)$')


def each_setting() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("setting", SETTINGS, ids=[setting.name for setting in SETTINGS])


def home(folder: Path, text: str | None) -> Path:
    """Return a home with this settings file, or with none."""
    if text is not None:
        (folder / "config").mkdir(parents=True)
        (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return folder


def value(settings: Settings, setting: Setting) -> object:
    return getattr(settings, setting.name.replace(".", "_"))


def problems(folder: Path, text: str | None = None, **environment: str) -> list[str]:
    """Return what is refused, as it is shown."""
    with pytest.raises(CatalogueError) as refused:
        load_settings(home(folder, text), environment)
    return [str(problem) for problem in refused.value.problems]


# Where a value comes from


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="no file"),
        pytest.param("", id="an empty file"),
        pytest.param("# language: vi\n\n# web:\n", id="nothing but comments"),
        pytest.param("\ufeff  # language: vi\r\n", id="comments as Windows writes them"),
        pytest.param("telegram:\n  # token: x\nweb:\n", id="sections without a key"),
        pytest.param("{}", id="an empty mapping"),
        pytest.param(SHIPPED, id="the shipped file"),
    ],
)
def test_what_says_nothing_means_every_default(tmp_path: Path, text: str | None) -> None:
    settings = load_settings(home(tmp_path, text), {})

    assert [value(settings, each) for each in SETTINGS] == [each.read(each.default) for each in SETTINGS]


def test_the_file_is_read_by_the_same_rules_as_the_environment(tmp_path: Path) -> None:
    text = (
        'log_level: warning\nsummary: {on: thứ 2, at: "09:30", as_of: 8h}\nweb: {port: 0, names: "nhac.vn, khac.vn"}\n'
    )

    settings = load_settings(home(tmp_path, text), {})

    assert settings.log_level == "warning"
    assert (settings.summary_on, settings.summary_at, settings.summary_as_of) == (0, time(9, 30), time(8))
    assert (settings.web_port, settings.web_names) == (0, ("nhac.vn", "khac.vn"))


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    settings = load_settings(home(tmp_path, "web: {host: 10.0.0.1, port: 9000}"), {"BOT_WEB__PORT": " 9100 "})

    assert (settings.web_host, settings.web_port) == ("10.0.0.1", 9100)


def test_an_empty_variable_is_one_that_is_not_set(tmp_path: Path) -> None:
    # A compose file passes BOT_DATABASE_URL="" on where nobody set it: that must not throw the file's database away.
    text = "database_url: postgresql+psycopg://db/nhacviec\nlanguage: vi"

    settings = load_settings(
        home(tmp_path, text), {"BOT_DATABASE_URL": "", "BOT_LANGUAGE": " ", "BOT_WEB__PORT_FILE": ""}
    )

    assert settings.database_url == "postgresql+psycopg://db/nhacviec"


@each_setting()
def test_every_setting_may_stand_in_a_file_of_its_own(tmp_path: Path, setting: Setting) -> None:
    given = FILLED.get(setting.name, setting.default)
    file = tmp_path / "only-this"
    file.write_text(f"{given}\n", encoding="utf-8")

    settings = load_settings(tmp_path, {f"{setting.variable}_FILE": str(file)})

    assert value(settings, setting) == setting.read(given)


def test_a_variable_goes_before_its_file(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"BOT_WEB__PORT": "1", "BOT_WEB__PORT_FILE": str(tmp_path / "missing")})

    assert settings.web_port == 1


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    # The compose file's way of running without Telegram: an empty secret.
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    empty = str(tmp_path / "empty")

    settings = load_settings(tmp_path, {"BOT_TELEGRAM__TOKEN_FILE": empty, "BOT_WEB__PORT_FILE": empty})

    assert (settings.telegram_token, settings.web_port) == ("", 8080)


@each_setting()
def test_a_variable_is_the_name_in_capitals(setting: Setting) -> None:
    assert setting.variable.startswith("BOT_")
    assert setting.variable.removeprefix("BOT_").lower().replace("__", ".") == setting.name


# What is refused


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        pytest.param("language", "fr", "«fr» phải là một trong: vi", id="a language we do not speak"),
        pytest.param("web.port", "65536", "«65536» phải là số cổng từ 0 đến 65535", id="just past the last port"),
        pytest.param("web.port", "-1", "«-1» phải là số cổng", id="a negative port"),
        pytest.param("web.port", "８０", "phải là số cổng", id="digits of another script"),
        pytest.param("telegram.per_second", "31", "từ 1 đến 30", id="faster than Telegram lets anyone"),
        pytest.param(
            "telegram.api_url", "api.telegram.org", "phải bắt đầu bằng https://", id="an address without a scheme"
        ),
        pytest.param("telegram.token", "AAFake", "không đúng dạng 123456789:ABC…", id="half a token"),
        pytest.param("telegram.webhook_secret", "k" * 15, "16 đến 256 ký tự", id="a secret one short"),
        pytest.param(
            "telegram.webhook_secret", "khóa bí mật dài lắm", "16 đến 256 ký tự", id="a secret Telegram refuses"
        ),
        pytest.param("summary.on", "thứ chín", "«thứ chín» không phải thứ trong tuần", id="no day of the week"),
        pytest.param("summary.at", "25:00", "giờ từ 00:00 đến 23:59", id="no hour of a day"),
        pytest.param("office.gather_minutes", "481", "từ 0 đến 480", id="longer than a working day"),
        pytest.param("invites.days", "0", "từ 1 đến 60", id="a code that is never good"),
        pytest.param("files.max_mb", "21", "từ 1 đến 20", id="more than Telegram lets a bot fetch"),
    ],
)
def test_a_bad_value_is_named_with_its_place_in_file_and_environment(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    section, _, key = name.rpartition(".")
    setting = next(each for each in SETTINGS if each.name == name)
    (in_file,) = problems(tmp_path, f'{section}:\n  {key}: "{text}"\n' if section else f'{key}: "{text}"\n')
    (in_environment,) = problems(tmp_path / "other", **{setting.variable: text})

    assert in_file.startswith(f"config/settings.yaml:{2 if section else 1}:")
    assert in_environment.startswith(setting.variable)
    assert sentence in in_file
    assert sentence in in_environment


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        pytest.param("lenguage: vi", "1:1", "«lenguage» không được biết đến; có phải «language»?", id="an unknown key"),
        pytest.param("web:\n  prot: 1", "2:3", "web: khóa «prot» không được biết đến; có phải «port»?", id="one below"),
        pytest.param("language: vi\nlanguage: vi", "2:1", "language", id="a key twice"),
        pytest.param("- language", "1:1", "khóa: giá trị", id="a list"),
        pytest.param(
            "web: 8080", "1:6", "web: chỗ này phải gồm các dòng «khóa: giá trị»", id="a section that is a value"
        ),
        pytest.param("web: {port: [1]}", "1:", "«port» phải là một giá trị", id="a value that is a list"),
        pytest.param("web: {port: 1", "1:6", "ngoặc", id="a bracket left open"),
    ],
)
def test_a_slip_in_the_file_is_named_with_its_line_and_column(
    tmp_path: Path, text: str, place: str, sentence: str
) -> None:
    found = problems(tmp_path, text)

    assert any(each.startswith(f"config/settings.yaml:{place}") and sentence in each for each in found), found


def test_an_unknown_variable_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, BOT_TELEGRAM__TOKN="x", PATH="/usr/bin")

    assert "BOT_TELEGRAM__TOKN" in found
    assert "không được biết đến; có phải «BOT_TELEGRAM__TOKEN»?" in found


def test_a_secret_file_that_cannot_be_read_is_refused_by_its_variable(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, BOT_TELEGRAM__TOKEN_FILE=str(tmp_path / "missing"))

    assert found.startswith("BOT_TELEGRAM__TOKEN_FILE")
    assert "không đọc được" in found


def test_a_settings_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).mkdir(parents=True)

    with pytest.raises(CatalogueError, match="không đọc được tệp này"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("in_file", [True, False])
def test_a_web_hook_without_its_secret_is_refused(tmp_path: Path, in_file: bool) -> None:
    url = "https://nhac.example/telegram/webhook"
    text = f"telegram: {{webhook_url: '{url}'}}" if in_file else None
    environment = {} if in_file else {"BOT_TELEGRAM__WEBHOOK_URL": url}

    (found,) = problems(tmp_path, text, **environment)

    assert "phải có telegram.webhook_secret" in found
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    whole = {**environment, "BOT_TELEGRAM__WEBHOOK_SECRET_FILE": str(tmp_path / "secret")}
    assert load_settings(tmp_path, whole).telegram_webhook_secret == SECRET


def test_everything_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "web: {port: x, prot: 1}\nlog_level: loud", BOT_SUMMARY__AT="noon", BOT_OFFICE="1")

    assert len(found) == 5


# Secrets


def test_secrets_do_not_print(tmp_path: Path) -> None:
    environment = {
        "BOT_TELEGRAM__TOKEN": TOKEN,
        "BOT_TELEGRAM__WEBHOOK_SECRET": SECRET,
        "BOT_DATABASE_URL": "postgresql+psycopg://bot:mat-khau@db/nhacviec",
    }

    printed = repr(load_settings(tmp_path, environment))

    assert not any(secret in printed for secret in (TOKEN, SECRET, "mat-khau"))


@pytest.mark.parametrize("name", ["telegram.token", "telegram.webhook_secret"])
def test_a_secret_with_a_slip_in_it_is_not_repeated(tmp_path: Path, name: str) -> None:
    section, _, key = name.partition(".")
    setting = next(each for each in SETTINGS if each.name == name)
    slip = "bí mật !" + TOKEN

    found = problems(tmp_path, f'{section}:\n  {key}: "{slip}"', **{setting.variable: slip})
    found += problems(tmp_path / "other", f'{section}:\n  {key}: "{slip}"')

    assert found
    assert not any(TOKEN in each for each in found)


# The shipped file


def test_the_shipped_file_shows_every_setting_with_its_default_and_what_it_is_for() -> None:
    section, shown = "", []
    for line in SHIPPED.splitlines():
        if header := re.fullmatch(r"([a-z_]+):", line):
            section = f"{header[1]}."
        elif found := A_LINE.match(line):
            indent, key, default, about = found.groups()
            shown.append((f"{section if indent else ''}{key}", default.strip('"'), about))

    assert shown == [(each.name, each.default, each.about) for each in SETTINGS]


def test_the_shipped_file_with_every_line_switched_on_still_says_the_defaults(tmp_path: Path) -> None:
    text = re.sub(r"^( *)# ([a-z_]+: )", r"\1\2", SHIPPED, flags=re.MULTILINE)

    settings = load_settings(home(tmp_path, text), {})

    assert text != SHIPPED
    assert settings == load_settings(tmp_path / "none", {})


def test_the_shipped_file_opens_with_its_own_manual() -> None:
    manual = SHIPPED.partition("\n\n")[0].splitlines()

    assert 5 <= len(manual) <= 9
    assert all(line.startswith("#") for line in manual)
