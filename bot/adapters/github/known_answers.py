"""What GitHub answered before, so that what has not changed is neither sent nor counted again."""

import threading
from collections import OrderedDict
from typing import Final, NamedTuple

import httpx

MOST_ANSWERS: Final = 500


class Place(NamedTuple):
    """What was asked, and on whose account: nobody is told what another may see."""

    account: int
    path: str


class KnownAnswers:
    """The answers asked for most recently. Safe to share between threads."""

    def __init__(self, *, most: int = MOST_ANSWERS) -> None:
        self._most = most
        self._kept: OrderedDict[Place, httpx.Response] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, place: Place) -> httpx.Response | None:
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
            return self._kept.get(place)

    def keep(self, place: Place, answer: httpx.Response) -> None:
        """Only where GitHub gave it an ETag to ask by."""
        if not answer.is_success or "etag" not in answer.headers:
            return
        # A copy: the answer itself holds on to its connection.
        headers = {
            name: answer.headers[name] for name in ("etag", "link") if name in answer.headers
        }
        copy = httpx.Response(
            answer.status_code, headers=headers, content=answer.content, request=answer.request
        )
        with self._lock:
            self._kept[place] = copy
            self._kept.move_to_end(place)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
