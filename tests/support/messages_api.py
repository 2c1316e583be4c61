"""A stand-in for Claude's Messages API on loopback: answers what it was told, remembers what it was
asked.

https://docs.claude.com/en/api/messages
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final

LEAST_CACHED: Final = {"claude-sonnet-5-5": 1_024}
# Each answer ends its connection: a client that a test leaves behind then has no socket left to be
# collected with it.
ALWAYS: Final = {"content-type": "application/json", "connection": "close"}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """``cut`` closes the connection in the middle of the body; ``counted``: the service adds what
    the question used."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    counted: bool = False


def message(text: str, *, stop_reason: str = "end_turn", tokens: int | None = None) -> Answer:
    """`tokens` are read and written, each; None: as the service counts them."""
    body: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-test",
        "content": [{"type": "text", "text": text}] if text else [],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": tokens, "output_tokens": tokens},
    }
    return Answer(body=json.dumps(body).encode(), counted=tokens is None)


def failure(status: int, kind: str = "api_error", **headers: str) -> Answer:
    body = {"type": "error", "error": {"type": kind, "message": "no"}}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(body=json.dumps(body).encode(), status=status, headers=given)


class MessagesApi:
    """`reply` gets the request's JSON and gives the answer; ``asked`` holds every request in
    order."""

    def __init__(self, reply: Callable[[dict[str, Any]], Answer]) -> None:
        self.reply = reply
        self.asked: list[dict[str, Any]] = []
        self.prefixes: set[str] = set()
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                api.asked.append(request)
                answer = api.reply(request)
                if answer.counted:
                    answer = replace(answer, body=api.count(request, answer.body))
                self.send_response(answer.status)
                for name, value in {**ALWAYS, **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header(
                    "content-length", str(len(answer.body) + (100 if answer.cut else 0))
                )
                self.end_headers()
                self.wfile.write(answer.body)
                self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def count(self, request: dict[str, Any], body: bytes) -> bytes:
        """Four characters are a token. A marked prefix that is long enough for its model is put
        into the cache once, and read from it afterwards.
        https://docs.claude.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance
        """
        answer = json.loads(body)
        prefix = "".join(block["text"] for block in request["system"])
        marked = any("cache_control" in block for block in request["system"])
        turns = "".join(turn["content"] for turn in request["messages"])
        cached = marked and len(prefix) // 4 >= LEAST_CACHED.get(request["model"], 4_096)
        known = (key := f"{request['model']} {prefix}") in self.prefixes
        if cached:
            self.prefixes.add(key)
        answer["usage"] = {
            "input_tokens": len(turns) // 4 + (0 if cached else len(prefix) // 4),
            "cache_creation_input_tokens": len(prefix) // 4 if cached and not known else 0,
            "cache_read_input_tokens": len(prefix) // 4 if cached and known else 0,
            "output_tokens": sum(len(block.get("text", "")) for block in answer["content"]) // 4,
        }
        return json.dumps(answer).encode()

    def __enter__(self) -> "MessagesApi":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
