"""DBOS: runs attempts durably. The only module that knows it."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer

from bot.adapters.store.database import Database
from bot.ports.world import Step, T

QUEUE: Final = "jobs"
WORKFLOW: Final = "attempt"
# Fixed, so that a new release goes on with the runs of the last one.
VERSION: Final = "1"
POLL_SECONDS: Final = 0.2
SLOTS: Final = 8


class DbosExecutor:
    def __init__(self, db: Database, *, worker_id: str, slots: int = SLOTS) -> None:
        self._db = db
        self._slots = slots
        self._engine = db.engine_for_dbos()
        self._config: DBOSConfig = {
            "name": "precedent",
            "system_database_url": db.url,
            "system_database_engine": self._engine,
            "application_version": VERSION,
            "executor_id": worker_id,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "use_listen_notify": False,
        }

    def launch(self, attempt: Callable[[str, str, Step], None]) -> None:
        DBOS(config=self._config)
        # Its lines go where ours go, in the same form.
        logger = logging.getLogger("dbos")
        logger.handlers.clear()
        logger.propagate = True

        # A run that kills its worker is counted by the engine, which sees the deaths of all
        # workers.
        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
        def run_attempt(job_id: str, run: str) -> None:
            attempt(job_id, run, _step)

        DBOS.launch()
        DBOS.register_queue(
            QUEUE, worker_concurrency=self._slots, polling_interval_sec=POLL_SECONDS
        )
        self._client = DBOSClient(
            system_database_engine=self._db.engine,
            serializer=DBOSPortableJSONSerializer(),
            application_name="precedent",
        )

    def hand_over(self, tx: sa.Connection, run: str, job_id: str) -> None:
        self._client.enqueue_in_transaction(
            tx,
            {
                "workflow_name": WORKFLOW,
                "queue_name": QUEUE,
                "workflow_id": run,
                "app_version": VERSION,
            },
            job_id,
            run,
        )

    def active(self) -> Mapping[str, str | None]:
        unfinished = DBOS.list_workflows(
            name=WORKFLOW,
            status=["PENDING", "ENQUEUED", "DELAYED"],
            load_input=False,
            load_output=False,
        )
        return {
            each.workflow_id: each.executor_id if each.status == "PENDING" else None
            for each in unfinished
        }

    def resume(self, run: str) -> None:
        DBOS.resume_workflow(run, queue_name=QUEUE)

    def drop(self, run: str) -> None:
        DBOS.cancel_workflow(run)

    def forget(self, *, before: datetime) -> None:
        """Delete finished runs and their steps."""
        old = DBOS.list_workflows(
            name=WORKFLOW,
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=before.isoformat(),
            load_input=False,
            load_output=False,
            limit=1000,
        )
        if old:
            DBOS.delete_workflows([each.workflow_id for each in old])

    def stop(self, *, within: timedelta) -> None:
        DBOS.destroy(
            destroy_registry=True, workflow_completion_timeout_sec=int(within.total_seconds())
        )
        self._client.destroy()
        self._engine.dispose()


def _step(name: str, fn: Callable[[], T]) -> T:
    return DBOS.run_step({"name": name}, fn)
