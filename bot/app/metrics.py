"""What Prometheus is told. The library is imported when it first asks."""

import logging
from collections import Counter
from datetime import datetime

from bot.store import Store, Tx, audits, bafflement, inbox, notices, outbox
from bot.store.notices import NoticeKind

log = logging.getLogger(__name__)

Rows = dict[tuple[str, ...], float]

GAUGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "nhacviec_outbox": ("Messages by channel and state.", ("channel", "state")),
    "nhacviec_in_doubt": ("Messages that left and were never answered, by channel.", ("channel",)),
    "nhacviec_oldest_waiting_seconds": ("How long the oldest message waits that may go; 0 for none.", ()),
    "nhacviec_inbox": ("Updates heard by channel and state.", ("channel", "state")),
    "nhacviec_notices": ("Matters for the admins that last, by kind and whether they were told.", ("kind", "told")),
    "nhacviec_silenced": ("Chats that are not answered for now when they are not understood.", ()),
    "nhacviec_catalogue_age_seconds": ("How long the running catalogue counts.", ()),
    "nhacviec_catalogue_refused_seconds": ("How long the files on disk fail their check; 0 while they pass.", ()),
    "nhacviec_leader": ("Whether this process has the lease: it ticks, sends and answers.", ()),
    "nhacviec_ready": ("Whether a condition of being ready holds.", ("check",)),
}


def metrics_text(store: Store, *, ready: dict[str, bool], leads: bool, now: datetime) -> bytes:
    """Return the metrics in Prometheus' text format; counts come from the database, so they survive a restart.

    Where the database does not answer, only the conditions of being ready are told.
    """
    from prometheus_client import CollectorRegistry, Gauge, generate_latest  # noqa: PLC0415  (lazy: 20 ms of a start)

    try:
        counted = store.read(lambda tx: _counted(tx, now))
    except Exception:
        log.exception("metrics not counted")
        counted = {}
    counted["nhacviec_ready"] = {(name,): float(holds) for name, holds in ready.items()}
    counted["nhacviec_leader"] = {(): float(leads)}
    registry = CollectorRegistry()
    for name, rows in counted.items():
        about, labels = GAUGES[name]
        gauge = Gauge(name, about, labels, registry=registry)
        for values, number in rows.items():
            (gauge.labels(*values) if labels else gauge).set(number)
    return generate_latest(registry)


def _counted(tx: Tx, now: datetime) -> dict[str, Rows]:
    letters = outbox.counts(tx)
    doubts: Counter[str] = Counter()
    for (channel, state), number in letters.items():
        doubts[channel] += number if state == "in_doubt" else 0
    lasting = notices.standing(tx)
    matters = Counter((each.kind.value, "yes" if each.told_at else "no") for each in lasting)
    found: dict[str, Rows] = {
        "nhacviec_outbox": {key: float(number) for key, number in letters.items()},
        "nhacviec_in_doubt": {(channel,): float(number) for channel, number in doubts.items()},
        "nhacviec_oldest_waiting_seconds": {(): _age(audits.oldest_waiting(tx, now=now), now)},
        "nhacviec_inbox": {key: float(number) for key, number in inbox.counts(tx).items()},
        "nhacviec_notices": {key: float(number) for key, number in matters.items()},
        "nhacviec_silenced": {(): float(bafflement.silent(tx, now=now))},
    }
    refused = [each.since for each in lasting if each.kind is NoticeKind.CATALOGUE_REFUSED]
    found["nhacviec_catalogue_refused_seconds"] = {(): _age(min(refused, default=None), now)}
    if (applied_at := audits.applied_at(tx)) is not None:
        found["nhacviec_catalogue_age_seconds"] = {(): _age(applied_at, now)}
    return found


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
