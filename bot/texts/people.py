"""How a person is welcomed, and which commands their roles have."""

from collections.abc import Iterable

from bot.domain.plan import Role
from bot.texts import say

COMMANDS: dict[Role, tuple[str, ...]] = {
    Role.FOCAL: ("nhiemvu", "trogiup"),
    Role.HEAD: ("nhiemvu", "trogiup"),
    Role.OFFICE: ("choduyet", "tonghop", "trogiup"),
    Role.MANAGER: ("tonghop", "trogiup"),
    Role.ADMIN: ("tonghop", "dangky", "trogiup"),
}


def menu(language: str, roles: Iterable[Role]) -> tuple[tuple[str, str], ...]:
    """Return the commands of these roles with their descriptions, each once, help last."""
    names = dict.fromkeys(name for role in roles for name in COMMANDS[role] if name != "trogiup")
    return tuple((name, say(language, f"command.{name}")) for name in (*names, "trogiup"))
