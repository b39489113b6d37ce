"""Working days and hours of a Vietnamese office, with days off, make-up Saturdays and half days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")  # UTC+7 all year: no daylight saving since 1975
DAY = timedelta(days=1)
END_OF_DAY = time(23, 59, 59)  # a day ends at 24:00 (Bộ luật Dân sự 2015, Điều 148); written as the second before

_SATURDAY = 5

Hours = tuple[tuple[time, time], ...]
"""Openings and closings of a day, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days off, make-up working days and office hours, all local. A day in both sets is a working day.

    A half day is a working day with hours of its own, whatever the sets say of it. `version` is what the calendar calls
    itself ("sau 12729/VPCP-KGVX"); it is no rule, and calendars that differ in nothing else are equal.
    """

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    hours: Hours = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
    half_days: Mapping[date, Hours] = field(default_factory=dict, hash=False)
    version: str = field(default="", compare=False)

    def is_working_day(self, day: date) -> bool:
        """Return whether offices are open on this local day."""
        if day in self.working_days or day in self.half_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.days_off

    def hours_of(self, day: date) -> Hours:
        """Return when offices are open on this local day; nothing on a day off."""
        if not self.is_working_day(day):
            return ()
        return self.half_days.get(day, self.hours)

    def hour_on(self, day: date, wanted: time) -> time:
        """Return the hour at which what is planned for `wanted` is planned on this day.

        That is its opening on a half day that has closed by then: it would else leave only after the day.
        """
        half = self.half_days.get(day)
        return half[0][0] if half and half[-1][1] <= wanted else wanted

    def is_open(self, moment: datetime) -> bool:
        """Return whether `moment` (aware) falls in office hours; opening is inside, closing is outside."""
        local = moment.astimezone(LOCAL)
        return any(opens <= local.time() < closes for opens, closes in self.hours_of(local.date()))

    def next_open(self, moment: datetime) -> datetime:
        """Return `moment` if offices are open then, else the next opening, in the zone of `moment`."""
        if self.is_open(moment):
            return moment
        local = moment.astimezone(LOCAL)
        day = local.date()
        while True:
            for opens, _ in self.hours_of(day):
                opening = datetime.combine(day, opens, tzinfo=LOCAL)
                if opening > local:
                    return opening.astimezone(moment.tzinfo)
            day += DAY

    def open_before(self, moment: datetime, span: timedelta) -> datetime:
        """Return the latest moment from which up to `moment` offices were open for `span` in all, in the zone of `moment`."""
        local = moment.astimezone(LOCAL)
        day = local.date()
        while True:
            for opens, closes in reversed(self.hours_of(day)):
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
