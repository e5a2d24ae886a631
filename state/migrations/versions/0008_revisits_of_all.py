"""Which articles are due to be visited again, whatever their source; tries in vain to do so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column and the index; nothing is known of earlier tries."""
    attempts = sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0"))
    op.add_column("articles", attempts)
    op.create_index("ix_articles_next_visit_at", "articles", ["next_visit_at"])
