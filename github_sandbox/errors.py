"""A request that GitHub refuses, with the status and words it uses."""

from typing import Any


class Refused(Exception):
    """Raised inside the sandbox; REST answers it as JSON, the web page shows its message."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: list[Any] | None = None,
        docs: str = "",
        location: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.location = location
        self.docs = docs or "https://docs.github.com/rest"


def not_found() -> Refused:
    return Refused(404, "Not Found")


def forbidden_to_app() -> Refused:
    return Refused(403, "Resource not accessible by integration")


def forbidden_to_person() -> Refused:
    return Refused(403, "Must have write access to the repository.")


def invalid(
    resource: str, field: str, *, code: str = "invalid", message: str | None = None
) -> Refused:
    """https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed"""
    error: dict[str, Any] = {"resource": resource, "code": code, "field": field}
    if message is not None:
        error = {"resource": resource, "code": "custom", "message": message}
    return Refused(422, "Validation Failed", errors=[error])


def unprocessable(message: str) -> Refused:
    return Refused(422, message)
