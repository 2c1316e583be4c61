"""Which module imports which, read from the source: nothing is imported, so a lazy import counts as
any other."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "github_sandbox")
Graph = Mapping[str, frozenset[str]]


@cache
def modules() -> Mapping[str, Path]:
    """Dotted name -> file, of both packages."""
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return {name_of(path): path for path in files}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Full names as written: a module, or a module and a name in it."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def graph() -> Graph:
    """Module -> the modules of ours that it names in an import."""
    return {
        name: frozenset(
            found for each in imported(path) if (found := _module(each)) and found != name
        )
        for name, path in modules().items()
    }


def _module(name: str) -> str | None:
    while name and name not in modules():
        name = name.rpartition(".")[0]
    return name or None


def libraries(path: Path) -> set[str]:
    """Top names of all that is imported and not ours."""
    return {name.split(".")[0] for name in imported(path)} - set(PACKAGES)


def folders() -> list[str]:
    """Dotted names of the folders that hold modules."""
    return sorted(name for name, path in modules().items() if path.name == "__init__.py")


def among(folder: str) -> Graph:
    """The children of a folder, files and folders alike -> which of the other children they
    import."""
    inside = {name: _child(folder, name) for name in modules() if name.startswith(f"{folder}.")}
    found: dict[str, set[str]] = {child: set() for child in inside.values()}
    for name, child in inside.items():
        found[child] |= {inside[other] for other in graph()[name] if other in inside} - {child}
    return {child: frozenset(others) for child, others in found.items()}


def _child(folder: str, name: str) -> str:
    return ".".join(name.split(".")[: folder.count(".") + 2])


def components(edges: Graph) -> list[frozenset[str]]:
    """Tarjan's strongly connected components; what imports stands after what is imported."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[frozenset[str]] = []

    def visit(node: str) -> None:
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in sorted(edges[node]):
            if other not in order:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == order[node]:
            at = stack.index(node)
            found.append(frozenset(stack[at:]))
            del stack[at:]

    for node in sorted(edges):
        if node not in order:
            visit(node)
    return found


def circles(edges: Graph) -> list[list[str]]:
    return [sorted(each) for each in components(edges) if len(each) > 1]


def depths(edges: Graph) -> Mapping[str, int]:
    """How many modules the longest chain of imports below each has, itself included; a circle
    counts as one."""
    found: dict[str, int] = {}
    for component in components(edges):
        below = {other for each in component for other in edges[each]} - component
        depth = 1 + max((found[other] for other in below), default=0)
        found |= dict.fromkeys(component, depth)
    return found


def edges_between(members: Iterable[str], folder: str) -> list[tuple[str, str]]:
    """The imports that tie the children of a folder, for whoever has to cut one."""
    of = set(members)
    return sorted(
        (name, other)
        for name, others in graph().items()
        for other in others
        if name.startswith(f"{folder}.") and other.startswith(f"{folder}.")
        if {_child(folder, name), _child(folder, other)} <= of
        and _child(folder, name) != _child(folder, other)
    )
