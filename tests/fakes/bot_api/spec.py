"""Every call against the machine-readable Bot API: names, required, types, nested ones too."""

import json
from pathlib import Path
from typing import Any

from tests.fakes.bot_api.refused import RefusedError, bad

SPEC = json.loads((Path(__file__).parents[2] / "data" / "bot_api_10_1.json").read_text("utf-8"))
_PLAIN: dict[str, type | tuple[type, ...]] = {"Integer": int, "Float": (int, float), "Boolean": bool, "String": str}
_ARRAY = "Array of "


def method_name(name: str) -> str:
    """Return the method as the specification spells it: the real server takes any case, we do not."""
    if name not in SPEC["methods"]:
        raise RefusedError(404, "Not Found: method not found")
    return name


def decoded(method: str, given: dict[str, str], files: set[str]) -> dict[str, Any]:
    """Return a form's values in their types, checked; refuse what the specification does not know."""
    fields = SPEC["methods"][method]
    values: dict[str, Any] = {}
    for name, text in given.items():
        if name not in fields:
            raise bad(f"unknown parameter {name}")
        values[name] = _from_text(text, fields[name]["types"], f"{method}.{name}")
    for name in files:
        if name not in fields:
            raise bad(f"unknown file {name}")
        if "InputFile" not in fields[name]["types"]:
            raise bad(f"{method}.{name} takes no file")
    for name, field in fields.items():
        if field["required"] and name not in values and name not in files:
            raise bad(f"missing required parameter {name}")
    return values


def complaint(value: Any, types: list[str], where: str) -> str | None:
    """Return what is wrong with a value of the given types, None when it fits one of them."""
    complaints = [_against(value, kind, where) for kind in types]
    if None in complaints:
        return None
    # The most telling one: an object refused for a field says more than "is no string".
    return max((said for said in complaints if said), key=len)


def _from_text(text: str, types: list[str], where: str) -> Any:
    # Multipart and form bodies hold text only: everything but a String is JSON.
    value: Any = text
    if "String" not in types or ("Integer" in types and text.lstrip("-").isdigit()):
        try:
            value = json.loads(text)
        except ValueError:
            if "InputFile" not in types:
                raise bad(f"can't parse {where}: not JSON") from None
    wrong = complaint(value, types, where)
    if wrong:
        raise bad(f"can't parse {wrong}")
    return value


def _against(value: Any, kind: str, where: str) -> str | None:
    if kind.startswith(_ARRAY):
        if not isinstance(value, list):
            return f"{where}: is no array"
        wrong = (complaint(item, [kind.removeprefix(_ARRAY)], f"{where}[{n}]") for n, item in enumerate(value))
        return next((said for said in wrong if said), None)
    if kind in _PLAIN:
        fits = isinstance(value, _PLAIN[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        return None if fits else f"{where}: is no {kind}"
    if kind == "InputFile":
        return f"{where}: a file is uploaded, not written"
    return _object(value, SPEC["types"][kind], f"{where}:{kind}")


def _object(value: Any, kind: dict[str, Any], where: str) -> str | None:
    if not isinstance(value, dict):
        return f"{where}: is no object"
    if "one_of" in kind:
        return complaint(value, kind["one_of"], where)
    for name, item in value.items():
        if name not in kind["fields"]:
            return f"{where}: unknown field {name}"
        wrong = complaint(item, kind["fields"][name]["types"], f"{where}.{name}")
        if wrong:
            return wrong
    missing = [name for name, field in kind["fields"].items() if field["required"] and name not in value]
    return f"{where}: field {missing[0]} is missing" if missing else None
