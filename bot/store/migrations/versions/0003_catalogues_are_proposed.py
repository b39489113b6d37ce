"""Catalogues are proposed and agreed to; a revision says who applied it, how, and what it did."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What was applied before says that it came with a start, by nobody known."""
    with op.batch_alter_table("revision") as table:
        table.add_column(sa.Column("who", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("cause", sa.String(), nullable=False, server_default="start"))
        table.add_column(sa.Column("effects", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("event_date") as table:
        table.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("effects", sa.JSON(), nullable=False),
        sa.Column("over", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_state", "proposal", ["state"])
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_consent_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("proposal_id", "person_id", name=op.f("uq_consent_proposal_id_person_id")),
    )
