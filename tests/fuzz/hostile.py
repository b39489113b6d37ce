"""What people, their programs and their enemies could send: seeded, so that a failure comes again."""

import random
from pathlib import Path

from bot.domain.actions import Action, Verb, write_action

REPLIES = [
    line.split("\t")[0]
    for line in (Path(__file__).parents[1] / "data" / "replies.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
COMMANDS = (
    "/nhiemvu", "/choduyet", "/tonghop", "/apdung", "/giaithich", "/sukien", "/ngonngu",
    "/kenh", "/trogiup", "/start", "/help", "/huy", "/dangky",
)  # fmt: skip
CODES = ("R5", "R8", "R16", "R1", "R99", "r5", "R", "R5.", "R8:")
NUMBERS = (
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "12",
    "0",
    "007",
    "999",
    "1.",
    "số 2",
    "em chọn số 1 ạ",
    "chọn 3",
    "١",
    "²",
    "-1",
)
WORDS = (
    "hủy", "bỏ qua", "không phát sinh", "xác nhận", "trả lại", "đồng ý", "English", "cancel", "vâng ạ", "👍", "thôi",
    "12/18", "18/12", "60%", "101%", "15/10", "31/02", "29/09/2022", "99/99/9999", "31/12/9999", "1/1/1", "hôm nay",
    "cuối tháng", "hết quý", "1234/BC-SNV ngày 20/09/2022", "https://snv.quangnam.gov.vn/x?a=1&b=<2>", "xong", "vướng",
)  # fmt: skip
HOSTILE = (
    "<b>đậm</b><script>alert(1)</script>", "*_`[x](http://e.vn)~", "{0} {task} {}", "%s %d %n", "'; DROP TABLE report;--",
    "\x00\x01\x02", "\u202eđảo\u202d", "a\u0301" * 300, "\u200b", "\ufeff", "😀" * 1500, "9" * 4000, "\n" * 500,
    "R5 1\nR8 2\nR16 12/18", "R5 xong R8 xong R16 xong", " ", "\t", "\ud800", "Nhắn số để chọn:\n1. x", "Mục 1: 1 Xác nhận",
    "K7QP-2M9X-RTVB", "ＦＵＬＬ ＷＩＤＴＨ １", "xong " * 900, "không " * 900, "{red}đỏ{/red}", "&amp;&lt;", "٣/٤", "1e999%",
    "Mã tin: 1K9F2A.", "ЖЖЖ", "நிலை", "ไทย", "1/0", "0/0", "R5 " + "1" * 5000, "/sukien R1 31/12/9999", "/sukien 99999999999999",
    "/ngonngu \x00", "/giaithich R5 R8 R16", "tuần " * 700, "ngày 0 tháng 0",
)  # fmt: skip


def text(chance: random.Random) -> str:
    """Return one message: what people type, what they could, or pieces of it glued together."""
    kinds = (REPLIES, NUMBERS, NUMBERS, COMMANDS, WORDS, WORDS, HOSTILE)
    drawn = chance.choice(chance.choice(kinds))
    match chance.randrange(8):
        case 0:
            return f"{chance.choice(CODES)} {drawn}"
        case 1:
            return f"{drawn} {chance.choice(WORDS)}"
        case 2:
            return chance.choice(COMMANDS) + " " + chance.choice(CODES) + " " + drawn
        case 3:
            return "".join(
                chr(chance.choice((chance.randrange(32, 0x2FF), chance.randrange(0x1F000)))) for _ in range(12)
            )
        case _:
            return drawn


def action(chance: random.Random) -> str:
    """Return the data of a button: ours about anything, spoilt, or nobody's."""
    if chance.random() < 0.7:
        seen = chance.choice((0, 1, 2, chance.randrange(40), 738_000 + chance.randrange(400)))
        subject = chance.choice((0, chance.randrange(1, 12), chance.randrange(1, 60), chance.randrange(2**31)))
        return write_action(Action(verb=chance.choice(list(Verb)), subject=subject, seen=seen))
    made = write_action(Action(verb=chance.choice(list(Verb)), subject=chance.randrange(50)))
    at = chance.randrange(len(made))
    spoilt = (
        made[:at],
        made[:at] + chance.choice(":🙂A-\x00 ") + made[at:],
        made.upper(),
        made * 9,
        "",
        "2:o:1:0",
        "1:s1:-1:0",
    )
    return chance.choice(spoilt)
