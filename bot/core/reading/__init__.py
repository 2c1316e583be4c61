"""A thread read once: who said what, sentence by sentence, in which role, and how long before the
close."""

from bot.core.reading.reading import (
    Reading,
    Role,
    Said,
    find_role,
    find_standing,
    is_automatic,
    read_thread,
)

__all__ = ["Reading", "Role", "Said", "find_role", "find_standing", "is_automatic", "read_thread"]
