"""Which message told of another one, so that its correction can answer it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; what was folded before is taken to have been told."""
    op.add_column("outbox", sa.Column("folded_into", sa.Text()))
    op.create_index("ix_outbox_channel_recipient", "outbox", ["channel", "recipient"])
