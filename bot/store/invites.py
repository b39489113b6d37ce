"""One-time codes: hashed at rest, expiring, single use, slow to guess."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, insert, select, update

from bot.domain.plan import Role
from bot.store.engine import Tx, returned_id
from bot.store.tables import guess, invite

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: they are read wrong from paper
DIGITS = frozenset("23456789")  # a code has one at least: «em dang xem xet» is an answer and no code
CODE_LENGTH = 12  # 31^12 is 59 bits: no guessing on line, and a stolen hash is not undone within the days a code lives
GUESS_WINDOW = timedelta(minutes=15)
GUESSES_PER_CHAT = 5
GUESSES_OVERALL = 300  # many chats guessing together; far above what a province mistypes in a quarter of an hour


class Refusal(StrEnum):
    """Why a code was not taken."""

    UNKNOWN = "unknown"  # also used or expired: a guesser learns nothing
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a code gives: a role in a unit, or with `for_person` a further chat to somebody who has joined."""

    id: int
    unit: str
    role: Role
    name: str
    for_person: int | None = None


def new_code() -> str:
    """Return a fresh code, twelve letters and digits in three groups: "K7QP-2M9X-RTVB"."""
    letters = ""
    while DIGITS.isdisjoint(letters):
        letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def looks_like_code(text: str) -> bool:
    """Return whether a text may be meant as a code, in any spacing and case."""
    if "/" in text:  # «3456/UBND-KSTT» is a document's number
        return False
    letters = _bare(text)
    return len(letters) == CODE_LENGTH and set(letters) <= set(ALPHABET) and not DIGITS.isdisjoint(letters)


def create(
    tx: Tx, *, code: str, unit: str, role: Role, name: str, now: datetime, days: int, for_person: int | None = None
) -> datetime:
    """Store an invitation by the hash of its code; return when it expires."""
    expires_at = now + timedelta(days=days)
    values = {"unit": unit, "role": role, "name": name, "for_person": for_person}
    lives = {"created_at": now, "expires_at": expires_at}
    returned_id(tx, insert(invite).values(code_hash=_hash(code), **values, **lives))
    return expires_at


def redeem(tx: Tx, *, code: str, channel: str, chat_id: str, now: datetime) -> Invitation | Refusal:
    """Use up a code and return what it gives; a wrong one is counted against the chat."""
    if _guesses(tx, channel=channel, chat_id=chat_id, now=now):
        return Refusal.TOO_MANY
    # One conditional UPDATE: of two people typing the same code at once, one gets in.
    row = tx.execute(
        update(invite)
        .where(invite.c.code_hash == _hash(code), invite.c.used_at.is_(None), invite.c.expires_at > now)
        .values(used_at=now)
        .returning(invite.c.id, invite.c.unit, invite.c.role, invite.c.name, invite.c.for_person)
    ).first()
    if row is None:
        tx.execute(insert(guess).values(channel=channel, chat_id=chat_id, at=now))
        return Refusal.UNKNOWN
    return Invitation(id=row.id, unit=row.unit, role=Role(row.role), name=row.name, for_person=row.for_person)


def give_back(tx: Tx, invite_id: int) -> None:
    """Make a code good again that was of no use where it was typed."""
    tx.execute(update(invite).where(invite.c.id == invite_id).values(used_at=None))


def set_user(tx: Tx, *, invite_id: int, person_id: int) -> None:
    """Remember who used an invitation."""
    tx.execute(update(invite).where(invite.c.id == invite_id).values(used_by=person_id))


def _guesses(tx: Tx, *, channel: str, chat_id: str, now: datetime) -> bool:
    tx.execute(delete(guess).where(guess.c.at < now - GUESS_WINDOW))
    here = select(func.count()).where(guess.c.channel == channel, guess.c.chat_id == chat_id)
    overall = select(func.count()).select_from(guess)
    return tx.execute(here).scalar_one() >= GUESSES_PER_CHAT or tx.execute(overall).scalar_one() >= GUESSES_OVERALL


def _bare(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(_bare(code).encode()).hexdigest()
