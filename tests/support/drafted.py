"""An answer of a model that drafts."""

import json
from typing import Any

from tests.support.messages_api import Answer, message
from tests.support.tales import ANCHORS_REFUSED

TAKEAWAY = (
    "YAML anchors stay out of the configuration, because an alias hides the value from"
    " whoever reviews the"
    " change."
)


def answer(request: dict[str, Any], **other: Any) -> Answer:
    """What a good model says: to the drafter's question a draft, to the critic's a quotation."""
    if "last reader" in request["system"][0]["text"]:
        return message(json.dumps({"verdict": "keep", "evidence": ANCHORS_REFUSED}))
    reply = {
        "admit": True,
        "reason_class": "wont_fix_rationale",
        "state": "not-planned",
        "quotes": [ANCHORS_REFUSED],
        "takeaway": TAKEAWAY,
        "winner": None,
        "superseded_by": None,
        "parent": None,
        "reverts": None,
        "tags": [],
    }
    return message(json.dumps({**reply, **other}))
