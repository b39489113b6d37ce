"""Every table. Rows never leave the store; other rooms see the frozen values of the sibling modules.

Moments are aware UTC. Enumerations are stored as their words, so that an export can be read without this code.
"""

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

from bot.store.tables import columns, mail, people, work  # before any table is looked up

METADATA: MetaData = SQLModel.metadata


def table(name: str) -> Table:
    """Return the Core table of this name, for set-based statements."""
    return METADATA.tables[name]


person = table("person")
contact = table("contact")
membership = table("membership")
absence = table("absence")
invite = table("invite")
guess = table("guess")
group_chat = table("group_chat")
bafflement = table("bafflement")
revision = table("revision")
event_date = table("event_date")
proposal = table("proposal")
consent = table("consent")
occurrence = table("occurrence")
due_change = table("due_change")
report = table("report")
remark = table("remark")
evidence = table("evidence")
decision = table("decision")
ledger = table("ledger")
summary = table("summary")
outbox = table("outbox")
inbox = table("inbox")
question = table("question")
mark = table("mark")
served = table("served")
notice = table("notice")
lease = table("lease")

__all__ = ["METADATA", "columns", "mail", "people", "table", "work"]
