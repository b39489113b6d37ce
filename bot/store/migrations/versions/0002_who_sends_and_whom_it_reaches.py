"""Who sends (lease, epochs), whose turn it is, what the admins must know, and which chat a person wants first."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Columns are added in place: an outbox of a million rows costs nothing."""
    _columns()
    op.create_table(
        "bafflement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("chat_id", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bafflement")),
        sa.UniqueConstraint("channel", "chat_id", name=op.f("uq_bafflement_channel_chat_id")),
    )
    op.create_table(
        "served",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("chat_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_served")),
        sa.UniqueConstraint("channel", "chat_id", name=op.f("uq_served_channel_chat_id")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_table(
        "event_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_date")),
    )
    op.create_index(op.f("ix_event_date_task_id"), "event_date", ["task", "id"])
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )


def _columns() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
        outbox.add_column(sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
        never = "1970-01-01 00:00:00.000000"
        outbox.add_column(sa.Column("served_at", sa.DateTime(timezone=True), nullable=False, server_default=never))
        outbox.drop_index("ix_outbox_state_lane_id")
        outbox.drop_index("ix_outbox_channel_chat_id_id")
        outbox.create_index("ix_outbox_turn", ["state", "lane", "served_at", "id"])
        outbox.create_index("ix_outbox_chat", ["channel", "chat_id", "state", "lane", "id"])
    with op.batch_alter_table("contact") as contact:
        contact.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        contact.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("invite") as invite:
        invite.add_column(sa.Column("for_person", sa.Integer(), nullable=True))
