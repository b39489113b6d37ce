"""The room costs nothing until a picture or a file is wanted."""

import subprocess
import sys

HEAVY = {"xlsxwriter", "resvg_py", "reportlab", "PIL", "openpyxl"}


def test_the_room_and_the_chart_import_nothing_heavy() -> None:
    program = "import sys, bot.reports, bot.reports.chart, bot.reports.tables; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert HEAVY & set(loaded) == set()
