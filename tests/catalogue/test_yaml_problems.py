"""What YAML cannot be, or may not be here, is said in plain words at its place."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import CatalogueError, parse_catalogue, read_texts

SMALL = read_texts(Path(__file__).parent / "small")
DUE = "    due: 2022-09-30\n"
OWNERS = "    owners: [snv]\n"


def slip(name: str, old: str, new: str, *said: str) -> Any:
    return pytest.param(old, new, said, id=name)


SLIPS = [
    slip(
        "repeated key",
        "    title: Kế hoạch\n",
        "    title: Kế hoạch\n    title: Khác\n",
        "31:5: khóa «title» viết hai lần; lần đầu ở dòng 30",
    ),
    slip(
        "repeated policy",
        "  nhe:\n",
        "  nhe: {remind: [0d]}\n  nhe:\n",
        "16:3: khóa «nhe» viết hai lần; lần đầu ở dòng 15",
    ),
    slip(
        "alias",
        OWNERS,
        "    owners: *chung\n",
        "31:13: dấu * (tham chiếu «*chung») không dùng ở đây; hãy viết lại nội dung",
    ),
    slip(
        "anchor",
        OWNERS,
        "    owners: &chung [snv]\n",
        "31:13: dấu & (nhãn «&chung») không dùng ở đây; hãy bỏ nhãn",
    ),
    slip(
        "tag",
        "title: Báo cáo",
        "title: !!python/name:os.system Báo cáo",
        "22:12: dấu ! (thẻ «tag:yaml.org,2002:python/name:os.system») không dùng ở đây; "
        "nếu là chữ, hãy đặt trong dấu nháy",
    ),
    slip(
        "second document",
        "tasks:\n",
        "---\ntasks:\n",
        "20:1: một tệp chỉ chứa một tài liệu; hãy bỏ dòng «---» này và phần sau nó",
    ),
    slip(
        "tab",
        "    title: Báo cáo\n",
        "\ttitle: Báo cáo\n",
        "22:1: thụt đầu dòng bằng phím Tab không được; hãy dùng dấu cách",
    ),
    slip(
        "colon in a sentence",
        "title: Báo cáo",
        "title: Báo cáo: quý",
        "22:19: dấu hai chấm làm máy hiểu nhầm; hãy đặt cả câu trong dấu nháy kép",
    ),
    slip(
        "open quote",
        "title: Báo cáo",
        'title: "Báo cáo',
        "24:39: dòng này thụt vào không khớp với các dòng cùng nhóm, hoặc một dấu nháy ở đây hay phía trên chưa đóng",
    ),
    slip(
        "open bracket",
        OWNERS,
        "    owners: [snv\n",
        "31:13: ngoặc [ hoặc { mở ở đây chưa đóng đúng, hoặc thiếu dấu phẩy giữa các phần",
    ),
    slip(
        "crooked indent",
        "    title: Báo cáo\n",
        "   title: Báo cáo\n",
        "22:4: dòng này phải bắt đầu bằng dấu gạch «- » như các dòng cùng danh sách",
    ),
    slip(
        "sign that needs quotes",
        "title: Báo cáo",
        "title: %Báo cáo",
        "22:12: ký tự này không đứng đầu một giá trị được; hãy đặt giá trị trong dấu nháy kép",
    ),
    slip(
        "key that is a list",
        DUE,
        DUE + "    [a]: b\n",
        "33:5: khóa phải là một từ, không phải danh sách hay nhóm «khóa: giá trị»",
    ),
    slip("too deep", "title: Báo cáo", "title: " + "[" * 30 + "]" * 30, "22:29: lồng nhau quá sâu (trên 20 cấp)"),
    slip(
        "unprintable character",
        "title: Báo cáo",
        "title: Báo\x07 cáo",
        "22:15: có ký tự không in được (U+0007); hãy xóa nó",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS)
def test_a_slip_of_yaml_is_said_in_plain_words(old: str, new: str, said: tuple[str, ...]) -> None:
    text = SMALL.plan.decode()
    assert text.count(old) == 1, "the place to spoil must be one place"

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, plan=text.replace(old, new).encode()))

    assert [str(problem) for problem in caught.value.problems] == [f"plan_tasks.yaml:{line}" for line in said]
