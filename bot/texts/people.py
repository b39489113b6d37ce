"""Which commands the roles of a person have."""

from collections.abc import Iterable

from bot.domain.plan import Role
from bot.texts import say

COMMANDS: dict[Role, tuple[str, ...]] = {
    Role.FOCAL: ("nhiemvu", "vang", "giaithich"),
    Role.HEAD: ("nhiemvu", "vang", "giaithich"),
    Role.OFFICE: ("choduyet", "sukien", "tonghop", "giaithich"),
    Role.MANAGER: ("tonghop", "giaithich"),
    Role.ADMIN: ("tonghop", "apdung", "sukien", "giaithich", "dangky"),
}
EVERYBODY = ("ngonngu", "trogiup")


def menu(language: str, roles: Iterable[Role]) -> tuple[tuple[str, str], ...]:
    """Return the commands of these roles with their descriptions, each once, those of everybody last."""
    names = dict.fromkeys(name for role in roles for name in COMMANDS[role])
    return tuple((name, say(language, f"command.{name}")) for name in (*names, *EVERYBODY))
