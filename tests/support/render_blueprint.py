"""Render's own rules for a render.yaml, as far as they concern what ours holds.

Two sources, both Render's: the JSON schema at https://render.com/schema/render.yaml.json (shapes,
enumerations), and https://render.com/docs/blueprint-spec for what that schema lets pass and Render
then ignores or refuses. A key that is not written down here is refused, so that whoever adds one
looks it up.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import jsonschema

TEXT: Final = {"type": "string"}
SCALAR: Final = {"type": ["string", "number"]}
REGION: Final = {"enum": ["oregon", "ohio", "frankfurt", "singapore", "virginia"]}
# `image` and `static` are runtimes as well, which need other keys.
RUNTIME: Final = {"enum": ["docker", "elixir", "go", "node", "python", "ruby", "rust"]}
PLANS: Final = ["starter", "standard", "pro", "pro plus", "pro max", "pro ultra"]
DATABASE_PLAN: Final = {
    "enum": [
        "free",
        *("basic-256mb", "basic-1gb", "basic-4gb"),
        *(f"pro-{gb}gb" for gb in (4, 8, 16, 32, 64, 128, 192, 256, 384, 512)),
        *(f"accelerated-{gb}gb" for gb in (16, 32, 64, 128, 256, 384, 512, 768, 1024)),
    ]
}
DATABASE_PROPERTY: Final = {
    "enum": [
        "connectionString",
        "connectionPoolString",
        "host",
        "port",
        "user",
        "password",
        "database",
    ]
}


def _object(
    required: Mapping[str, Any], optional: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Of these keys and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


# https://render.com/docs/blueprint-spec#setting-environment-variables
VALUE: Final = _object({"key": TEXT, "value": SCALAR})
GENERATED: Final = _object({"key": TEXT, "generateValue": {"const": True}})
PROMPTED: Final = _object({"key": TEXT, "sync": {"const": False}})
OF_DATABASE: Final = _object(
    {"key": TEXT, "fromDatabase": _object({"name": TEXT, "property": DATABASE_PROPERTY})},
)
OF_SERVICE: Final = _object(
    {
        "key": TEXT,
        "fromService": _object(
            {"name": TEXT, "type": {"enum": ["web", "pserv", "worker"]}, "envVarKey": TEXT}
        ),
    }
)
OF_GROUP: Final = _object({"fromGroup": TEXT})

COMMON: Final = {
    "region": REGION,
    "dockerCommand": TEXT,
    "dockerfilePath": TEXT,
    "preDeployCommand": TEXT,
    "numInstances": {"type": "integer", "minimum": 1},
    "maxShutdownDelaySeconds": {"type": "integer", "minimum": 1, "maximum": 300},
    "envVars": {
        "type": "array",
        "items": {"anyOf": [VALUE, GENERATED, PROMPTED, OF_DATABASE, OF_SERVICE, OF_GROUP]},
    },
}
WEB: Final = _object(
    {"type": {"const": "web"}, "name": TEXT, "runtime": RUNTIME},
    # Health checks are for web services only.
    {
        **COMMON,
        "plan": {"enum": ["free", *PLANS]},
        "healthCheckPath": {"type": "string", "pattern": "^/"},
    },
)
WORKER: Final = _object(
    {"type": {"const": "worker"}, "name": TEXT, "runtime": RUNTIME},
    # The free plan is not available for background workers.
    {**COMMON, "plan": {"enum": PLANS}},
)
DATABASE: Final = _object(
    {"name": TEXT}, {"plan": DATABASE_PLAN, "region": REGION, "databaseName": TEXT, "user": TEXT}
)
# A group can refer neither to services nor to other groups, and `sync: false` in it is ignored:
# https://render.com/docs/blueprint-spec#environment-groups
GROUP: Final = _object(
    {"name": TEXT, "envVars": {"type": "array", "items": {"anyOf": [VALUE, GENERATED]}}}
)
BLUEPRINT: Final = _object(
    {"services": {"type": "array", "items": {"anyOf": [WEB, WORKER]}}},
    {
        "databases": {"type": "array", "items": DATABASE},
        "envVarGroups": {"type": "array", "items": GROUP},
    },
)


def find_breaches(blueprint: Any) -> list[str]:
    """Where it breaks a rule, as a path; then the names that it refers to and does not hold."""
    broken = [
        error.json_path
        for error in jsonschema.Draft202012Validator(BLUEPRINT).iter_errors(blueprint)
    ]
    return broken or [*_unknown_names(blueprint)]


def _unknown_names(blueprint: Mapping[str, Any]) -> Iterator[str]:
    groups, databases, services = (
        _names(blueprint.get(kind, ())) for kind in ("envVarGroups", "databases", "services")
    )
    for service in blueprint["services"]:
        for variable in service.get("envVars", ()):
            if variable.get("fromGroup", None) not in {None, *groups}:
                yield f"{service['name']}: no group {variable['fromGroup']}"
            if variable.get("fromDatabase", {}).get("name") not in {None, *databases}:
                yield f"{service['name']}: no database {variable['fromDatabase']['name']}"
            if variable.get("fromService", {}).get("name") not in {None, *services}:
                yield f"{service['name']}: no service {variable['fromService']['name']}"


def _names(holders: Sequence[Mapping[str, Any]]) -> set[str]:
    return {holder["name"] for holder in holders}


def variables_of(blueprint: Mapping[str, Any], service: str) -> set[str]:
    """The environment of one service: its own variables and those of its groups."""
    groups = {group["name"]: group["envVars"] for group in blueprint.get("envVarGroups", ())}
    [own] = [each["envVars"] for each in blueprint["services"] if each["name"] == service]
    shared = [
        variable for each in own if "fromGroup" in each for variable in groups[each["fromGroup"]]
    ]
    return {variable["key"] for variable in [*own, *shared] if "key" in variable}
