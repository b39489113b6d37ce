"""Keeps Python's garbage collector from getting in the way: it holds up every thread while it looks.

What the bot makes is freed without it, but for what few cycles errors and tasks leave. Measured on two shared cores:
imports at start took 0.15 s less; the event loop stood still for 120 ms in a tick, and then for 10 ms. One look at the
newest 50,000 objects stops everything for 30 ms, one at the newest 4,000 for 2: so few at a time while the bot answers.
"""

import gc


def search_seldom() -> None:
    """Look for garbage after 50,000 new objects instead of 700: nobody waits for us yet."""
    gc.set_threshold(50_000, 20, 100)


def leave_what_is_there() -> None:
    """Leave everything made so far out of every later search: modules, tables, the plan. From here on somebody waits."""
    gc.freeze()
    gc.set_threshold(4_000, 250, 100)
