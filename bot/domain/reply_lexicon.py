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


def whole_words(*forms: str) -> re.Pattern[str]:
    """Return a pattern for any of these forms as whole words; a part of a number or a code is none."""
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(forms)})(?![\w/])", re.ASCII)


def _entry(intent: Intent, *forms: str) -> Entry:
    return Entry(intent=intent, pattern=whole_words(*forms))


def _told(intent: Intent, *forms: str) -> Entry:
    return Entry(intent=intent, pattern=whole_words(*forms), told=True)


# Patterns repeat only words between single spaces, no two alternatives begin alike where one may follow the other, and
# a reply is cut to 60 words of 40 letters: so no search over it takes longer than a glance.
_NO = "(?:khong|hong|chua)"
_OURS = "(?:em|minh|toi|chung toi|chung em|don vi|phong|ben em|ben minh|ben toi|so|co quan)"
_UNIT = (
    "(?:so(?! \\d)|ubnd|ban(?= )|phong|van phong|vpub|vp|huyen|xa|bo|cuc|chi cuc|trung tam|don vi khac|ben khac|thanh tra"
    "|cong an|snv|stc|stp|sxd|sct|syt|sgd(?:&?dt)?|stttt|skhdt|skh&?cn"
    "|stnmt|sgtvt|sldtbxh|svhttdl|snnptnt|btm|khdt)(?! (?:em|minh|toi|chung))"
)
_OPENING = "(?:^(?:(?:vang|anh|chi|em|a|oi|thua|bao cao|viec nay|viec|nhiem vu nay|nhiem vu|cai nay|cai|la),? )*)"
_WORK = (
    "(?:xong|hoan thanh|hoan tat|lam|trien khai|thuc hien|kip|gui|nop|bao cao|ban hanh|phat hanh|bat dau|ky|trinh|cong khai"
    "|to chuc|xu ly|giai quyet|tien hanh|tong hop)"
)
_ASK = "(?:(?:xin|de nghi|kinh de nghi|kinh mong|mong|nho|cho|cho phep|xin phep) (?:em |minh |don vi |ben em |duoc )?)"
_BOSS = "(?:ky|lanh dao|sep|giam doc|chu tich|y kien|phe duyet|duyet|tham dinh|so lieu|cap tren|phan hoi|ket qua)"
_DELAY = "(?:tre|cham|muon)"

_TO = (
    "(?: (?:cho |ve |len |sang |den )?(?:so noi vu|so tai chinh|ubnd tinh|tinh|van phong|vpub|vp|snv|stc|stp|sxd|sct|syt|sgd"
    "|stttt|anh|chi|em)(?! (?:cho|de|xin|ky|duyet)))?"
)

# The order is the rule: the first intent found is the one, so what denies or delays stands before what is done.
LEXICON = (
    # "Không vướng gì" says nothing by itself, and must not be taken for an obstacle; nor "không phải chưa xong" for a denial.
    _entry(
        Intent.UNKNOWN,
        rf"{_NO} (?:co |gap |bi |con )?(?:gi )?(?:vuong mac|vuong|kho khan|tro ngai)(?: gi| nao)?",
        r"khong phai (?:la )?(?:chua|khong)(?: \w+)?",
    ),
    _entry(
        Intent.NOT_OURS,
        rf"{_NO} phai (?:la )?(?:viec |nhiem vu |trach nhiem |phan )?(?:cua )?(?:ben )?{_OURS}",
        rf"{_NO} thuoc(?: tham quyen| chuc nang| nhiem vu| viec| trach nhiem| pham vi| linh vuc)*(?: cua)?(?: {_OURS})*",
        rf"khong (?:lien quan|phu trach|chu tri)(?: (?:gi |toi |den )*{_OURS})?",
        "khong dung (?:tham quyen|don vi|nguoi|chuc nang)",
        "khong (?:duoc |co )?(?:giao|phan cong)(?! von| kinh phi| bien che)(?: nhiem vu| viec| chu tri)*(?: nay)?",
        "nham (?:don vi|nguoi|co quan|so|phong|ben)", "(?:gui|giao|nhan) nham(?: roi)?", "wrong (?:unit|department|person)",
        "not (?:ours|(?:our|my) (?:task|unit|job|responsibility|work))",
    ),
    _told(
        Intent.NOT_OURS,
        rf"{_OPENING}(?:cua|thuoc)(?: tham quyen| trach nhiem| nhiem vu| ve)*(?: cua)?(?: ben)? {_UNIT}",
        rf"do {_UNIT}(?: \w+){{0,4}} (?:chu tri|phu trach|thuc hien|tham muu)",
        rf"{_OPENING}(?:de nghi |nho |xin )?chuyen (?:sang |ve |cho |ben )*{_UNIT}",
        "(?:de nghi|nho|xin) chuyen", "^(?:xin )?tra lai", "belongs to", "this is for",
    ),
    _entry(
        Intent.EXTENSION,
        rf"{_ASK}*(?:lui|gia han|giai han|ra han)(?: lai| han| thoi han| ngay| tien do)*",
        rf"{_ASK}+(?:xin )?(?:doi|hoan(?! th| ta| ch)|gian|keo dai|khat|no(?= den| toi| sang| lai))"
        "(?: lai| han| thoi han| ngay| tien do)*",
        "(?:doi|hoan) (?:han|thoi han|lai|sang|den|toi)", r"khat (?:den|toi|sang|lai|\d)", "khat(?= tuan| thang| ngay)",
        r"(?:xin|cho)(?: (?:em|minh|don vi|ben em|phep))*(?: xin)? "
        rf"(?:them(?: thoi gian)?|den|toi|(?:nop |gui |bao cao )?{_DELAY})",
        "extend", "extension", "postpone", "more time", r"(?:need|give us|have)(?= (?:\w+ )?more (?:days?|weeks?|time))",
    ),
    _entry(
        Intent.BLOCKED,
        "(?:dang |con |gap |bi |co )*(?:vuong mac|vuong|kho khan|tro ngai|be tac)(?: mac| o| ve| khau| cho)*",
        "(?:dang |con |bi )+(?:mac(?! du)|ach|tac)(?: lai)?(?: o| ve| khau| cho)*",
        "(?:dang |con |bi )*ket(?! qua| thuc| luan| noi| hop)(?: lai)?(?: o| ve| khau| cho)*", "tac o(?: khau| cho)?",
        rf"{_NO} (?:the )?(?:lam|thuc hien|trien khai|hoan thanh|nhap|vao) (?:he thong )?duoc", "blocked(?: by)?", "stuck",
        "(?:have|has|having) (?:a |some )?(?:problems?|difficult(?:y|ies))", "no (?:budget|funds?|staff|guidance|people)",
    ),
    _told(
        Intent.BLOCKED,
        rf"{_NO} (?:co|du) (?:van ban )?(?:huong dan|kinh phi|von|nguoi|nhan su|bien che|van ban|phan mem|may|mang|quy dinh)",
        rf"{_NO} duoc (?:cap|bo tri|phan bo|giao|duyet|huong dan)(?: (?:kinh phi|von|tai khoan|nguoi|bien che|may))?",
        "thieu (?:bien che|kinh phi|nguoi|nhan su|nhan luc|can bo|von|may|huong dan)", "cho huong dan",
        "(?:phan mem|he thong|mang|may)(?: bi| dang)* (?:loi|hong|treo)", "loi (?:phan mem|he thong|mang|may)",
        rf"(?:phan mem|he thong|mang) {_NO} \w+", "waiting for (?:guidance|budget|funds)",
    ),
    _entry(
        Intent.IN_PROGRESS,
        rf"{_NO} (?:the |co |con )*{_WORK}(?: xong| kip| duoc| gi| chi| mo| dau)*",
        rf"(?:lam|bao cao|{_WORK}) chua {_WORK}", rf"{_WORK} thi (?:chua|khong)", "chua (?:co|dau|duoc)", "chx",
        rf"(?:gan|sap|gan nhu|hau nhu|chuan bi) {_WORK}(?: xong)?",
        "(?:van |con )*chua(?: (?:a|nhe|anh|chi|em|oi))*$", "(?:con |mot |chut |ti |xiu )+nua(?: thoi)? la(?: \\w+)?",
        "(?:xong|hoan thanh)(?: duoc| khoang)* (?:mot|1) (?:phan|so)", "co ban(?: da| la)* (?:xong|hoan thanh)",
        "(?:(?:xong|hoan thanh|lam|duoc|dat)(?: duoc| khoang)* )(?:mot |1 |phan )?nua",
        "(?:xong|hoan thanh)(?: ve)? co ban", "(?:da )?(?:xong|co) (?:du thao|buoc dau|ban nhap)",
        "moi (?:bat dau|lam(?! xong)|trien khai|thuc hien)", "not (?:yet|done|finished|completed?|started|submitted)(?: yet)?",
        "lam do", "tiep tuc(?: thuc hien| lam| trien khai)?",
        "(?:almost|nearly|partly|mostly|half) (?:done|finished|completed?)?", "(?:isn't|haven't|hasn't|didn't)(?: \\w+)?",
        "(?<!da )dang(?: (?:gap rut|khan truong|tap trung|tich cuc|co gang|phan dau))*"
        "(?: (?:lam|trien khai|thuc hien|tien hanh|xu ly|hoan thanh|hoan thien))?",
        "(?:da )?trinh (?:lanh dao|ky|ubnd|sep|giam doc)(?: \\w+)?", rf"(?:cho|doi) {_BOSS}",
        "in progress", "(?:still )?working(?: on it)?", "ongoing", "on it", "pending", "started", "awaiting",
    ),
    _entry(
        Intent.DONE,
        "(?:da )?nhap xong so lieu",
        "(?:phong (?=da ))?(?:vua moi |vua |moi )?(?:da |ok )*(?:lam |thuc hien |trien khai |to chuc |xu ly |giai quyet "
        "|khac phuc |cap nhat |ban giao |nhap |nhap so lieu |gui |nop |bao cao )?"
        "(?:xong|hoan thanh|hoan tat)(?: roi| het| xong| xuoi| ca| tat| tron| lau| som(?! so))*",
        "(?:phong (?=da ))?(?:vua moi |vua |da )+"
        "(?:bao cao|gui|nop|(?:tham muu |ky )?ban hanh|phat hanh|cong khai|cong bo|niem yet"
        rf"|dang(?: tai)?|lam(?! viec)|thuc hien|xu ly|giai quyet|khac phuc|ban giao|cap nhat|tra ket qua)(?: roi| xong)*{_TO}",
        r"da co(?= (?:bao cao|van ban|cong van|quyet dinh|ke hoach)(?: so)? \d)", "(?:bao cao|gui|nop|ban hanh|lam) roi",
        "(?:all )?(?:done|finished|completed)", "(?:100%|is|all) complete$", "submitted", "issued",
        "(?:report )?sent(?: the report)?",
    ),
)  # fmt: skip
