"""render.yaml against the rules of the host that reads it."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.render_blueprint import find_breaches, variables_of

OURS = yaml.safe_load((Path(__file__).parents[2] / "render.yaml").read_text(encoding="utf-8"))
NEEDED = {"DATABASE_URL", "GITHUB_APP_ID", "GITHUB_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET"}


def test_the_blueprint_keeps_to_the_rules_of_its_host():
    assert find_breaches(OURS) == []


def secret_in_a_group(blueprint: Any) -> None:
    blueprint["envVarGroups"][0]["envVars"].append({"key": "GITHUB_PRIVATE_KEY", "sync": False})


def database_in_a_group(blueprint: Any) -> None:
    blueprint["envVarGroups"][0]["envVars"].append(
        {
            "key": "DATABASE_URL",
            "fromDatabase": {"name": "precedent-db", "property": "connectionString"},
        }
    )


def group_in_a_group(blueprint: Any) -> None:
    blueprint["envVarGroups"][0]["envVars"].append({"fromGroup": "precedent-settings"})


def health_check_of_a_worker(blueprint: Any) -> None:
    blueprint["services"][1]["healthCheckPath"] = "/healthz"


def free_worker(blueprint: Any) -> None:
    blueprint["services"][1]["plan"] = "free"


def unknown_plan(blueprint: Any) -> None:
    blueprint["databases"][0]["plan"] = "tiny"


def unknown_runtime(blueprint: Any) -> None:
    blueprint["services"][0]["runtime"] = "container"


def unknown_property(blueprint: Any) -> None:
    blueprint["services"][0]["envVars"][1]["fromDatabase"]["property"] = "url"


def misspelt_key(blueprint: Any) -> None:
    blueprint["services"][0]["healthcheckPath"] = "/readyz"


def two_sources(blueprint: Any) -> None:
    blueprint["services"][0]["envVars"].append({"key": "PORT", "value": "1", "sync": False})


def unknown_group(blueprint: Any) -> None:
    blueprint["services"][0]["envVars"].append({"fromGroup": "others"})


def unknown_database(blueprint: Any) -> None:
    blueprint["databases"][0]["name"] = "another"


@pytest.mark.parametrize(
    "breaks",
    [
        secret_in_a_group,
        database_in_a_group,
        group_in_a_group,
        health_check_of_a_worker,
        free_worker,
        unknown_plan,
        unknown_runtime,
        unknown_property,
        misspelt_key,
        two_sources,
        unknown_group,
        unknown_database,
    ],
)
def test_what_the_host_refuses_or_ignores_is_seen(breaks: Callable[[Any], None]):
    blueprint = deepcopy(OURS)
    breaks(blueprint)

    assert find_breaches(blueprint) != []


@pytest.mark.parametrize("service", ["precedent-web", "precedent-worker"])
def test_each_service_gets_what_it_cannot_start_without(service: str):
    assert variables_of(OURS, service) >= NEEDED


def test_who_asks_the_model_has_its_key_and_its_budget():
    assert variables_of(OURS, "precedent-worker") >= {"ANTHROPIC_API_KEY", "LLM_DAILY_BUDGET_USD"}


def test_both_services_share_what_they_must_agree_on():
    """A worker with another budget or model counts as one with other settings."""
    group = {variable["key"] for variable in OURS["envVarGroups"][0]["envVars"]}

    assert group <= variables_of(OURS, "precedent-web") & variables_of(OURS, "precedent-worker")


def test_the_schema_is_migrated_before_a_deploy_and_who_cannot_keep_deliveries_does_not_go_live():
    web = OURS["services"][0]

    assert (web["preDeployCommand"], web["healthCheckPath"]) == ("precedent migrate", "/readyz")
