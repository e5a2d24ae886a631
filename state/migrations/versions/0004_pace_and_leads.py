"""How sources keep their pace, and the leads of searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns and the table; whoever was told of a failing source is not told again."""
    for column in (
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.Column("window", sa.Text()),
        sa.Column("gap", sa.Float()),
        sa.Column("last_fresh_at", sa.DateTime(timezone=True)),
        sa.Column("overlap", sa.Float()),
        sa.Column("missed_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("sources", column)
    op.execute("UPDATE sources SET failing_since = last_polled_at WHERE failures_in_row >= 3")
    op.create_table(
        "leads",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("published", sa.Date()),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("found_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("key", name="pk_leads"),
    )
    op.create_index("ix_leads_noted_at", "leads", ["noted_at"])
