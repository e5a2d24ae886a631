"""Where the bytes of pages are kept: what may be deleted of them, and what is forgotten then."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, or_, select, update

from state.tables import findings, revisions


def forget_pages(connection: Connection, files: Collection[str]) -> list[str]:
    """Forget where pages are that lie in files of the archive which nobody needs any more.

    A file is needed while it holds a page, of any revision, of an article with an open finding, or
    that an open finding lists as a copy.

    Args:
        connection: The open transaction.
        files: Those that are old enough to be deleted.

    Returns:
        Those that may be deleted now.
    """
    holder = findings.alias("holder")
    needed = connection.execute(
        select(revisions.c.warc_file)
        .join(findings, findings.c.article_id == revisions.c.article_id)
        .outerjoin(holder, holder.c.id == findings.c.copy_of)
        .where(
            findings.c.status == "open",
            or_(holder.c.id.is_(None), holder.c.status == "open"),
            revisions.c.warc_file.in_(files),
        )
        .distinct()
    ).scalars()
    free = sorted(set(files) - set(needed))
    connection.execute(
        update(revisions)
        .where(revisions.c.warc_file.in_(free))
        .values(warc_file=None, warc_offset=None, warc_sha256=None)
    )
    return free
