"""Killed at every named point and started again: nothing acknowledged is lost, nothing happens
twice."""

import os
import signal
from typing import get_args

import pytest

from bot.ports.world import CrashPoint
from tests.support.contract import Contract
from tests.support.contract_process import EFFECT_POINTS


@pytest.mark.parametrize("point", get_args(CrashPoint))
def test_killed_at(contract: Contract, point: CrashPoint):
    guids = [f"guid-{number}" for number in (1, 2, 3)]
    doomed = contract.start(crash_at=point)
    contract.wait(
        lambda: doomed.exitcode is not None or contract.deliver(99, action="labeled") == 202,
        "a first answer",
    )
    answers = [
        contract.deliver(number, guid=guid) for number, guid in zip((1, 2, 3), guids, strict=True)
    ]
    if point == "shutdown.mid":
        assert doomed.pid is not None
        os.kill(doomed.pid, signal.SIGTERM)
    doomed.join(20)
    acknowledged = {guid for guid, answer in zip(guids, answers, strict=True) if answer == 202}

    assert doomed.exitcode == -signal.SIGKILL
    assert acknowledged <= contract.known(guids)

    contract.start()
    # What was not acknowledged GitHub's log still has; a sweep or a person delivers it again under
    # the same guid.
    assert [
        contract.deliver(number, guid=guid) for number, guid in zip((1, 2, 3), guids, strict=True)
    ] == [202] * 3
    contract.wait_until_done(1, 2, 3)

    effects = contract.world.effects()
    assert effects == {f"{number}:{each}": 1 for number in (1, 2, 3) for each in EFFECT_POINTS}
    assert len(contract.jobs()) == 3
