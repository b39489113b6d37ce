"""The door: every command of `nhacviec`. Messages to the operator are Vietnamese; `--json` is for programs."""

from pathlib import Path

import click

from bot import __version__
from bot.app.collector import search_seldom


class Lazy(click.Group):
    """Commands whose rooms are imported when they are called: `--help` and `check` start at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name."""
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        from importlib import import_module  # noqa: PLC0415

        search_seldom()  # before the imports, which make many objects that stay
        command: click.Command = getattr(import_module(f"bot.cli.{_COMMANDS[cmd_name]}"), f"{cmd_name}_command")
        return command


_COMMANDS = {
    "demo": "demonstrating",
    "run": "running",
    "check": "checking",
    "diff": "changing",
    "apply": "changing",
    "history": "changing",
    "show": "changing",
    "rollback": "changing",
    "schema": "getting_in",
    "import": "getting_in",
    "due": "reckoning",
    "event": "reckoning",
    "read": "checking",
    "invite": "inviting",
    "people": "inviting",
    "revoke": "inviting",
    "summary": "showing",
    "export": "showing",
    "callsheet": "calling",
    "explain": "showing",
    "forecast": "forecasting",
    "doctor": "keeping",
    "migrate": "keeping",
    "backup": "keeping",
    "restore": "keeping",
}


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nhacviec")
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Thư mục có plan_tasks.yaml, config/ và data/ (mặc định: thư mục hiện tại).",
)
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """Nhắc Việc: nhắc hạn, nhận báo cáo, tổng hợp tuần việc thực hiện kế hoạch."""
    ctx.obj = home
