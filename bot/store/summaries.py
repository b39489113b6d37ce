"""Published weekly summaries, frozen, and the few words the bot must remember over a restart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.store.engine import Tx, insert_new
from bot.store.tables import mark, summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A summary as it went out; `digest` is the SHA-256 of its figures and text."""

    week: str
    as_of: datetime
    published_at: datetime
    figures: dict[str, Any]
    text: str
    digest: str


def publish(tx: Tx, new: Published) -> bool:
    """Freeze a week's summary; False where that week was published before."""
    statement = insert_new(tx, "summary").values(
        week=new.week,
        as_of=new.as_of,
        published_at=new.published_at,
        figures=new.figures,
        text=new.text,
        digest=new.digest,
    )
    done = tx.execute(statement.on_conflict_do_nothing(index_elements=["week"]).returning(summary.c.week))
    return done.first() is not None


def get(tx: Tx, week: str) -> Published | None:
    """Return the published summary of a week ("2022-W39")."""
    row = tx.execute(select(summary).where(summary.c.week == week)).first()
    return None if row is None else Published(**row._mapping)


def before(tx: Tx, week: str) -> Published | None:
    """Return the latest published summary of an earlier week."""
    row = tx.execute(select(summary).where(summary.c.week < week).order_by(summary.c.week.desc()).limit(1)).first()
    return None if row is None else Published(**row._mapping)


def latest_before(tx: Tx, week: str, *, most: int) -> tuple[Published, ...]:
    """Return the last published summaries of weeks before this one, newest first."""
    chosen = select(summary).where(summary.c.week < week).order_by(summary.c.week.desc()).limit(most)
    return tuple(Published(**row._mapping) for row in tx.execute(chosen))


def remember(tx: Tx, name: str, word: str) -> None:
    """Remember a word under a name."""
    statement = insert_new(tx, "mark").values(name=name, word=word)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"word": word}))


def recall(tx: Tx, name: str) -> str | None:
    """Return the word remembered under a name."""
    return tx.execute(select(mark.c.word).where(mark.c.name == name)).scalar()
