"""The one place where values become part of an address of GitHub's API."""

from urllib.parse import quote

from bot.adapters.github.refusals import Missing


def address(template: str, *parts: object) -> str:
    """Fill every `{}` of the template with one escaped part. Missing where nothing can be at such
    an address.

    >>> address("/repos/{}/{}/issues/{}", "acme", "engine", 1)
    '/repos/acme/engine/issues/1'
    """
    return template.format(*map(_segment, parts))


def of_branch(template: str, branch: str) -> str:
    """The same for the name of a branch, whose slashes stay."""
    return template.format("/".join(map(_segment, branch.split("/"))))


def of_repository(full_name: str) -> str:
    owner, _, name = full_name.partition("/")
    return address("/repos/{}/{}", owner, name)


def _segment(part: object) -> str:
    text = str(part)
    # Escaping leaves dots as they are, and they lead elsewhere.
    if text in ("", ".", "..") or not text.isprintable():
        raise Missing(f"nothing is at {text!r:.100}")
    return quote(text, safe="")
