"""Generated learnings files: well kept, badly kept, and mutilated."""

from hypothesis import strategies as st

from bot.core.learnings import STATES, NewEntry, Reference

WORDS = [
    *(
        "pool",
        "cache",
        "tile",
        "label",
        "joins",
        "one",
        "never",
        "keeps",
        "drops",
        "`code`",
        "a.b",
        "(why)",
        "don't",
    ),
    *("\u00e9t\u00e9", "\u2014", "#5", "50", "%", "docs/x.md"),
]
TAGS = ["tiles", "labels", "storage", "fonts", "api-v2"]

numbers = st.integers(1, 60)
references = st.builds(
    Reference,
    st.integers(1, 9999),
    st.sampled_from(["", "PR"]),
    st.sampled_from(["", "", "owner/repo", "tiles"]),
)
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
new_entries = st.builds(
    NewEntry,
    head=st.one_of(
        numbers.map(lambda n: f"#{n}"),
        st.tuples(numbers, numbers).map(lambda pair: f"#{pair[0]} / PR #{pair[1]}"),
        st.tuples(numbers, numbers).map(lambda pair: f"#{pair[0]} + #{pair[1]}"),
        numbers.map(lambda n: f"Discussion #{n}"),
    ),
    state=st.sampled_from(STATES),
    takeaway=sentences,
    modifiers=st.sampled_from([(), ("umbrella",), ("PR #7",), ("retired by #8",)]),
    parent=st.lists(references, max_size=1).map(tuple),
    winner=st.lists(references, max_size=2).map(tuple),
    superseded_by=st.lists(references, max_size=1).map(tuple),
    see=st.sampled_from(["", "src/pool.py", "docs/a.md \u2192 Sizing, src/b.py::C"]),
    tags=st.lists(st.sampled_from(TAGS), max_size=3, unique=True).map(tuple),
)

HEADS = [
    "**#{n}**",
    "**#{n} / PR #{m}**",
    "#{n}",
    "**PR #{n}**",
    "**#{n}/#{m}**",
    "**#{n} that did it**",
    "[#{n}](u)",
]
ENTRY_STATES = [
    " (merged)",
    " (won't-fix)",
    "",
    " (open, declined)",
    " (retired by #{m})",
    " merged",
    " (shipped)",
]
DASHES = [" \u2014 ", " - ", ": ", " -- ", " "]
TAILS = [
    " Parent: #{m}.",
    " Winner: PR #{m}",
    " Superseded: #{m}.",
    " See:src/a.py,docs/b.md\u2192 C.",
    " See: x",
    " Children: #{m} (a) / #7",
]
ENDS = ["", " [tags: tiles, labels]", " *[tags:fonts]*", " Tags: storage", " <!-- c -->", "  "]


@st.composite
def written_entries(draw: st.DrawFn) -> str:
    """An entry as somebody may have written it, perhaps on several lines."""
    n, m = draw(numbers), draw(numbers)
    text = "".join(
        [
            draw(st.sampled_from(["- ", "- ", "* ", "  - ", "1. ", "\t- ", "-  "])),
            draw(st.sampled_from(HEADS)),
            draw(st.sampled_from(ENTRY_STATES)),
            draw(st.sampled_from(DASHES)),
            draw(sentences),
            draw(st.sampled_from([".", "", "\n  and on"])),
            *draw(st.lists(st.sampled_from(TAILS), max_size=3)),
            draw(st.sampled_from(ENDS)),
        ]
    )
    return text.replace("{n}", str(n)).replace("{m}", str(m))


OTHER = [
    *(
        "",
        "",
        "# Learnings",
        "## Tiles",
        "Labels\n======",
        "prose about #3 (merged)",
        "- a point",
        "```\n- **#1** (merged) \u2014 x\n```",
    ),
    *(
        "<!-- a\n- **#2** (merged) \u2014 x\n-->",
        "| #3 | a |\n|----|---|",
        "> quoted",
        "    code",
        "---",
        "~~~",
        "  indented",
        "\u00a0",
        "[x]: y",
    ),
]
blocks = st.one_of(written_entries(), written_entries(), st.sampled_from(OTHER))


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Any file somebody may keep: line ends, byte order mark and last line as they come."""
    text = "\n".join(draw(st.lists(blocks, max_size=12)))
    text += draw(st.sampled_from(["\n", "", "\n\n"]))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from(["", "", "\ufeff", "---\ntitle: x\n---\n"])) + text


DAMAGE = [
    "\x00",
    "\r",
    "\n",
    "`",
    "```",
    "<!--",
    "-->",
    "**",
    "(",
    ")",
    "[",
    "]",
    "\u2028",
    "\u200b",
    "\t",
    "<<<<<<< a",
    "#",
    ":",
    "\\",
]


@st.composite
def mutilated(draw: st.DrawFn) -> str:
    """A file after an accident: pieces cut out, doubled, or struck by stray characters."""
    text = draw(documents())
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        piece = draw(
            st.one_of(st.sampled_from(DAMAGE), st.just(text[start:end] * 2), st.text(max_size=3))
        )
        text = text[:start] + piece + text[end:]
    return text
