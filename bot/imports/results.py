"""What a product column asks for, by a closed list of words; what is not on it is left to a person."""

import re

from bot.domain.folding import fold
from bot.domain.plan import ResultKind

_SIGNS = (
    (ResultKind.LINK, r"duong dan|duong link|link|website|chuyen muc tren (?:cong|trang)"),
    (ResultKind.PERCENT, r"ty le|ti le|phan tram|\d+ ?%|% ho so"),
    (ResultKind.COUNT, r"so luong|so (?:cuoc|lop|buoi|hoi nghi|luot|ho so)"),
    (
        ResultKind.DOCUMENT,
        r"(?:du thao )?(?:bao cao|ke hoach|quyet dinh|to trinh|nghi quyet|van ban|cong van|thong bao|chi thi|nghi dinh"
        r"|thong tu|quy che|quy dinh|bien ban|ket luan|de an|huong dan|chuong trinh|phuong an|danh muc|phieu trinh)",
    ),
)


def kind_of(text: str) -> ResultKind | None:
    """Return the kind that a product's words begin with; None where they begin with none, or with several."""
    plain = fold(text).lstrip("-–+*•. ")
    found = {kind for kind, sign in _SIGNS if re.match(rf"(?:cac |\d+ )?(?:{sign})\b", plain)}
    return found.pop() if len(found) == 1 else None
