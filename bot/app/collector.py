"""Keeps Python's garbage collector from getting in the way: it holds up every thread while it looks.

What the bot makes is freed without it, but for what few cycles errors and tasks leave. Measured on two shared cores:
imports at start took 0.15 s less; the event loop stood still for 120 ms in a tick, and then for 10 ms.
"""

import gc


def search_seldom() -> None:
    """Look for garbage after 50,000 new objects instead of 700."""
    gc.set_threshold(50_000, 20, 100)


def leave_what_is_there() -> None:
    """Leave everything made so far out of every later search: modules, tables, the plan."""
    gc.freeze()
