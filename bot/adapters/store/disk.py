"""Does the disk under a SQLite file outlive a deploy?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

MOUNTS: Final = Path("/proc/self/mounts")
# In memory, or the writable layer of a container, which is thrown away with it.
FLEETING: Final = frozenset({"tmpfs", "ramfs", "overlay", "aufs"})


def disk_lasts(path: Path) -> bool | None:
    """None where the system does not tell."""
    try:
        lines = MOUNTS.read_text().splitlines()
    except OSError:
        return None
    kind = filesystem_of(path.resolve(), lines)
    return None if kind is None else kind not in FLEETING


def filesystem_of(path: Path, mounts: Sequence[str]) -> str | None:
    """The kind of the innermost file system that holds `path`, from lines as in /proc/mounts."""
    fields = [line.split(" ") for line in mounts]
    holding = [(Path(place.replace("\\040", " ")), kind) for _, place, kind, *_ in fields]
    around = [(place, kind) for place, kind in holding if path.is_relative_to(place)]
    return max(around, key=lambda found: len(found[0].parts))[1] if around else None
