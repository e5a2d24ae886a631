"""How copies of a text are found, and the findings that another one tells of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create both tables; articles that are stored already are placed when they are next read."""
    op.create_table(
        "sketches",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_sketches"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_sketches_article_id"),
    )
    op.create_table(
        "bands",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_bands"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_bands_article_id"),
    )
    op.create_index("ix_bands_article_id", "bands", ["article_id"])
    op.create_index("ix_revisions_warc_file", "revisions", ["warc_file"])
    op.add_column("findings", sa.Column("copy_of", sa.Text()))
    op.create_index("ix_findings_copy_of", "findings", ["copy_of"])
