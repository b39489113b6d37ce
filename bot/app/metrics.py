"""What Prometheus is told. The library is imported when it first asks."""

from bot.store import Store, inbox, outbox


def metrics_text(store: Store, *, ready: dict[str, bool]) -> bytes:
    """Return the metrics in Prometheus' text format; counts come from the database, so they survive a restart."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest  # noqa: PLC0415  (lazy: 20 ms of a start)

    registry = CollectorRegistry()
    letters = Gauge("nhacviec_outbox", "Messages by channel and state.", ["channel", "state"], registry=registry)
    for (channel, state), number in store.read(outbox.counts).items():
        letters.labels(channel, state).set(number)
    heard = Gauge("nhacviec_inbox", "Updates heard by channel and state.", ["channel", "state"], registry=registry)
    for (channel, state), number in store.read(inbox.counts).items():
        heard.labels(channel, state).set(number)
    checks = Gauge("nhacviec_ready", "Whether a condition of being ready holds.", ["check"], registry=registry)
    for name, holds in ready.items():
        checks.labels(name).set(holds)
    return generate_latest(registry)
