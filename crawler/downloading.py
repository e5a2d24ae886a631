"""Scrapy's downloader, held to its own limit of requests to one host."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from scrapy.core.downloader import Downloader, Slot
from scrapy.http import Request, Response
from twisted.internet.defer import Deferred


class StrictDownloader(Downloader):
    """Counts a request from the moment it is sent on its way.

    Scrapy 2.19 counts it only once the task that sends it has begun to run, so that requests which
    queue up together for a host without a delay are all sent at once, whatever the limit.
    """

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)
