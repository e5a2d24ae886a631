"""Scrapy's downloader, held to its own limit of requests to one host, and to their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Coroutine
from typing import Any

from scrapy.core.downloader import Downloader, Slot
from scrapy.http import Request, Response
from twisted.internet.defer import Deferred


class StrictDownloader(Downloader):
    """Counts a request from the moment it is sent on its way, and sends the urgent ones first.

    Scrapy 2.19 counts it only once the task that sends it has begun to run, so that requests which
    queue up together for a host without a delay are all sent at once, whatever the limit. And those
    that wait for their host's delay it sends in the order in which they came, whatever their
    priority.
    """

    def _process_queue(self, slot: Slot) -> None:
        slot.queue = deque(sorted(slot.queue, key=lambda waiting: -waiting[0].priority))
        super()._process_queue(slot)

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)
