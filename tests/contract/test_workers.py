"""Workers that die, stand still, poison, overlap, stop."""

import os
import signal
import time
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess

from bot.core.jobs import MAX_DEATHS
from tests.support.contract import Contract
from tests.support.contract_process import EFFECT_POINTS, PATIENT, POISON

BEGIN = datetime.now(UTC)


def send(process: ForkServerProcess, what: signal.Signals) -> None:
    assert process.pid is not None
    os.kill(process.pid, what)


def make_stand_still(process: ForkServerProcess, contract: Contract) -> None:
    """Outside a transaction: on SQLite nobody could write past one that stands still."""
    send(process, signal.SIGSTOP)
    while not contract.can_write():
        send(process, signal.SIGCONT)
        time.sleep(0.05)
        send(process, signal.SIGSTOP)


def test_a_dead_workers_job_is_finished_by_another(contract: Contract):
    contract.start("web")
    doomed = contract.start("worker", lease_seconds=2, crash_at="draft.stored")
    contract.deliver(1)
    doomed.join(20)
    contract.start("worker", lease_seconds=2)
    contract.wait_until_done(1)

    assert set(contract.world.effects().values()) == {1}


def test_steps_finished_before_the_death_are_not_run_again(contract: Contract):
    contract.start("web")
    doomed = contract.start("worker", crash_at="pr.created")
    contract.deliver(1)
    doomed.join(20)
    contract.start("worker")
    contract.wait_until_done(1)

    before = EFFECT_POINTS[: EFFECT_POINTS.index("pr.created") + 1]
    assert {contract.world.authors(f"1:{point}")[0] for point in before} == {f"worker-{doomed.pid}"}


def test_a_zombie_writes_nothing(contract: Contract):
    contract.start("web")
    zombie = contract.start("worker", lease_seconds=1)
    contract.deliver(PATIENT)
    contract.wait(
        lambda: contract.world.shows(f"began by worker-{zombie.pid}"), "the first worker to begin"
    )
    make_stand_still(zombie, contract)
    successor = contract.start("worker", lease_seconds=1)
    contract.wait(
        lambda: contract.world.shows(f"began by worker-{successor.pid}"),
        "the second worker to begin",
    )
    send(zombie, signal.SIGCONT)
    contract.world.show(f"go worker-{zombie.pid}")
    contract.wait(lambda: "no longer owned" in contract.log(), "the zombie to notice")
    contract.world.show(f"go worker-{successor.pid}")
    contract.wait(lambda: contract.jobs()[0].state == "done", "the job to be done")

    assert contract.world.authors("patient") == [f"worker-{successor.pid}"]


def test_a_job_that_kills_its_worker_is_buried_and_the_others_go_on(contract: Contract):
    contract.start("web")
    contract.deliver(POISON)
    for _ in range(MAX_DEATHS):
        doomed = contract.start("worker", hurried_since=BEGIN)
        doomed.join(20)
    contract.start("worker", hurried_since=BEGIN)
    contract.deliver(1)
    contract.wait(
        lambda: {record.state for record in contract.jobs()} == {"buried", "done"},
        "one buried, one done",
    )

    (buried,) = [record for record in contract.jobs() if record.state == "buried"]
    assert (buried.job.number, buried.why) == (POISON, f"its worker died {MAX_DEATHS} times")


def test_two_instances_side_by_side_do_everything_once(contract: Contract):
    contract.start("web")
    contract.start("worker")
    contract.start("worker")
    contract.wait(lambda: contract.log().count("worker_started") == 2, "both workers to be ready")
    numbers = range(1, 41)
    for number in numbers:
        contract.deliver(number)
    contract.wait_until_done(*numbers)

    effects = contract.world.effects()
    assert len({author for key in effects for author in contract.world.authors(key)}) == 2
    assert set(effects.values()) == {1}


def test_a_worker_asked_to_stop_finishes_what_it_has_and_leaves_with_success(contract: Contract):
    contract.start("web")
    worker = contract.start("worker")
    contract.deliver(PATIENT)
    contract.wait(
        lambda: contract.world.shows(f"began by worker-{worker.pid}"), "the worker to begin"
    )
    send(worker, signal.SIGTERM)
    contract.deliver(1)
    contract.world.show(f"go worker-{worker.pid}")
    worker.join(25)

    states = {record.job.number: record.state for record in contract.jobs()}
    assert (worker.exitcode, states.get(PATIENT), states.get(1)) == (0, "done", None)


def test_without_a_worker_the_web_side_takes_in_and_says_so(contract: Contract):
    contract.start("web")
    contract.deliver(1)

    assert contract.ready()["workers"] == 0


def test_a_worker_with_other_settings_is_shown_by_the_web_side(contract: Contract):
    contract.start("web")
    contract.start("worker", fingerprint="of other settings")
    contract.wait(lambda: contract.ready()["workers"] == 1, "the worker to beat")

    assert "other settings" in str(contract.ready()["warnings"])


def test_the_next_release_finishes_what_the_last_one_left_half_done(contract: Contract):
    contract.start("web")
    last = contract.start("worker", crash_at="ref.created")
    contract.deliver(1)
    last.join(20)
    # The order of steps has changed: what the last release remembers does not fit any more.
    contract.start(
        "worker", steps=("llm.returned", "sweep.mid", *EFFECT_POINTS[1:-1]), hurried_since=BEGIN
    )
    contract.wait_until_done(1)

    assert set(contract.world.effects().values()) == {1}
