"""With which unit an occurrence counts where the unit it was given to has ended."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.calendar import local_day
from bot.domain.heirs import counted_with, holder
from bot.domain.plan import Plan
from bot.domain.standing import Standing
from bot.store.engine import Tx
from bot.store.tables import occurrence, report


class Handovers:
    """The units of a plan that have ended by a moment, and what they had finished; asked for row after row."""

    def __init__(self, tx: Tx, plan: Plan, *, as_of: datetime) -> None:
        self._plan = plan
        self._on = local_day(as_of)
        self.ended = frozenset(unit.id for unit in plan.ended if holder(plan, unit.id, self._on) != unit.id)
        self._done_at = _done_at(tx, self.ended)

    def unit_of(self, unit: str, *, report_id: int | None, stands: Standing) -> str:
        """Return the unit with which an occurrence counts; `report_id` is its latest report by then."""
        if unit not in self.ended:
            return unit
        done_at = None if report_id is None else self._done_at.get(report_id)
        return counted_with(self._plan, unit, stands=stands, done_at=done_at, on=self._on)


def _done_at(tx: Tx, units: Collection[str]) -> dict[int, datetime]:
    """Return since when each report of these units says what it says."""
    if not units:
        return {}
    since = func.coalesce(report.c.done_since, report.c.at).label("since")
    theirs = select(report.c.id, since).join(occurrence, occurrence.c.id == report.c.occurrence_id)
    return {row.id: row.since for row in tx.execute(theirs.where(occurrence.c.unit.in_(units)))}
