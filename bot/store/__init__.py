"""The database: tables, whole transactions, and one module of statements per thing remembered."""

from bot.store.engine import Store, Tx

__all__ = ["Store", "Tx"]
