"""What of an issue's text says something: without templates, without the depths of stack traces."""

import re
from collections.abc import Iterator
from typing import Final

COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
LINK_TARGET: Final = re.compile(r"\]\([^()\s]*\)")
URL: Final = re.compile(r"https?://\S+")
FRAME: Final = re.compile(
    r"""\s*(?:
        \d+:\s+(?:0x[0-9a-f]+|\S+::)        # Rust
      | \#\d+\s+                            # gdb, PHP
      | at\s+\S.*[():]                      # Java, JavaScript, .NET, Rust
      | File\s".*",\sline\s\d+              # Python
      | \S+\.(?:go|c|cc|cpp|rb|py):\d+\b    # Go, Ruby
      | 0x[0-9a-f]{6,}\b
    )""",
    re.VERBOSE,
)
FRAMES_KEPT: Final = 6
WORDS: Final = re.compile(r"[^\W\d_]+")
TEMPLATE: Final = re.compile(
    r"""[\s#*_>\-]*(?:
        \[[\sx]\]\s.*                                                     # a box to tick
      | (?:steps?\sto\s|how\sto\s)?reproduc(?:e|tion)(?:\ssteps)?
      | (?:minimal\s)?reproduc\w+(?:\sexample)?
      | (?:the\s)?(?:expected|actual|observed|current|desired)\s(?:behaviou?r|results?|output)
      | what\s(?:did\syou\s(?:do|expect|see)|happened|is\sthe\s(?:bug|problem)).*
      | describe\s(?:the|your)\s.*
      | (?:a\s)?clear\sand\sconcise\s.*
      | is\syour\sfeature\srequest\srelated\sto\sa\sproblem.*
      | additional\s(?:context|information)
      | (?:bug\s)?(?:description|summary|environment|motivation|screenshots?|logs?|output|versions?|platform)
      | (?:system|version|environment)\s(?:info(?:rmation)?|details)
      | (?:stack\s)?backtrace|stack\s?trace|error\smessage|meta|context|steps|code|example
      | (?:host|release|binary|commit-hash|commit-date|os|arch(?:itecture)?|llvm\sversion):\s.*
    )[\s:.*_?]*""",  # noqa: E501
    re.VERBOSE | re.IGNORECASE,
)


def telling_lines(text: str) -> Iterator[str]:
    """The lines of an issue's body that its author meant to say."""
    frames = 0
    for line in COMMENT.sub(" ", text).split("\n"):
        if FRAME.match(line):
            frames += 1
            if frames > FRAMES_KEPT:
                continue
        if not TEMPLATE.fullmatch(line):
            yield URL.sub(_words_of_url, LINK_TARGET.sub("]", line))


def form_of(line: str) -> str:
    """What a line keeps when its numbers and punctuation change: nothing, where it holds nothing
    else."""
    return " ".join(WORDS.findall(line)).casefold()


def _words_of_url(url: re.Match[str]) -> str:
    """A link says what it is about in its last piece, if at all."""
    last = url[0].rstrip("/").rsplit("/", 1)[-1]
    return last if last.isalpha() else " "


CODE: Final = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|^(?: {4}|\t).*$", re.DOTALL | re.MULTILINE
)


def prose(text: str) -> str:
    """What a person wrote in sentences: no code blocks, no templates."""
    return "\n".join(telling_lines(CODE.sub(" ", text)))
