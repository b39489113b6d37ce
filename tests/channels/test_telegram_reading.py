"""Each kind of update, as it is read."""

from typing import Any

import pytest

from bot.channels.telegram.reading import read_update
from bot.ports import InboundKind

AN = {"id": 1001, "is_bot": False, "first_name": "An", "last_name": "Lê", "language_code": "vi"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "An"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Tổ CCHC"}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 7, "date": 1, "chat": chat, "from": AN, **content}}


def member(status: str, chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    change = {"chat": chat, "from": AN, "date": 1, "old_chat_member": {}, "new_chat_member": {"status": status, **more}}
    return {"update_id": 1, "my_chat_member": change}


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    [
        pytest.param(message(text="Đã xong"), InboundKind.TEXT, "Đã xong", id="text"),
        pytest.param(message(text="/start K7Q2"), InboundKind.TEXT, "/start K7Q2", id="a deep link stays text"),
        pytest.param(message(GROUP, text="/nhiemvu@NhacViecBot 2"), InboundKind.TEXT, "/nhiemvu 2", id="our command"),
        pytest.param(message(GROUP, text="/nhiemvu@nhacviecbot"), InboundKind.TEXT, "/nhiemvu", id="in any case"),
        pytest.param(message(GROUP, text="/x@OtherBot"), InboundKind.TEXT, "/x@OtherBot", id="another's command"),
        pytest.param(message(text="a /x@NhacViecBot"), InboundKind.TEXT, "a /x@NhacViecBot", id="only at the start"),
        pytest.param(message(sticker={"file_id": "s"}), InboundKind.OTHER, "", id="sticker"),
        pytest.param(message(voice={"file_id": "v"}, caption="nghe"), InboundKind.OTHER, "nghe", id="voice"),
        pytest.param(message(thing_of_tomorrow={}), InboundKind.OTHER, "", id="a kind nobody knows yet"),
        pytest.param(message(GROUP, migrate_to_chat_id=-100999), InboundKind.MOVED, "-100999", id="migration"),
        pytest.param(member("kicked"), InboundKind.GONE, "", id="blocked"),
        pytest.param(member("left", GROUP), InboundKind.GONE, "", id="left"),
        pytest.param(member("restricted", GROUP, is_member=False), InboundKind.GONE, "", id="restricted and out"),
        pytest.param(member("restricted", GROUP, is_member=True), InboundKind.BACK, "", id="restricted and in"),
        pytest.param(member("member"), InboundKind.BACK, "", id="unblocked"),
        pytest.param(member("administrator", GROUP), InboundKind.BACK, "", id="made administrator"),
    ],
)
def test_an_update_is_read(raw: dict[str, Any], kind: InboundKind, text: str) -> None:
    heard = read_update(raw, username="NhacViecBot")

    assert heard is not None
    assert (heard.kind, heard.text) == (kind, text)
    assert (heard.channel, heard.user_id, heard.user_name, heard.language) == ("telegram", "1001", "An Lê", "vi")
    assert heard.is_group is (heard.chat_id == "-100123")
    assert heard.chat_title == ("Tổ CCHC" if heard.is_group else "")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"update_id": 1, "edited_message": {}}, id="a kind we did not ask for"),
        pytest.param({"message": {"chat": GROUP, "from": {"id": 2, "is_bot": True}, "text": "x"}}, id="a bot"),
        pytest.param(message(GROUP, new_chat_members=[AN]), id="somebody joined"),
        pytest.param(message(GROUP, pinned_message={}), id="something was pinned"),
        pytest.param(message(GROUP, migrate_from_chat_id=-5), id="the new group's side of a migration"),
        pytest.param({"update_id": 1, "callback_query": {"id": "1", "from": AN, "game_short_name": "x"}}, id="a game"),
        pytest.param({"update_id": 1, "channel_post": {"message_id": 1}}, id="a channel"),
    ],
)
def test_what_is_of_no_concern_is_none(raw: dict[str, Any]) -> None:
    assert read_update(raw, username="NhacViecBot") is None


@pytest.mark.parametrize("shown", [{"text": "x", "from": AN, "date": 5}, {"date": 0}], ids=["message", "inaccessible"])
def test_a_press_is_read_with_its_place(shown: dict[str, Any]) -> None:
    pressed = {"message_id": 9, "chat": GROUP, **shown}
    query = {"id": "42", "from": AN, "message": pressed, "chat_instance": "1", "data": "v1:done:K7"}

    heard = read_update({"update_id": 1, "callback_query": query})

    assert heard is not None
    assert (heard.kind, heard.action, heard.ack, heard.message_id) == (InboundKind.PRESS, "v1:done:K7", "42", "9")
    assert (heard.chat_id, heard.user_id, heard.is_group) == ("-100123", "1001", True)


def test_of_a_photo_the_largest_size_is_taken() -> None:
    sizes = [{"file_id": str(w), "width": w, "height": w, "file_size": w * 9} for w in (90, 1280, 320)]

    heard = read_update(message(photo=sizes, caption="bảng niêm yết"))

    assert heard is not None
    [file] = heard.files
    assert (heard.kind, heard.text) == (InboundKind.FILE, "bảng niêm yết")
    assert (file.handle, file.name, file.media, file.size) == ("1280", "anh.jpg", "image/jpeg", 11520)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param([], id="no object"),
        pytest.param({"message": None}, id="no message in it"),
        pytest.param({"message": {"from": AN, "text": "x"}}, id="no chat"),
        pytest.param(message(text=5), id="a number for a text"),
        pytest.param(message(photo=[]), id="a photo without sizes"),
        pytest.param(message(document={}), id="a document without a handle"),
        pytest.param({"callback_query": {"id": "1", "data": "x", "message": {"message_id": 1}}}, id="nobody pressed"),
        pytest.param({"my_chat_member": {"chat": PRIVATE, "from": AN}}, id="a change to nothing"),
    ],
)
def test_what_cannot_be_read_is_a_value_error(raw: Any) -> None:
    with pytest.raises(ValueError, match=r"is (no|missing)"):
        read_update(raw)
