"""The tables as this version of the program wants them; ``migrations/`` brings a database here."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

# No database stores these in text; pages contain them all the same.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: str) -> str:
    """The text with each character that no database takes replaced, so that offsets still count."""
    return _UNSTORABLE.sub("\ufffd", value)


def dump_json(value: object) -> str:
    """JSON that keeps every script readable in the database."""
    return storable(json.dumps(value, ensure_ascii=False)).replace("\\u0000", "\ufffd")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python, on every database; a naive time is refused as a fault."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        utc = value.astimezone(UTC)
        # SQLite keeps no offset: the stored text is UTC by convention.
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn what the database kept into an aware time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SafeText(TypeDecorator[str]):
    """Text from the open web."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        return None if value is None else storable(value)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)


def _required(name: str, kind: Any, default: str | None = None) -> Column[Any]:
    return Column(name, kind, nullable=False, server_default=text(default) if default else None)


sources = Table(
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last_polled_at", UtcDateTime),
    Column("last_ok_at", UtcDateTime),
    Column("last_new_at", UtcDateTime),
    Column("next_poll_at", UtcDateTime),
    _required("failures_in_row", Integer, "0"),
    Column("last_error", SafeText),
    _required("links_last", Integer, "0"),
    Column("etag", SafeText),
    Column("last_modified", SafeText),
    # What the next poll is decided from; see state.pacing.
    Column("not_before", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("window", Text),
    Column("gap", Float),
    Column("last_fresh_at", UtcDateTime),
    Column("overlap", Float),
    Column("missed_at", UtcDateTime),
)

# A link with due_at is open: being fetched until then, or to be fetched from then on.
links = Table(
    "links",
    metadata,
    Column("url", SafeText, primary_key=True),
    Column("source", Text),
    Column("title", SafeText),
    Column("outlet", SafeText),
    Column("published", Date),
    _required("found_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("outcome", Text),
    Column("settled_at", UtcDateTime),
    _required("attempts", Integer, "0"),
    Column("error", SafeText),
    Index("ix_links_source_due_at", "source", "due_at"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    _required("url", SafeText),
    _required("source", Text),
    _required("outlet", SafeText),
    Column("title", SafeText),
    Column("lang", Text),
    Column("published", Date),
    Column("modified", Date),
    Column("author", SafeText),
    _required("text_hash", Text),
    _required("revision", Integer),
    _required("verdict", Text),
    _required("severity", Text),
    _required("accurate_context", Boolean),
    Column("cluster", Text),
    _required("first_seen_at", UtcDateTime),
    _required("last_seen_at", UtcDateTime),
    _required("visits", Integer, "0"),
    # Tries in vain since the last visit.
    _required("attempts", Integer, "0"),
    Column("next_visit_at", UtcDateTime),
    Column("etag", SafeText),
    Column("last_modified", SafeText),
    UniqueConstraint("url"),
    Index("ix_articles_source_next_visit_at", "source", "next_visit_at"),
    Index("ix_articles_next_visit_at", "next_visit_at"),
    Index("ix_articles_cluster", "cluster"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), nullable=False),
    _required("number", Integer),
    Column("title", SafeText),
    _required("text", SafeText),
    _required("text_hash", Text),
    Column("lang", Text),
    Column("published", Date),
    _required("seen_at", UtcDateTime),
    _required("reading", JSON),
    _required("verdict", Text),
    _required("severity", Text),
    _required("accurate_context", Boolean),
    _required("versions", Text),
    Column("warc_file", Text),
    Column("warc_offset", BigInteger),
    Column("warc_sha256", Text),
    PrimaryKeyConstraint("article_id", "number"),
    Index("ix_revisions_warc_file", "warc_file"),
)

# By these, copies of a text are found: see extract.sketch. An article has one sketch and a few
# dozen keys; articles that share a key are compared.
sketches = Table(
    "sketches",
    metadata,
    Column("article_id", Integer, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    _required("sketch", LargeBinary),
    _required("kind", Text),
)

bands = Table(
    "bands",
    metadata,
    Column("key", BigInteger, nullable=False),
    Column("article_id", Integer, ForeignKey("articles.id"), nullable=False),
    PrimaryKeyConstraint("key", "article_id"),
    Index("ix_bands_article_id", "article_id"),
)

findings = Table(
    "findings",
    metadata,
    Column("id", Text, primary_key=True),
    _required("article_id", Integer),
    _required("revision", Integer),
    _required("rule", Text),
    _required("status", Text),
    _required("severity", Text),
    _required("verdict", Text),
    _required("message", SafeText),
    _required("claim", JSON),
    _required("record", JSON),
    _required("opened_at", UtcDateTime),
    _required("updated_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("why", SafeText),
    # The finding that tells of this one too, as a copy; such a finding is not listed itself.
    Column("copy_of", Text),
    # A reader's word that the finding is right.
    Column("confirmed_at", UtcDateTime),
    Column("confirmed_by", SafeText),
    Column("confirmed_why", SafeText),
    ForeignKeyConstraint(["article_id", "revision"], ["revisions.article_id", "revisions.number"]),
    Index(
        "uq_findings_one_open",
        "article_id",
        "rule",
        unique=True,
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
    Index("ix_findings_status_updated_at", "status", "updated_at"),
    Index("ix_findings_copy_of", "copy_of"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True),
    _required("id", Text),
    _required("key", Text),
    _required("type", Text),
    _required("channel", Text),
    _required("recipient", Text),
    _required("payload", JSON),
    _required("not_before", UtcDateTime),
    _required("held", Boolean),
    Column("thread", Text),
    Column("in_reply_to", Text),
    _required("status", Text),
    _required("attempts", Integer, "0"),
    _required("created_at", UtcDateTime),
    # Queued: not sent before it. Leased: the lease's end.
    _required("due_at", UtcDateTime),
    Column("last_error", SafeText),
    Column("delivered_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    # Folded: the message that told its recipient of this one among others.
    Column("folded_into", Text),
    UniqueConstraint("id"),
    UniqueConstraint("key"),
    Index("ix_outbox_status_due_at", "status", "due_at"),
    Index("ix_outbox_thread", "thread"),
    Index("ix_outbox_channel_recipient", "channel", "recipient"),
)

channels = Table(
    "channels",
    metadata,
    Column("name", Text, primary_key=True),
    _required("disabled_at", UtcDateTime),
    _required("reason", SafeText),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    _required("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("summary", JSON),
)

# Documents that watchers found and that may belong into the record; law only once entered.
candidates = Table(
    "candidates",
    metadata,
    Column("id", Text, primary_key=True),
    _required("source_kind", Text),
    _required("document", SafeText),
    _required("title", SafeText),
    _required("url", SafeText),
    Column("date", Date),
    Column("citation", SafeText),
    Column("kind", Text),
    _required("accept", SafeText),
    _required("found_at", UtcDateTime),
    _required("status", Text),
    Column("settled_at", UtcDateTime),
    Column("settled_by", SafeText),
    Column("why", SafeText),
    UniqueConstraint("source_kind", "document"),
    Index("ix_candidates_status_found_at", "status", "found_at"),
)

# Events that operators added to the record. Never deleted: what was entered wrongly is withdrawn.
record_entries = Table(
    "record_entries",
    metadata,
    Column("id", Text, primary_key=True),
    _required("date", Date),
    _required("date_precision", Text),
    _required("kind", Text),
    _required("instrument", SafeText),
    _required("confidence", Text),
    Column("citation", SafeText),
    Column("citation_missing", SafeText),
    Column("url", SafeText),
    _required("more_urls", JSON),
    Column("until", Date),
    Column("until_basis", Text),
    Column("through", Date),
    Column("signed_by", SafeText),
    Column("caveat", SafeText),
    _required("note", SafeText),
    Column("candidate", Text, ForeignKey("candidates.id")),
    _required("entered_at", UtcDateTime),
    _required("entered_by", SafeText),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", SafeText),
    Column("why", SafeText),
    # When the stored articles had been judged by it (or without it, once withdrawn).
    Column("judged_at", UtcDateTime),
)

# The states in which watchers of official sources saw their subjects; the key is a hash of both.
sightings = Table(
    "sightings",
    metadata,
    Column("key", Text, primary_key=True),
    _required("subject", SafeText),
    _required("state", SafeText),
    _required("source", Text),
    _required("seen_at", UtcDateTime),
    Index("ix_sightings_subject", "subject"),
)

validators = Table(
    "validators",
    metadata,
    Column("url", SafeText, primary_key=True),
    Column("etag", SafeText),
    Column("last_modified", SafeText),
)

# Articles that a search names by title and outlet, until the outlet's own ways in lead to them.
leads = Table(
    "leads",
    metadata,
    Column("key", SafeText, primary_key=True),
    _required("source", Text),
    _required("title", SafeText),
    _required("folded", SafeText),
    _required("outlet", SafeText),
    _required("site", SafeText),
    Column("published", Date),
    _required("noted_at", UtcDateTime),
    Column("url", SafeText),
    Column("found_at", UtcDateTime),
    Index("ix_leads_noted_at", "noted_at"),
)
