"""Worker processes that can be killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from crawler.workers import (
    JobFailure,
    PageJob,
    PagePool,
    PageResult,
    PoolLimits,
    Task,
    WorkerStartError,
    page_task,
    process_page,
)
from extract.reader import load_reader
from tests.support import jobs
from tests.support.records import own_watch

ROOT = Path(__file__).resolve().parents[2]
QUICK = PoolLimits(workers=2, deadline=1.0, memory=1024**3)
TASK = Task(jobs.prepare, jobs.do, ("page",))


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def _gone(pid: int, within: float) -> bool:
    end = time.monotonic() + within
    while _is_running(pid) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return not _is_running(pid)


async def test_job_result_comes_back() -> None:
    """The result of the work comes back as it was returned."""
    async with PagePool(TASK, QUICK) as pool:
        assert await pool.run(("good", 7)) == "page 7"


async def test_exactly_the_bad_jobs_fail() -> None:
    """Of a hundred jobs those that hang, abort, eat memory or raise fail, and no other."""
    bad = {13: "hang", 37: "abort", 58: "hog", 71: "raise", 90: "abort"}
    async with PagePool(TASK, QUICK) as pool:
        outcomes = await asyncio.gather(
            *(pool.run((bad.get(number, "good"), number)) for number in range(100))
        )

    failed = {n: o.kind for n, o in enumerate(outcomes) if isinstance(o, JobFailure)}
    assert failed == {13: "timeout", 37: "crashed", 58: "memory", 71: "error", 90: "crashed"}
    assert all(outcomes[n] == f"page {n}" for n in range(100) if n not in bad)


async def test_hanging_worker_is_gone() -> None:
    """A worker whose job passed the deadline no longer runs, and a new one takes its place."""
    async with PagePool(TASK, PoolLimits(workers=1, deadline=0.5)) as pool:
        before = await pool.run(("pid", 0))
        await pool.run(("hang", 0))
        after = await pool.run(("pid", 0))

        assert isinstance(before, int)
        assert not _is_running(before)
        assert before != after


async def test_worker_is_recycled() -> None:
    """A worker is replaced after the number of jobs it may do."""
    async with PagePool(TASK, PoolLimits(workers=1, jobs_each=2)) as pool:
        pids = [await pool.run(("pid", 0)) for _ in range(4)]

    assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_output_of_a_job_disturbs_nothing() -> None:
    """What a job prints does not mix with its result."""
    async with PagePool(TASK, QUICK) as pool:
        assert await pool.run(("print", 1)) == "page 1"


async def test_close_in_the_midst_of_a_job() -> None:
    """Closing ends a job that runs within two seconds; it and the waiting ones fail as closed."""
    pool = PagePool(TASK, PoolLimits(workers=1, deadline=60))
    await pool.start()
    pid = await pool.run(("pid", 0))
    running = asyncio.create_task(pool.run(("hang", 0)))
    waiting = asyncio.create_task(pool.run(("good", 1)))
    await asyncio.sleep(0.1)
    begin = time.monotonic()
    await pool.close()
    took = time.monotonic() - begin
    outcomes = await asyncio.gather(running, waiting)

    assert took < 2
    assert [o.kind for o in outcomes if isinstance(o, JobFailure)] == ["closed", "closed"]
    assert isinstance(pid, int)
    assert not _is_running(pid)


async def test_cancelled_job_frees_its_place() -> None:
    """A cancelled job's worker is ended and the next job gets a new one."""
    async with PagePool(TASK, PoolLimits(workers=1, deadline=60)) as pool:
        running = asyncio.create_task(pool.run(("hang", 0)))
        await asyncio.sleep(0.1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

        assert await pool.run(("good", 2)) == "page 2"


async def test_failing_initializer_is_told() -> None:
    """A pool whose initializer raises cannot be started, and says why."""
    pool = PagePool(Task(jobs.refuse, jobs.do, ("lexicon broken",)), QUICK)
    with pytest.raises(WorkerStartError, match="lexicon broken"):
        await pool.start()


async def test_slow_initializer_is_given_up() -> None:
    """A worker that does not become ready in time is given up."""
    pool = PagePool(Task(jobs.never_ready, jobs.do), PoolLimits(workers=1, start_within=0.5))
    with pytest.raises(WorkerStartError, match="within"):
        await pool.start()


PAGE = """<html><head><title>Roads report is out</title></head><body><article>
<h1>Roads report is out</h1><p>The ministry published the yearly report on roads on Monday, and said
that the repairs of the mountain pass will take until autumn.</p></article></body></html>"""


@pytest.fixture
def lexicons(tmp_path):
    """A folder with one lexicon, which loads sooner than all."""
    return own_watch(tmp_path, langs=("en",)) / "lexicons"


@pytest.fixture
def reader(lexicons):
    """A reader by that lexicon."""
    return load_reader(lexicons)


async def test_pages_are_read_in_workers(reader) -> None:
    """A page comes back as article with its reading; a page without article with the reason."""
    async with PagePool(page_task(reader), PoolLimits(workers=1)) as pool:
        page = await pool.run(PageJob(PAGE.encode(), url="https://example.org/1"))
        other = await pool.run(PageJob(b"%PDF-1.7"))

    assert isinstance(page, PageResult)
    assert page.article is not None
    assert page.article.title == "Roads report is out"
    assert page.reading is not None
    assert page.reading.mentions == ()
    assert isinstance(other, PageResult)
    assert other.not_article is not None
    assert other.not_article.kind == "not_html"


async def test_a_new_worker_reads_as_the_one_before(lexicons, reader) -> None:
    """What changed in the folder since does not make the next worker read otherwise."""
    page = PAGE.replace("Roads report is out", "Section 907 was defenestrated by the White House")
    own = ('lang = "en"\n[[entry]]\nkind = "action"\nvalue = "repeal"\n'
           'patterns = ["defenestrat~ve"]\nmatch = ["Trump defenestrated the section"]\n'
           'unlike = ["a fenestrated wall"]\n')  # fmt: skip
    # One that has read already is handed over as well.
    first = process_page(reader, PageJob(page.encode()))
    async with PagePool(page_task(reader), PoolLimits(workers=1, jobs_each=1)) as pool:
        before = await pool.run(PageJob(page.encode()))
        (lexicons / "own.toml").write_text(own, encoding="utf-8")
        after = await pool.run(PageJob(page.encode()))

    later = process_page(load_reader(lexicons), PageJob(page.encode()))
    assert isinstance(before, PageResult)
    assert before.reading is not None
    assert before.reading.mentions
    assert [first, first] == [before, after]
    assert before != later


async def test_page_states_its_date_before_the_feed(reader) -> None:
    """The date and title of the way in are used only where the page states none."""
    stated = PAGE.replace(
        "<h1>", '<time itemprop="datePublished" datetime="2024-03-05"></time><h1>'
    )
    async with PagePool(page_task(reader), PoolLimits(workers=1)) as pool:
        results = [
            await pool.run(PageJob(page.encode(), title="Feed", published=date(2025, 1, 1)))
            for page in (PAGE, stated)
        ]

    articles = [result.article for result in results if isinstance(result, PageResult)]
    assert [date(2025, 1, 1), date(2024, 3, 5)] == [a.published for a in articles if a]
    assert ["Roads report is out"] * 2 == [a.title for a in articles if a]


PARENT = """
import asyncio, sys
from crawler.workers import PagePool, PoolLimits, Task
from tests.support import jobs

async def main():
    pool = PagePool(Task(jobs.prepare, jobs.do, ("page",)), PoolLimits(workers=2, deadline=600))
    await pool.start()
    running = [asyncio.create_task(pool.run(("pid", 0))) for _ in range(2)]
    print(*await asyncio.gather(*running), *(w._process.pid for w in pool._all), flush=True)
    await asyncio.gather(*(pool.run((kind, 600)) for kind in ("hang", "sleep")))

asyncio.run(main())
"""


async def test_workers_die_with_a_killed_parent() -> None:
    """When the parent is killed outright, its busy workers end too."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = set(map(int, parent.stdout.readline().split()))
        await asyncio.sleep(0.3)
        running = [_is_running(pid) for pid in pids]
        os.kill(parent.pid, signal.SIGKILL)

    assert len(pids) == 2
    assert all(running)
    assert all([await _gone(pid, within=3) for pid in pids])
