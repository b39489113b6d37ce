"""Ids that must differ, whatever their capitals."""

from bot.catalogue.fields import Fields
from bot.catalogue.nodes import Scalar
from bot.catalogue.problems import shown


class Ids:
    """Remembers the ids of one kind and where each first stood."""

    def __init__(self) -> None:
        self._first: dict[str, Scalar] = {}

    def admit(self, fields: Fields, scalar: Scalar) -> bool:
        """Return whether the id is new; a repeated one is noted with the line of the first."""
        first = self._first.setdefault(scalar.text.casefold(), scalar)
        if first is scalar:
            return True
        if first.text == scalar.text:
            fields.note(scalar, f"mã {shown(scalar.text)} đã có ở dòng {first.line}")
        else:
            fields.note(
                scalar,
                f"mã {shown(scalar.text)} chỉ khác {shown(first.text)} ở dòng {first.line} về chữ hoa, chữ thường",
            )
        return False
