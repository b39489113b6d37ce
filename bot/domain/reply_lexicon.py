"""The words of short replies, folded, as one table: what each means and what it is worth."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What a reply says about its task."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    EXTENSION = "extension"
    NOT_OURS = "not_ours"
    NOT_APPLICABLE = "not_applicable"
    ACK = "ack"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Words that carry an intent. `told` words are themselves what is worth noting, such as "chưa có kinh phí"."""

    intent: Intent
    pattern: re.Pattern[str]
    told: bool = False


def _entry(intent: Intent, *forms: str) -> Entry:
    return Entry(intent=intent, pattern=_words(*forms))


def _told(intent: Intent, *forms: str) -> Entry:
    return Entry(intent=intent, pattern=_words(*forms), told=True)


def _words(*forms: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(forms)})(?![\w/])", re.ASCII)


_NO = "(?:khong|ko|k|kg|hong|chua|ch|chx)"

# The order is the rule: the first intent found is the one, so what denies or delays stands before what is done.
LEXICON = (
    # "Không vướng gì" says nothing by itself, and must not be taken for an obstacle.
    _entry(Intent.UNKNOWN, rf"{_NO} (?:co |gap |bi )?(?:gi )?(?:vuong mac|vuong|kho khan|tro ngai)(?: gi| nao)?"),
    _entry(
        Intent.NOT_OURS,
        rf"{_NO} phai (?:la )?(?:viec |nhiem vu |trach nhiem )?(?:cua )?(?:ben |don vi |chung )?(?:em|toi|minh|don vi)",
        rf"{_NO} thuoc(?: tham quyen| nhiem vu| viec| trach nhiem| pham vi)?"
        "(?: cua| ben)?(?: don vi| em| ben em| chung toi| chung em| so)?",
        "nham (?:don vi|nguoi|co quan|so)", "gui nham", "wrong unit", "not (?:ours|our task|my task|our unit)",
    ),
    _told(
        Intent.NOT_OURS,
        "(?:^(?:viec |nhiem vu |cai )?(?:nay )?(?:la )?)cua (?:so|ubnd|ban|phong|van phong|huyen|don vi khac)",
        "de nghi chuyen", "^(?:xin )?tra lai", "belongs to",
    ),
    _entry(
        Intent.EXTENSION,
        "(?:xin |de nghi |cho (?:em |minh |don vi )?)*(?:lui|gia han|giai han)(?: lai| han| thoi han| ngay)*",
        "(?:xin |de nghi |cho (?:em |minh |don vi )?)+(?:doi|hoan(?! th| ta| ch))(?: lai| han| thoi han| ngay)*",
        "(?:doi|hoan) (?:han|thoi han|lai|sang|den|toi)",
        "(?:xin|cho)(?: (?:em|minh|don vi|phep))*(?: xin)? (?:them(?: thoi gian)?|den|toi|tre)",
        "extend", "extension", "postpone", "more time",
    ),
    _entry(
        Intent.BLOCKED,
        "(?:dang |con |gap |bi |co )*(?:vuong mac|vuong|kho khan)(?: mac| o| ve| khau)?",
        "(?:dang|bi) (?:mac|ach|ket|tac)(?: o| ve| khau)?",
        rf"{_NO} (?:lam|thuc hien|trien khai|hoan thanh) duoc", "blocked", "stuck",
    ),
    _told(
        Intent.BLOCKED,
        rf"{_NO} (?:co|duoc) (?:huong dan|kinh phi|von|nguoi|nhan su|bien che|van ban|phan mem|may|mang|quy dinh)",
        "thieu (?:bien che|kinh phi|nguoi|nhan su|nhan luc|can bo|von|may|huong dan)", "cho huong dan",
        "(?:phan mem|he thong|mang|may)(?: bi| dang)* (?:loi|hong|treo)", "waiting for (?:guidance|budget|funds)",
    ),
    _entry(
        Intent.IN_PROGRESS,
        rf"{_NO} (?:the )?(?:xong|hoan thanh|lam|trien khai|thuc hien|kip|gui|nop|bao cao|ban hanh)(?: xong| kip)?",
        "chua co",
        "(?:gan|sap|gan nhu|hau nhu) (?:xong|hoan thanh|hoan tat)", "chx", "(?:van |con )*chua(?: a| nhe)*$",
        "(?:xong|hoan thanh)(?: duoc)? (?:mot|1) phan", "co ban(?: da)? (?:xong|hoan thanh)",
        "(?:xong|hoan thanh)(?: ve)? co ban", "xong (?:du thao|buoc dau)", "not (?:yet|done|finished|completed?)",
        "(?:almost|nearly|partly|mostly) (?:done|finished)?", "(?:isn't|haven't|hasn't|didn't)(?: \\w+)?",
        "(?<!da )(?:dang|dg)(?: (?:lam|trien khai|thuc hien|tien hanh|xu ly|hoan thanh))?",
        "(?:da )?trinh (?:lanh dao|ky|ubnd)(?: \\w+)?", "cho (?:ky|y kien|phe duyet|tham dinh|duyet)",
        "in progress", "working on it", "ongoing", "on it", "pending", "started",
    ),
    _entry(
        Intent.DONE,
        "(?:da |ok )*(?:lam |thuc hien |trien khai )?(?:xong|xog|xnog|hoan thanh|hoan tat|hoan tanh)(?: roi| r| het)*",
        "(?:da )?ht$", "da (?:bao cao|gui|nop|ban hanh|cong khai|dang(?: tai)?|lam)(?: roi| r| xong)*",
        "(?:bao cao|gui|nop|ban hanh|lam) roi", "done", "completed?", "finished", "submitted",
    ),
)  # fmt: skip

# Nothing beside these words: "dạ, em nhận rồi ạ" tells that it was read, and nothing of the task.
ACK = frozenset({
    "da", "vang", "ok", "oke", "okay", "oki", "uh", "ro", "nhan", "on", "duoc", "thanks", "thank", "tks", "noted",
    "received", "understood", "got", "\U0001f44d", "\U0001f44c", "\U0001f64f", "\u2764",
})  # fmt: skip
ACK_BESIDE = frozenset({
    "em", "anh", "chi", "a", "nhe", "nha", "minh", "don", "vi", "thong", "tin", "biet", "ben", "ghi", "roi", "r", "cam",
    "you", "it", "toi",
})  # fmt: skip

# With one of these nothing is surely done: it denies, it is still to come, or only a part of it is.
HOLDS_BACK = _words(
    "khong", "ko", "k", "kg", "hong", "chua", "ch", "chx", "gan", "sap", "se", "(?<!da )dang", "dg", "du kien",
    "co ban", "con",
    "(?:mot|1) phan", "du thao", "neu", "khi", "chuan bi", "phan dau", "hua", "cho", "hau nhu", "nham", "tru", "mai",
    "not", "no", "never", "almost", "nearly", "partly", "mostly", "will", "soon", "until", "except", "but", "\\w+n't",
    "nhung", "moi", "vuong", "thieu", "xin", "can",
)  # fmt: skip

QUESTION = re.compile(
    r"\?|(?<!\w)(?:bao gio|khi nao|lam sao|the nao|phai khong|dung khong|duoc khong|hay chua|chua nhi|tai sao|vi sao"
    r"|o dau)(?!\w)"
    r"|^(?:is|has|did|when|how|why|what|who) "
)

# "đã nộp chưa" asks, "bên em vẫn chưa" answers: what precedes the last word decides.
NOT_YET_ALONE = re.compile(
    r"(?:(?:da|vang|em|anh|chi|ben|don vi|thi|van|con|hien|hien tai|toi|chung|minh|nay|viec),? )*chua"
)

# Words that add nothing to a status; "đã hoàn thành nâng cấp hệ thống" keeps "nâng cấp hệ thống" and so is not sure.
FILLER = _words(
    "da", "vang", "ok", "oke", "a", "nhe", "nha", "roi", "r", "em", "anh", "chi", "ben", "don vi", "chung toi", "viec",
    "nhiem vu", "nay", "bao cao", "bc", "kinh", "thua", "so", "toan bo", "tat ca", "het", "duoc", "dat", "ket qua",
    "voi", "hien", "hien tai", "it", "all", "is", "we", "are", "i", "have", "has", "the", "task", "to", "thanks", "va",
    "den", "cong viec", "khoang", "tien do", "ngay", "van ban",
)  # fmt: skip

REASON = re.compile(
    r"(?<!\w)(?:ly do(?: la)?|li do|nguyen nhan(?: la)?|because(?: of)?|reason|due to"
    r"|(?<!don )(?<!chuc )vi(?! tri| pham)"
    r"|(?<!tien )(?<!muc )(?<!che )(?<!trinh )"
    r"do(?= (?:chua|thieu|khong|ko|vuong|phan mem|cho|he thong|kinh phi|dich)))\b[ :,-]*"
)
