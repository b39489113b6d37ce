"""Working days and hours of a Vietnamese office, with days off and make-up Saturdays."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")  # UTC+7 all year: no daylight saving since 1975
DAY = timedelta(days=1)
END_OF_DAY = time(23, 59, 59)  # a day ends at 24:00 (Bộ luật Dân sự 2015, Điều 148); written as the second before

_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days off, make-up working days and office hours, all local. A day in both sets is a working day."""

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    hours: tuple[tuple[time, time], ...] = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))

    def is_working_day(self, day: date) -> bool:
        """Return whether offices are open on this local day."""
        if day in self.working_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.days_off

    def is_open(self, moment: datetime) -> bool:
        """Return whether `moment` (aware) falls in office hours; opening is inside, closing is outside."""
        local = moment.astimezone(LOCAL)
        if not self.is_working_day(local.date()):
            return False
        return any(opens <= local.time() < closes for opens, closes in self.hours)

    def next_open(self, moment: datetime) -> datetime:
        """Return `moment` if offices are open then, else the next opening, in the zone of `moment`."""
        if self.is_open(moment):
            return moment
        local = moment.astimezone(LOCAL)
        day = local.date()
        while True:
            if self.is_working_day(day):
                for opens, _ in self.hours:
                    opening = datetime.combine(day, opens, tzinfo=LOCAL)
                    if opening > local:
                        return opening.astimezone(moment.tzinfo)
            day += DAY

    def open_before(self, moment: datetime, span: timedelta) -> datetime:
        """Return the latest moment from which up to `moment` offices were open for `span` in all, in the zone of `moment`."""
        local = moment.astimezone(LOCAL)
        day = local.date()
        while True:
            for opens, closes in reversed(self.hours) if self.is_working_day(day) else ():
                opening = datetime.combine(day, opens, tzinfo=LOCAL)
                closing = min(datetime.combine(day, closes, tzinfo=LOCAL), local)
                if closing - opening >= span:
                    return (closing - span).astimezone(moment.tzinfo)
                span -= max(closing - opening, timedelta())
            day -= DAY

    def working_day_on_or_before(self, day: date) -> date:
        """Return `day` itself if it is a working day, else the nearest one before it."""
        while not self.is_working_day(day):
            day -= DAY
        return day

    def working_day_on_or_after(self, day: date) -> date:
        """Return `day` itself if it is a working day, else the nearest one after it."""
        while not self.is_working_day(day):
            day += DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day `count` working days after `day` (before it when negative); 0 gives `day` itself."""
        step = DAY if count > 0 else -DAY
        left = abs(count)
        while left:
            day += step
            if self.is_working_day(day):
                left -= 1
        return day


def local_moment(day: date, clock: time) -> datetime:
    """Return the aware local moment of a wall-clock time on a day."""
    return datetime.combine(day, clock, tzinfo=LOCAL)


def local_day(moment: datetime) -> date:
    """Return the local calendar day of an aware moment."""
    return moment.astimezone(LOCAL).date()
