"""Do two sentences say the same words? How a quoted reason is compared with the one people
chose."""

import re
from collections import Counter

LEAST_COMMON = 0.5
FEWEST_WORDS = 6


def alike(one: str, other: str) -> bool:
    """Half of the words in common, or nearly all of the shorter one's when the longer is not thrice
    as long."""
    ours, theirs = (Counter(re.findall(r"\w+", text.lower())) for text in (one, other))
    short, long = sorted((ours.total(), theirs.total()))
    common = (ours & theirs).total()
    if not short:
        return False
    held = short >= FEWEST_WORDS and long <= 3 * short and common >= 0.9 * short
    return 2 * common / (short + long) >= LEAST_COMMON or held
