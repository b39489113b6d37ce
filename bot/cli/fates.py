"""What became of a step, in words."""

from bot.domain.delivery import Failure
from bot.domain.steps import Fate, Reason
from bot.store.outbox import State

FATES: dict[str, str] = {
    Fate.SUPPRESSED: "không nhắc",
    Fate.SUPERSEDED: "được thay bằng tin mới hơn",
    Fate.CANCELLED: "đã bỏ",
    State.WAITING: "đang chờ gửi",
    State.CLAIMED: "đang gửi",
    State.SENT: "đã gửi",
    State.FAILED: "không gửi được",
    State.IN_DOUBT: "chưa rõ đã đến hay chưa",
}

REASONS: dict[str, str] = {
    Reason.REPORTED: "đã có báo cáo",
    Reason.EXTENSION_ASKED: "đã xin gia hạn",
    Reason.PAUSED: "đang tạm dừng",
    Reason.STOPPED: "đã quá thời gian đôn đốc",
    Reason.NEWER_STEP: "có bước nhắc mới hơn",
    Reason.PAST_DUE: "đã qua hạn",
    Reason.NO_CONTACT: "không có người liên hệ được",
    Failure.UNREACHABLE: "kênh không kết nối được",
    Failure.THROTTLED: "kênh yêu cầu gửi chậm lại",
    Failure.IN_DOUBT: "kênh không trả lời",
    Failure.REJECTED: "kênh từ chối tin",
    Failure.CHAT_GONE: "người nhận đã chặn hoặc rời bot",
    Failure.CHAT_MOVED: "nhóm đã đổi mã",
    Failure.UNAUTHORIZED: "kênh không nhận mã bot",
    "expired": "đã quá thời gian còn đáng gửi",
    "revoked": "đã thu hồi quyền",
    "process_ended": "bot dừng giữa lúc gửi",
    "newer_bundle": "tin mới hơn nhắc đủ các việc này",
    "repeated": "lần gửi lại đã đến",
    "pressed": "người nhận đã bấm nút",
    "named": "người nhận đã nhắc mã tin",
    "answered": "kênh trả lời muộn",
}


def fate_words(fate: str, reason: str) -> str:
    """Return a fate with its reason as a Vietnamese phrase; a word that is not known stays as it is stored.

    A reason's own details follow it after a colon, in the network's words.
    """
    known, colon, details = reason.partition(": ")
    why = f"{REASONS.get(known, known)}{colon}{details}"
    said = FATES.get(fate, fate)
    return f"{said} ({why})" if why else said
