"""Everything to be said, once each. A row precedes every request on the wire."""

from bot.store.outbox.claims import CLAIM_LIFE, Claimed, claim, doubt_stale, expire, postpone, settle
from bot.store.outbox.doubts import repeat, settle_named, settle_pressed, settle_repeated
from bot.store.outbox.letters import LIFE, REPEATED, SETTLED_BY_MORE, Lane, Letter, State, letters, reference
from bot.store.outbox.queue import counts, next_moment, people_told, person_of, post, put, read_out
from bot.store.outbox.superseding import supersede

__all__ = [
    "CLAIM_LIFE",
    "LIFE",
    "REPEATED",
    "SETTLED_BY_MORE",
    "Claimed",
    "Lane",
    "Letter",
    "State",
    "claim",
    "counts",
    "doubt_stale",
    "expire",
    "letters",
    "next_moment",
    "people_told",
    "person_of",
    "post",
    "postpone",
    "put",
    "read_out",
    "reference",
    "repeat",
    "settle",
    "settle_named",
    "settle_pressed",
    "settle_repeated",
    "supersede",
]
