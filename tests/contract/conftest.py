"""Real processes on loopback, started from a server that has imported everything already."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.contract import FORKS, Contract

FORKS.set_forkserver_preload(["tests.support.contract_process"])


@pytest.fixture
def contract(database_url: str, tmp_path: Path) -> Iterator[Contract]:
    contract = Contract(database_url, tmp_path)
    yield contract
    contract.stop_all()
