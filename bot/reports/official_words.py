"""Days, moments and spans as official papers write them."""

from datetime import date, datetime

from bot.domain.calendar import local_day
from bot.domain.compliance import WeekFigures
from bot.reports import words


def official_day(day: date) -> str:
    """Return a day as official papers write it: 24/8/2022 and 05/01/2023, a zero before days below 10 and months 1, 2.

    Nghị định 30/2020/NĐ-CP, phụ lục I, phần II, mục I.4.
    """
    return f"{day.day:02d}/{official_month(day)}/{day.year}"


def official_month(day: date) -> str:
    """Return a day's month as official papers write it."""
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


def period(figures: WeekFigures) -> str:
    """Return the span reported on: "tuần 39 (từ ngày 26/9/2022 đến ngày 02/10/2022)"."""
    span = f"từ ngày {official_day(figures.starts)} đến ngày {official_day(figures.ends)}"
    _, parted, number = figures.week.partition("-W")
    return f"tuần {int(number)} ({span})" if parted else span


def official_moment(moment: datetime) -> str:
    """Return a moment as a report says it: "10 giờ 00 ngày 30/9/2022"."""
    time = words.moment(moment).partition(" ")[0].replace(":", " giờ ")
    return f"{time} ngày {official_day(local_day(moment))}"
