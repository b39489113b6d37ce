"""Nhắc Việc: a plan catalogue that follows itself up in the chat. The rooms, in the order of the flow:

    catalogue → domain.occurrences → domain.steps → jobs.remind → store.ledger + store.outbox → jobs.deliver → channels → people
    people → channels → store.inbox → conversation → store.reports → domain.standing → domain.compliance → jobs.summarise

Floors (a room imports only from floors below): cli · app · jobs|conversation|web · settings · catalogue|store|channels|reports ·
texts · ports · domain.
"""

__version__ = "0.1.0"
