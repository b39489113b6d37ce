"""The words around a status, folded: what adds nothing, what holds back, what asks, what only acknowledges."""

import re

from bot.domain.reply_lexicon import whole_words


def longest_first(*forms: str) -> re.Pattern[str]:
    """Return a pattern for any of these forms as whole words that takes "số liệu" before "số"."""
    return whole_words(*sorted(forms, key=len, reverse=True))


# Whom one speaks to and of oneself; an acknowledgement may hold these and nothing else.
_ADDRESS = (
    "em", "anh", "chi", "a", "c", "ac", "ban oi", "cac ban", "oi", "nhe", "nha", "nghe(?= anh| chi| em| a|$)", "nghen", "nhen",
    "minh",
    "don vi", "ben",
    "chung toi", "toi", "dong chi", "thua (?=anh|chi|dong chi|ban|lanh dao|sep)", "kinh thua", "kinh gui", "kinh bao cao",
    "van phong(?=,)", "vp(?=,)", "tran trong", "cam on", "cam on nhieu", "xin cam on", "you", "it", "the", "that", "very much",
    "lot", "so much",
)  # fmt: skip

# Nothing beside these words: "dạ, em nhận rồi ạ" tells that it was read, and nothing of the task.
ACK = longest_first(
    "da(?: vang)?", "vang", "vg", "ok[ie]{1,2}", "okela?", "okay", "ok+", "oki", "uh", "uhm", "uk", "ukm", "u", "um", "on",
    "duoc",
    "da (?:ro|hieu|nam|xem|doc|biet)", "ro", "nghe ro", "nam (?:roi|thong tin)", "biet (?:roi|thong tin)", "hieu",
    "(?:da )?(?:tiep )?nhan(?: duoc)?(?: (?:roi|thong tin|van ban|thong bao|tin nhan|tin))*",
    "(?:xin )?(?:cam|cam) on(?: nhieu)?", "nhat tri", "dong y", "chao", "thanks?", "thank you", "tks", "thx", "ty", "noted",
    "received", "understood", "got it", "roger",
)  # fmt: skip
ACK_SIGN = re.compile(
    "[\U0001f44d\U0001f44c\U0001f64f\u2764\U0001f91d][\U0001f3fb-\U0001f3ff]?"
)  # a hand's colour says nothing
# What may stand before the first task of a message that tells of several.
GREETING = whole_words(
    *_ADDRESS, "da", "vang", "ok", "bao cao", "ca", "ca hai", "hai viec", "hai", "viec", "nhiem vu", "gui"
)
ACK_BESIDE = longest_first(*_ADDRESS, "roi", "ghi", "thong tin", "nhieu", "well")

# With one of these nothing is surely done: it denies, it is still to come, or only a part of it is.
HOLDS_BACK = whole_words(
    "khong", "hong", "chua", "ch", "chx", "gan", "sap", "se", "(?<!da )dang", "du kien", "co ban", "con",
    "(?:mot|1) phan", "du thao", "neu", "khi", "chuan bi", "phan dau", "hua", "cho", "hau nhu", "nham", "tru", "mai",
    "not", "no", "never", "almost", "nearly", "partly", "mostly", "will", "soon", "until", "except", "but", "\\w+n't",
    "nhung", "moi", "vuong", "thieu", "xin", "can", "half", "thi",
    "(?:toi|chieu|trua|dem|hom|sang|tuan|thang|quy) nay", "(?<!viec )(?<!cai )(?<!nhiem vu )(?<!noi dung )nay",
)  # fmt: skip

# Done words that promise: "xong em báo cáo", "làm xong đã", "hoàn thành sớm" without "đã".
PROMISE = whole_words(
    r"(?:xong|hoan thanh)(?: \w+){0,2} (?:em|minh|toi|don vi|ben em|se) (?:se )?(?:bao|gui|nop)",
    "(?:xong|lam|gui|nop)(?: cai)? da$",
    r"^(?:(?:em|anh|chi|don vi|phong|so|da(?= (?:em|minh|don vi|ben)|,)|vang|ok|a),? )*"
    r"(?:lam |thuc hien )?(?:xong|hoan thanh) (?:som|ngay)",
    r"^(?:(?:da|vang|ok|oke),? )+(?:em|minh|don vi|ben em) (?:lam |thuc hien )?hoan thanh(?! roi| het| xong)",
    r"cam on (?:\w+ ){0,4}da",  # thanks for what was done are not a report of it
    r"have (?:it|this|you)",
)
# Words whose marks tell what folding hides: "chỉ xong" is no "chị, xong".
HELD_BY_MARKS = frozenset({"chỉ", "tối", "tới", "chờ", "sơ", "đợi", "định", "gần", "để"})

QUESTION = re.compile(
    r"\?|(?<!\w)(?:bao gio|khi nao|chung nao|lam sao|the nao|phai khong|dung khong|duoc khong|hay chua|chua nhi|tai sao"
    r"|vi sao|o dau|cho ai|bao nhieu|cai gi|gi ma|sao duoc|dau ma)(?!\w)"
    r"|^(?:are|have|do|does) (?:you|we|they|it) |^(?:is|has|did|when|how|why|what|who|could|can|may) |^ai (?!da)"
    r"|(?<!\w)ha(?: (?:anh|chi|em|a))*$"
    r"|(?:xong|roi|gui|nop|hoan thanh|bao cao) khong$"
)

# "đã nộp chưa" asks, "bên em vẫn chưa" answers: what precedes the last word decides.
NOT_YET_ALONE = re.compile(
    r"(?:(?:da|vang|em|anh|chi|ben|don vi|phong|so|thi|van|con|hien|hien tai|toi|chung|minh|nay|viec),? )*chua"
    r"|.* (?:thi|van|con|ma|nhung) chua"
)

# Words that add nothing to a status; "đã hoàn thành nâng cấp hệ thống" keeps "nâng cấp hệ thống" and so is not sure.
FILLER = longest_first(
    *_ADDRESS, "da", "vang", "ok", "oke", "roi", "viec nay", "cai nay", "nhiem vu nay", "noi dung nay", "viec", "cai", "nhiem vu",
    "cong viec", "bao cao", "van ban",
    "cong van(?! den)", "so", "toan bo", "tat ca", "het", "tron", "tron roi", "tat", "noi dung", "duoc", "dat", "ket qua",
    "hien", "hien tai", "all", "is", "it's", "its", "we", "i", "we've", "i've", "are", "have", "has", "task", "thanks",
    "thank you", "already", "now", "va", "khoang(?= \\d)", "tien do(?= (?:dat )?\\d)", "ngay(?= \\d)",
    "phong(?= (?:em|minh|toi|chung))",
    "day du", "tot",
    "dung (?:han|hen|tien do|thoi gian|quy dinh)", "(?:truoc|som) (?:han|thoi han)", "theo (?:yeu cau|ke hoach|quy dinh|chi dao)",
    "(?:tu |hoi |hom |vao )*(?:hom qua|hom kia|hom truoc|chieu qua|toi qua|tuan truoc|thang truoc|tuan roi|thang roi|yesterday)",
    "hom (?:thu \\w+|chu nhat)", "qua (?:email|mail|zalo|truc lien thong|truc|ioffice|van thu|he thong)", "email", "mail", "file",
    "(?:len|tren)(?: (?:cong|trang))*(?: (?:thong tin(?: dien tu)?|trang tin|web|website|cong|he thong|mang))",
    "web", "hoi nghi", "cong khai", "xong", "ubnd (?:huyen|xa|phuong|thi xa|thanh pho)",
    "(?<=gui )(?:vp|vpub|van phong)", "see", "report",
)  # fmt: skip

REASON = re.compile(
    r"(?<!\w)(?:ly do(?: la)?|li do|nguyen nhan(?: la)?|because(?: of)?|reason|due to"
    r"|(?<!don )(?<!chuc )vi(?! tri| pham)"
    r"|(?<!tien )(?<!muc )(?<!che )(?<!trinh )"
    r"do(?= (?:chua|thieu|khong|ko|vuong|phan mem|cho|he thong|kinh phi|dich)))\b[ :,-]*"
)
