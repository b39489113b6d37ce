"""Which commands the roles of a person have."""

from collections.abc import Iterable

from bot.domain.plan import Role
from bot.texts import say

COMMANDS: dict[Role, tuple[str, ...]] = {
    Role.FOCAL: ("nhiemvu",),
    Role.HEAD: ("nhiemvu",),
    Role.OFFICE: ("choduyet", "tonghop"),
    Role.MANAGER: ("tonghop",),
    Role.ADMIN: ("tonghop", "dangky"),
}
EVERYBODY = ("ngonngu", "trogiup")


def menu(language: str, roles: Iterable[Role]) -> tuple[tuple[str, str], ...]:
    """Return the commands of these roles with their descriptions, each once, those of everybody last."""
    names = dict.fromkeys(name for role in roles for name in COMMANDS[role])
    return tuple((name, say(language, f"command.{name}")) for name in (*names, *EVERYBODY))
