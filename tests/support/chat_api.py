"""A stand-in for chat completions as OpenAI and servers like it give them.

https://platform.openai.com/docs/api-reference/chat/object
"""

import json

from tests.support.messages_api import Answer


def completion(text: str, *, finish_reason: str = "stop", tokens: int = 100) -> Answer:
    """A ``content_filter`` comes with what was written until then, a refusal in its own field."""
    refused = finish_reason == "refusal"
    said = {"content": None, "refusal": "I cannot."} if refused else {"content": text}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "model-test",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", **said},
                "finish_reason": "stop" if refused else finish_reason,
            }
        ],
        "usage": {
            "prompt_tokens": tokens,
            "completion_tokens": tokens,
            "total_tokens": 2 * tokens,
            "prompt_tokens_details": {"cached_tokens": tokens // 2},
        },
    }
    return Answer(body=json.dumps(body).encode())


def refusal(status: int, code: str = "error", **headers: str) -> Answer:
    body = {"error": {"message": "no", "type": "error", "param": None, "code": code}}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(body=json.dumps(body).encode(), status=status, headers=given)
