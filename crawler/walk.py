"""One pass over sources and known articles: keeps what comes, says what to fetch next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import structlog

from alerts.judge import Judgement
from alerts.record_changes import Applied, apply_judgement
from crawler.answers import Errand, Fetched, FetchFailure, PageFetch, WayIn
from crawler.discovery import Discovery, SourceVisit
from crawler.errors import ArchiveError, ListingError
from crawler.interstitials import interstitial
from crawler.keeping import keeper_of, last_page
from crawler.leads import LeadFollower
from crawler.pages import (
    article_url,
    failure_of_status,
    moved_away,
    next_try,
    next_visit,
    postpone,
    revisit,
)
from crawler.parts import PageError, PassParts, Plan
from crawler.reasons import of_own_address
from crawler.report import ArticleCounts, PassReport, SourceReport
from crawler.revisits import HostVisit
from crawler.sources import Answer, Listed, Listing
from crawler.visits import conclude, first_errand, note_answer
from extract.article import Article, NotArticle
from extract.claim import Reading
from extract.sketch import sketch_of
from state.revising import same_extractor
from state.store import ArticleWrite, LinkOutcome, SourceHealth

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)


class Walk:
    """The state of one pass."""

    def __init__(self, plan: Plan, parts: PassParts, report: PassReport) -> None:
        self.limits = plan.limits
        self.robots = parts.robots
        self.report = report
        self._parts = parts
        self._discovery = Discovery(parts.store, parts.audience, plan.choice, parts.jitter)
        self._leads = LeadFollower(parts.store, plan.outlets, report.leads)
        self._outlets = plan.outlets
        self._visits = [SourceVisit(source, SourceReport(source.name)) for source in plan.sources]
        self._again = plan.again
        self._taken = {one.url for visit in plan.again for one in visit.due}
        self._closed = False
        self._health: dict[str, SourceHealth] = {}
        report.sources = [visit.report for visit in self._visits]

    async def prepare(self) -> None:
        """Looks up what the last polls left to ask with.

        Raises:
            StateError: The database could not be used.
        """
        self._health = {one.name: one for one in await self._keep(self._parts.store.source_health)}
        await self._keep(self._leads.prepare, self._parts.clock())

    def begin(self) -> list[Errand]:
        """The ways in, each with what the last poll left to ask with, and the known articles."""
        ways = [first_errand(visit, self._health.get(visit.source.name)) for visit in self._visits]
        again = [
            revisit(one, visit, self._parts.versions) for visit in self._again for one in visit.due
        ]
        return [*ways, *again]

    async def take_listing(self, way: WayIn, fetched: Fetched) -> list[Errand]:
        """Follows what a way in lists."""
        return self._follow(way.visit, await self._take_listing(way, fetched))

    async def miss_listing(self, way: WayIn, failure: FetchFailure) -> list[Errand]:
        """Notes the failure; links that are due once more are fetched nevertheless."""
        return self._follow(way.visit, await self._miss_listing(way, failure))

    async def take_page(self, page: PageFetch, fetched: Fetched) -> None:
        """Remembers a page, or reads, judges and writes it."""
        await self._take_page(page, fetched)
        self._follow(page.visit, [])

    async def miss_page(self, page: PageFetch, failure: FetchFailure) -> None:
        """Keeps that a page could not be had, and when to try again."""
        await self._miss_page(page, failure)
        self._follow(page.visit, [])

    def close(self) -> None:
        """Ends the walk: what fails from now on was broken off. May be called again."""
        self._closed = True
        for visit in self._visits:
            if visit.report.outcome == "polling":
                visit.report.outcome = "stopped"

    def _follow(self, visit: SourceVisit | HostVisit, errands: list[Errand]) -> list[Errand]:
        """One errand is done, and these follow; hosts with none left are free for other passes."""
        visit.errands += len(errands) - 1
        if not visit.errands:
            self._parts.traffic.done(visit if isinstance(visit, HostVisit) else visit.source)
        return errands

    async def _keep(self, work: Callable[..., _T], *arguments: object) -> _T:
        # One at a time: SQLite has one writer, and threads that queue for it only time out.
        async with self._parts.traffic.writing:
            return await asyncio.to_thread(work, *arguments)

    # Sources

    async def _take_listing(self, way: WayIn, fetched: Fetched) -> list[Errand]:
        failure = failure_of_status(fetched)
        if failure:
            return await self._miss_listing(way, failure)
        if fetched.status == 304:
            return await self._listed(way, Listing(), fetched)
        barrier = interstitial(fetched.url, fetched.body, fetched.content_type)
        if barrier:
            return await self._miss_listing(way, FetchFailure("lasting", f"answered {barrier}"))
        answer = Answer(fetched.url, fetched.body, fetched.content_type)
        try:
            listing = await self._parts.reader.read_listing(
                way.visit.source.kind, answer, self.limits.max_page
            )
        except ListingError as error:
            return await self._miss_listing(way, FetchFailure("lasting", str(error)))
        return await self._listed(way, listing, fetched)

    async def _miss_listing(self, way: WayIn, failure: FetchFailure) -> list[Errand]:
        if self._closed:
            return []
        visit = way.visit
        reason = f"{way.url}: {failure.reason}" if way.depth else failure.reason
        visit.report.error = visit.report.error or of_own_address(reason, way.url)
        visit.fault = visit.fault or failure.fault
        visit.wait = max(visit.wait, failure.asked)
        return await self._answered(visit, ())

    async def _take_page(self, page: PageFetch, fetched: Fetched) -> None:
        failure = failure_of_status(fetched) or moved_away(page, fetched)
        if failure:
            return await self._miss_page(page, failure)
        for counts in self._counts(page):
            counts.fetched += 1
        self.report.articles.revisited += page.is_revisit
        if fetched.status == 304:
            await self._not_modified(page)
        else:
            await self._read(page, fetched)
        return self._parts.progress(self.report)

    async def _miss_page(self, page: PageFetch, failure: FetchFailure) -> None:
        if self._closed:
            # Broken off by the pass's own end, which says nothing of the page.
            return
        for counts in self._counts(page):
            counts.failed += 1
        await self._postpone(page, failure)
        self._parts.progress(self.report)

    def _counts(self, page: PageFetch) -> list[SourceReport | ArticleCounts]:
        """Where a page counts: among all, and, where it is new, with the source that lists it."""
        articles = self.report.articles
        return [articles] if isinstance(page.visit, HostVisit) else [articles, page.visit.report]

    async def _listed(self, way: WayIn, listing: Listing, fetched: Fetched) -> list[Errand]:
        visit = way.visit
        visit.answered = True
        visit.is_listed = visit.is_listed or fetched.status != 304
        visit.shown.update([one.url for one in listing.links], [one.key for one in listing.leads])
        if listing.leads:
            now = self._parts.clock()
            visit.report.links += len(listing.leads)
            await self._keep(self._leads.note, visit.source, listing.leads, now)
        if way.depth == 0:
            note_answer(visit, listing, fetched)
        nested = self._nested(way, listing)
        visit.asked += len(nested)
        return [*nested, *await self._answered(visit, listing.links)]

    def _nested(self, way: WayIn, listing: Listing) -> list[Errand]:
        """The sitemaps that an index names, as many as one pass asks for."""
        visit = way.visit
        if way.depth >= self.limits.depth:
            return []
        room = self.limits.nested - len(visit.sitemaps)
        new = [url for url in listing.nested if url not in visit.sitemaps][: max(room, 0)]
        visit.sitemaps.update(new)
        return [WayIn(url, visit, way.depth + 1) for url in new]

    async def _answered(self, visit: SourceVisit, links: tuple[Listed, ...]) -> list[Errand]:
        now = self._parts.clock()
        fetches: list[Errand] = await self._keep(self._due, visit, links, now)
        # Not before that wait: the last way in concludes, and must not while this one is at it.
        visit.asked -= 1
        if visit.is_done:
            conclude(visit)
            queued = await self._keep(self._discovery.record, visit, now)
            # Not added to in one step: that would read the number before the wait.
            self.report.messages.queued += queued
        self._parts.progress(self.report)
        return fetches

    def _due(self, visit: SourceVisit, links: tuple[Listed, ...], now: datetime) -> list[Errand]:
        found = self._leads.settle(visit.source, links, now)
        claimed = self._discovery.claim(visit, links, now, found)
        new = [
            PageFetch(link.url, visit, link.published, link.attempts)
            for link in claimed
            if link.url not in self._taken
        ]
        self._taken.update(page.url for page in new)
        visit.report.new += len(new)
        return [*new]

    # Pages

    async def _read(self, page: PageFetch, fetched: Fetched) -> None:
        answer = Answer(article_url(page, fetched), fetched.body, fetched.content_type)
        reader = self._parts.reader
        try:
            result = await (reader.read_page if page.is_revisit else reader.first_read)(answer)
        except PageError as error:
            return await self._miss_page(page, FetchFailure("gone", str(error)))
        if result is None:
            return await self._pass_over(page, fetched)
        if isinstance(result, NotArticle):
            return await self._no_article(page, result)
        article, reading = result
        self.report.articles.extracted += 1
        article = replace(article, url=answer.url, published=article.published or page.published)
        baseline = await self._baseline(page)
        return await self._judge(page, fetched, article, reading, baseline)

    async def _pass_over(self, page: PageFetch, fetched: Fetched) -> None:
        barrier = interstitial(fetched.url, fetched.body, fetched.content_type)
        if barrier:
            for counts in self._counts(page):
                counts.fetched -= 1
            return await self._miss_page(page, FetchFailure("temporary", f"answered {barrier}"))
        self.report.articles.skipped_irrelevant += 1
        return await self._settle(page, "irrelevant")

    async def _baseline(self, page: PageFetch) -> Article | None:
        """A known article's last text as it is extracted now, where that may be another text."""
        if not page.is_revisit or same_extractor(page.versions, self._parts.versions):
            return None
        parts = self._parts
        try:
            kept = await asyncio.to_thread(last_page, parts.store, parts.archive, page.url)
            result = await parts.reader.read_page(kept) if kept else None
            return result[0] if isinstance(result, tuple) else None
        except PageError:
            return None
        except ArchiveError as error:
            # The visit goes on: the text that is kept is compared instead.
            _log.warning("page cannot be read any more", url=page.url, why=str(error))
            return None

    async def _judge(
        self,
        page: PageFetch,
        fetched: Fetched,
        article: Article,
        reading: Reading,
        baseline: Article | None,
    ) -> None:
        judgement = self._parts.judge(article, reading)
        if not page.is_revisit and self._is_beside_the_point(judgement, article):
            self.report.articles.skipped_irrelevant += 1
            return await self._settle(page, "irrelevant")
        now = self._parts.clock()
        write = ArticleWrite(
            source=self._source_name(page),
            outlet=self._outlet_name(page, article.url or page.url),
            article=article,
            reading=reading,
            verdict=judgement.verdict,
            severity=judgement.severity,
            accurate_context=judgement.accurate_context,
            now=now,
            versions=self._parts.versions,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            next_visit_at=self._next_visit(page, judgement, now),
            sketch=sketch_of(article.text),
            keep=keeper_of(self._parts.archive, fetched, now),
            baseline=baseline,
        )
        self._count(judgement, await self._keep(self._write, page, write, judgement))
        return None

    def _source_name(self, page: PageFetch) -> str:
        return page.source if isinstance(page.visit, HostVisit) else page.visit.source.name

    def _outlet_name(self, page: PageFetch, url: str) -> str:
        """As the settings name it; of an article whose source they no longer know, as it was."""
        source = self._outlets.source(self._source_name(page))
        return self._outlets.name_for(source, url) if source else page.outlet

    def _next_visit(self, page: PageFetch, judgement: Judgement, now: datetime) -> datetime | None:
        """What could not be judged the first time will not be better for coming back."""
        if judgement.verdict == "unjudged" and not page.is_revisit:
            return None
        return next_visit((page.visits or 0) + 1, now, self.limits)

    def _is_beside_the_point(self, judgement: Judgement, article: Article) -> bool:
        """Whether an article is not worth keeping; one that no lexicon reads may well be."""
        if judgement.verdict != "unjudged":
            return judgement.verdict == "irrelevant"
        return not self._parts.may_name_law(f"{article.title or ''}\n{article.text}")

    def _write(self, page: PageFetch, write: ArticleWrite, judgement: Judgement) -> Applied:
        """Article, findings and messages, and that the link is done: all or nothing."""
        with self._parts.store.unit() as unit:
            applied = apply_judgement(unit, write, judgement, self._parts.audience)
            if not page.is_revisit:
                unit.settle_link(page.url, "article", write.now)
            return applied

    def _count(self, judgement: Judgement, applied: Applied) -> None:
        articles, findings = self.report.articles, self.report.findings
        articles.relevant += judgement.verdict not in ("irrelevant", "unjudged")
        articles.revised += applied.saved.text_changed
        articles.unchanged += not applied.saved.is_new and not applied.saved.text_changed
        findings.opened += len(applied.opened)
        findings.corrected += len(applied.corrected)
        findings.updated += len(applied.updated)
        self.report.messages.queued += applied.queued

    async def _not_modified(self, page: PageFetch) -> None:
        self.report.articles.not_modified += 1
        self.report.articles.unchanged += 1
        now = self._parts.clock()
        when = next_visit((page.visits or 0) + 1, now, self.limits)
        await self._keep(self._parts.store.postpone_revisit, page.url, now, when)

    async def _no_article(self, page: PageFetch, result: NotArticle) -> None:
        if page.is_revisit:
            return await self._postpone(page, FetchFailure("gone", result.reason))
        return await self._settle(page, "not_article", result.reason)

    async def _settle(
        self, page: PageFetch, outcome: LinkOutcome, error: str | None = None
    ) -> None:
        now = self._parts.clock()
        await self._keep(self._parts.store.settle_link, page.url, outcome, now, None, error)

    async def _postpone(self, page: PageFetch, failure: FetchFailure) -> None:
        now, store = self._parts.clock(), self._parts.store
        if page.is_revisit:
            later = next_try(page, failure, now, self.limits)
            return await self._keep(store.postpone_revisit, page.url, now, later.at, later.attempts)
        retry = postpone(page, failure, now, self.limits)
        outcome: LinkOutcome = "forbidden" if failure.kind == "forbidden" else "failed"
        return await self._keep(
            store.settle_link, page.url, outcome, now, retry.retry_at, retry.error
        )
