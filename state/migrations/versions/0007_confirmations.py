"""Who confirmed a finding, when, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns; nothing was confirmed before."""
    op.add_column("findings", sa.Column("confirmed_at", sa.DateTime(timezone=True)))
    op.add_column("findings", sa.Column("confirmed_by", sa.Text()))
    op.add_column("findings", sa.Column("confirmed_why", sa.Text()))
