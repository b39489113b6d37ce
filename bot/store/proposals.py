"""Edited catalogues that wait for the admins' word, and what each admin said. At most one waits at any time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update

from bot.store.engine import Tx, insert_new, returned_id
from bot.store.tables import consent, person, proposal


class ProposalState(StrEnum):
    """What became of a proposal. AGREED: enough admins said yes, the next tick applies it."""

    OPEN = "open"
    AGREED = "agreed"
    APPLIED = "applied"
    REFUSED = "refused"
    SUPERSEDED = "superseded"  # the files, or the catalogue that runs, changed since


WAITING = (ProposalState.OPEN, ProposalState.AGREED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An edited catalogue. `over` is the revision it was compared with, `needs` how many admins must say yes."""

    id: int
    digest: str
    over: int
    needs: int
    state: ProposalState
    effects: Mapping[str, Any]
    proposed_at: datetime
    settled_at: datetime | None


_ABOUT = tuple(
    proposal.c[name] for name in ("id", "digest", "over", "needs", "state", "effects", "proposed_at", "settled_at")
)


def propose(
    tx: Tx,
    *,
    digest: str,
    texts: Mapping[str, str],
    effects: Mapping[str, Any],
    over: int,
    needs: int,
    now: datetime,
) -> int:
    """Store a proposal in place of the one that waits, if any; return its number."""
    supersede(tx, now=now)
    values = {"digest": digest, "texts": dict(texts), "effects": dict(effects), "over": over, "needs": needs}
    return returned_id(tx, insert(proposal).values(state=ProposalState.OPEN, proposed_at=now, **values))


def supersede(tx: Tx, *, now: datetime) -> bool:
    """Supersede the proposal that waits; return whether one did."""
    waits = update(proposal).where(proposal.c.state.in_(WAITING))
    return tx.execute(waits.values(state=ProposalState.SUPERSEDED, settled_at=now)).rowcount > 0


def get(tx: Tx, number: int, *, lock: bool = False) -> Proposal | None:
    """Return a proposal; locked, for what is about to be done with it, against everybody else."""
    chosen = select(*_ABOUT).where(proposal.c.id == number)
    return _read(tx.execute(chosen.with_for_update() if lock else chosen).first())


def waiting(tx: Tx) -> Proposal | None:
    """Return the proposal that waits for a word or, agreed to, for the next tick."""
    return _read(tx.execute(select(*_ABOUT).where(proposal.c.state.in_(WAITING)).limit(1)).first())


def newest(tx: Tx) -> Proposal | None:
    """Return the proposal made last, whatever became of it."""
    return _read(tx.execute(select(*_ABOUT).order_by(proposal.c.id.desc()).limit(1)).first())


def texts_of(tx: Tx, number: int) -> dict[str, str]:
    """Return the texts of a proposal's files by name."""
    return dict(tx.execute(select(proposal.c.texts).where(proposal.c.id == number)).scalar_one())


def consent_to(tx: Tx, number: int, *, person_id: int, says_yes: bool, now: datetime) -> int:
    """Note an admin's word, which takes the place of one said before; return how many have said yes."""
    word = "yes" if says_yes else "no"
    statement = insert_new(tx, "consent").values(proposal_id=number, person_id=person_id, word=word, at=now)
    tx.execute(
        statement.on_conflict_do_update(index_elements=["proposal_id", "person_id"], set_={"word": word, "at": now})
    )
    return len(agreed_by(tx, number))


def agreed_by(tx: Tx, number: int) -> tuple[str, ...]:
    """Return the names of the admins who said yes, in their order."""
    said = (consent.c.proposal_id == number, consent.c.word == "yes")
    named = select(person.c.name).join(consent, consent.c.person_id == person.c.id).where(*said)
    return tuple(tx.execute(named.order_by(consent.c.at, consent.c.id)).scalars())


def settle(tx: Tx, number: int, state: ProposalState, *, now: datetime) -> None:
    """Give a proposal another state."""
    settled_at = None if state in WAITING else now
    tx.execute(update(proposal).where(proposal.c.id == number).values(state=state, settled_at=settled_at))


def _read(row: Any) -> Proposal | None:
    return None if row is None else Proposal(**{**row._mapping, "state": ProposalState(row.state)})
