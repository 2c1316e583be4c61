"""Where the credentials of the new App go: `.env`, for its owner alone."""

import os
import re
from collections.abc import Mapping
from pathlib import Path


def keep_credentials(path: Path, credentials: Mapping[str, str]) -> None:
    """Added to what the file holds; an older line of the same name goes. Raises OSError where that
    cannot be."""
    kept = [line for line in _lines(path) if _name_of(line) not in credentials]
    added = [f'{name}="{_escaped(value)}"' for name, value in credentials.items()]
    # Beside it and then in its place: nobody sees half a file, nor one that others may read.
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write("\n".join([*kept, *added]) + "\n")
    fresh.replace(path)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _name_of(line: str) -> str:
    return re.sub(r"^\s*(?:export\s+)?", "", line).partition("=")[0].strip()


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
