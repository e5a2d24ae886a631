"""A chat room behind Apprise's plain JSON service, on loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

_ID = re.compile(r"\[(\w+)\]\Z")


@dataclass
class Room:
    """What a room got, and how it answers.

    Attributes:
        url: Its address for Apprise, with a secret in it.
        answers: The statuses of the next answers; 200 where there is none.
    """

    url: str = ""
    got: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """The ids that the messages end with."""
        return [found[1] for one in self.got if (found := _ID.search(one["message"]))]

    def take(self, request: Request) -> Response:
        """Answers one message."""
        self.got.append(json.loads(request.get_data()))
        return Response(status=self.answers.pop(0) if self.answers else 200)


@contextmanager
def chat_room() -> Iterator[Room]:
    """Runs a room until the block ends."""
    made = Room()
    with HTTPServer(host="127.0.0.1") as server:
        server.expect_request("/token-secret").respond_with_handler(made.take)
        made.url = f"json://127.0.0.1:{server.port}/token-secret"
        yield made
