"""Parts that tests share."""

from pathlib import Path

ROOT = Path(__file__).parents[1]


FILES = sorted((ROOT / "bot").rglob("*.py"))


# Values in, values out: no I/O, clock, randomness, environment.
PURE = {
    "answers",
    "checks",
    "commands",
    "comments",
    "config",
    "drafting",
    "errors",
    "files",
    "following",
    "github_values",
    "intent",
    "jobs",
    "learnings",
    "log_limit",
    "logistic",
    "manifest",
    "phrases",
    "proposals",
    "readiness",
    "repository_settings",
    "reporting",
    "research",
    "restraint",
    "retrieval",
    "sanitize",
    "standing",
    "text",
    "threads",
    "reading",
    "verdicts",
    "webhooks",
}


def room_of(path: Path) -> str:
    inside = path.relative_to(ROOT / "bot").parts
    return inside[0].removesuffix(".py")
