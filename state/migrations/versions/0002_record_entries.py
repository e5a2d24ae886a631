"""What operators enter into the record, and documents that may belong there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "candidates",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("date", sa.Date()),
        sa.Column("citation", sa.Text()),
        sa.Column("kind", sa.Text()),
        sa.Column("accept", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Text()),
        sa.Column("why", sa.Text()),
        sa.UniqueConstraint("source_kind", "document", name="uq_candidates_source_kind_document"),
        sa.PrimaryKeyConstraint("id", name="pk_candidates"),
    )
    op.create_index("ix_candidates_status_found_at", "candidates", ["status", "found_at"])
    op.create_table(
        "record_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("date_precision", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text()),
        sa.Column("citation_missing", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("more_urls", sa.JSON(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("until_basis", sa.Text()),
        sa.Column("through", sa.Date()),
        sa.Column("signed_by", sa.Text()),
        sa.Column("caveat", sa.Text()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "candidate",
            sa.Text(),
            sa.ForeignKey("candidates.id", name="fk_record_entries_candidate"),
        ),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("why", sa.Text()),
        sa.Column("judged_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_record_entries"),
    )
