"""What events say, bare and wrapped, and what is of no concern."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo.reading import event_id, read_event, unwrapped
from bot.ports import Inbound, InboundKind
from tests.channels.test_incoming_contract import JSON

LAN = {"id": "a1b2c3d4e5f60718293a", "is_bot": False, "display_name": "Trần Thị Lan"}
CHAT = {"chat_type": "PRIVATE", "id": "a1b2c3d4e5f60718293a"}


def event(kind: str, **content: Any) -> dict[str, Any]:
    message = {"date": 1789033572455, "chat": CHAT, "message_id": "m1a2b3c4d5e6f7081920", "from": LAN, **content}
    return {"event_name": f"message.{kind}.received", "message": message}


BOTH = pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "wrapped"])


def shaped(raw: dict[str, Any], wrapped: bool) -> dict[str, Any]:
    return {"ok": True, "result": raw} if wrapped else raw


@BOTH
def test_a_text_is_read_with_all_that_is_said_about_it(wrapped: bool) -> None:
    heard = read_event(shaped(event("text", text="R18 1"), wrapped))

    assert heard == Inbound(
        channel="zalo",
        kind=InboundKind.TEXT,
        chat_id="a1b2c3d4e5f60718293a",
        user_id="a1b2c3d4e5f60718293a",
        user_name="Trần Thị Lan",
        text="R18 1",
        message_id="m1a2b3c4d5e6f7081920",
    )


@BOTH
@pytest.mark.parametrize("field", ["photo", "photo_url"])
def test_a_picture_is_a_file_by_its_address(wrapped: bool, field: str) -> None:
    raw = event("image", **{field: "https://photo.zdn.vn/a.jpg"}, caption="bảng niêm yết", message_type="CHAT_PHOTO")

    heard = read_event(shaped(raw, wrapped))

    assert heard is not None
    [file] = heard.files
    assert (heard.kind, heard.text) == (InboundKind.FILE, "bảng niêm yết")
    assert (file.handle, file.name, file.media) == ("https://photo.zdn.vn/a.jpg", "anh.jpg", "image/jpeg")


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        pytest.param(event("sticker", sticker="46b1", url="https://zdn.vn/s.png"), InboundKind.OTHER, id="sticker"),
        pytest.param(event("voice", voice_url="https://zdn.vn/v.aac"), InboundKind.OTHER, id="voice"),
        pytest.param(event("unsupported"), InboundKind.OTHER, id="unsupported, with its sender"),
        pytest.param(event("link", url="https://snv.gov.vn"), InboundKind.OTHER, id="a link card"),
        pytest.param(event("link", text="https://snv.gov.vn"), InboundKind.TEXT, id="a link card with words"),
    ],
)
def test_other_kinds_are_answered_by_what_they_carry(raw: dict[str, Any], kind: InboundKind) -> None:
    heard = read_event(raw)

    assert heard is not None
    assert (heard.kind, heard.chat_id) == (kind, CHAT["id"])


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"event_name": "message.unsupported.received"}, id="unsupported, without its sender"),
        pytest.param(event("reaction", icon="👍"), id="a thumb"),
        pytest.param({"event_name": "user.followed", "user": LAN}, id="no message"),
        pytest.param(event("text", text="x", **{"from": LAN | {"is_bot": True}}), id="a bot"),
    ],
)
def test_what_is_of_no_concern_is_none(raw: dict[str, Any]) -> None:
    assert read_event(raw) is None


def test_a_group_is_told_from_a_person_and_numbers_for_ids_are_taken() -> None:
    raw = event("text", text="/dangky", chat={"chat_type": "GROUP", "id": 77, "title": "Tổ CCHC"})

    heard = read_event(raw)

    assert heard is not None
    assert (heard.is_group, heard.chat_id, heard.user_id, heard.chat_title) == (True, "77", LAN["id"], "Tổ CCHC")


def test_half_a_letter_is_replaced() -> None:
    heard = read_event(event("text", text="a\ud83d", message_id="\udc00"))

    assert heard is not None
    assert (heard.text, heard.message_id) == ("a\ufffd", "\ufffd")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param([], id="no object"),
        pytest.param({}, id="no name"),
        pytest.param({"event_name": 5}, id="a number for a name"),
        pytest.param({"event_name": "message.text.received", "message": None}, id="no message in it"),
        pytest.param(event("text"), id="a text without words"),
        pytest.param(event("text", text=5), id="a number for a text"),
        pytest.param(event("text", text="x", chat=None), id="no chat"),
        pytest.param(event("text", text="x", chat={"id": ""}), id="an empty id"),
        pytest.param(event("text", text="x", chat={"id": True}), id="no id"),
        pytest.param(event("text", text="x", chat={"id": "x" * 201}), id="an endless id"),
        pytest.param(event("text", text="x", **{"from": {}}), id="nobody said it"),
        pytest.param(event("image", caption="x"), id="a picture without an address"),
    ],
)
def test_what_cannot_be_read_is_a_value_error(raw: Any) -> None:
    with pytest.raises(ValueError, match=r"is (no|missing)"):
        read_event(raw)


def test_the_same_event_has_one_id_however_it_came() -> None:
    text = event("text", text="x")
    odd = {"event_name": "message.unsupported.received", "at": 5}

    assert event_id(text) == "message.text.received:m1a2b3c4d5e6f7081920"
    assert event_id(unwrapped({"ok": True, "result": text})) == event_id(text)
    assert event_id(odd) == event_id(dict(reversed(odd.items())))
    assert event_id(odd) != event_id({**odd, "at": 6})
    assert len(event_id({"event_name": "x" * 1000, "message": {"message_id": "y" * 1000}})) < 200


@given(raw=JSON)
def test_anything_is_an_inbound_nothing_or_a_value_error(raw: Any) -> None:
    with contextlib.suppress(ValueError):
        assert read_event(raw) is None or isinstance(read_event(raw), Inbound)
    if isinstance(raw, dict):
        assert 0 < len(event_id(raw)) <= 200


PARTS = st.fixed_dictionaries(
    {},
    optional={
        name: JSON | st.text()
        for name in ("date", "chat", "message_id", "from", "text", "photo", "photo_url", "caption")
    },
)


@given(kind=st.sampled_from(["text", "image", "sticker", "voice", "unsupported", "x"]), parts=PARTS)
def test_an_event_with_any_part_replaced_is_an_inbound_nothing_or_a_value_error(
    kind: str, parts: dict[str, Any]
) -> None:
    try:
        heard = read_event(event(kind, **parts))
    except ValueError:
        return
    assert heard is None or (heard.chat_id and heard.user_id)
