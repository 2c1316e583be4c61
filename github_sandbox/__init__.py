"""A GitHub on this machine: real HTTP, real git objects, signed webhooks; state in memory. For demo
and tests."""

from github_sandbox.hooks import SentWebhook
from github_sandbox.sandbox import CONTRIBUTOR, OWNER, STRANGER, Sandbox
from github_sandbox.server import InProcess, asgi_of, serve, serving

__all__ = [
    "CONTRIBUTOR",
    "OWNER",
    "STRANGER",
    "InProcess",
    "Sandbox",
    "SentWebhook",
    "asgi_of",
    "serve",
    "serving",
]
