"""What `demo` and `sandbox` need is an extra of the installation."""

from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def needing_the_extra() -> Iterator[None]:
    """For imports: one line that says how to install what is missing, instead of a traceback."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"{error.name} is missing: this command needs the extra `demo`"
            " (`make demo`, or in a checkout: pip install '.[demo]')"
        ) from error
