"""Who is asked about a unit's tasks: its focal points who are there, or its heads while no focal point can be asked.

Of a unit that has ended these are the people of whoever carries on for it. Nobody is asked who is away: the deputy they
named is, or the others.
"""

from dataclasses import dataclass
from datetime import date

from bot.domain.heirs import holder
from bot.domain.plan import Plan, Role
from bot.store import Tx, absences, contacts
from bot.store.contacts import Addressee


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The people asked for a unit, each in one chat. `is_instead`: heads, because no focal point can be asked.

    `is_absence`: the unit has focal points who could be reached, and all of them are away.
    """

    people: tuple[Addressee, ...] = ()
    is_instead: bool = False
    is_absence: bool = False


class WhoIsAsked:
    """Everybody who may be asked on a local day, by unit, as one transaction sees it."""

    def __init__(self, tx: Tx, *, plan: Plan, on: date) -> None:
        self._plan = plan
        self._on = on
        focals, heads = contacts.addressees(tx, Role.FOCAL), contacts.addressees(tx, Role.HEAD)
        away = absences.on(tx, on)
        self._linked = frozenset(focals)
        if away:
            deputies = {unit: (*focals.get(unit, ()), *heads.get(unit, ())) for unit in {**focals, **heads}}
            focals, heads = (absences.there(people, away, deputies) for people in (focals, heads))
        self._focals, self._heads = focals, heads

    def of(self, unit: str) -> Asked:
        """Return who is asked for a unit; nobody where neither a focal point nor a head can be asked."""
        unit = self.holder(unit)
        if unit in self._focals:
            return Asked(people=self._focals[unit])
        return Asked(people=self._heads.get(unit, ()), is_instead=True, is_absence=unit in self._linked)

    def heads_of(self, unit: str) -> tuple[Addressee, ...]:
        """Return the heads who hear of what is late in a unit, or who stands in for them."""
        return self._heads.get(self.holder(unit), ())

    def holder(self, unit: str) -> str:
        """Return the unit that answers for another: itself while it lives."""
        return holder(self._plan, unit, self._on)
