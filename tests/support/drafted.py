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
        kept = {"verdict": "keep", "fault": None, "evidence": ANCHORS_REFUSED}
        return message(json.dumps(kept))
    material = json.loads(request["messages"][0]["content"].splitlines()[1])
    said = next(
        (
            remark["id"]
            for remark in material["thread"]["remarks"]
            if ANCHORS_REFUSED in remark["text"]
        ),
        None,
    )
    reply = {
        "outcome": "turned_down",
        "shown_by": said,
        "decided_by": said,
        "quotes": [{"remark": said, "text": ANCHORS_REFUSED}],
        "grade": 3,
        "admit": True,
        "reason_class": "wont_fix_rationale",
        "takeaway": TAKEAWAY,
        "winner": None,
        "superseded_by": None,
        "parent": None,
        "reverts": None,
        "tags": [],
    }
    return message(json.dumps({**reply, **other}))
