"""A GitHub on this machine: real HTTP, real git objects, signed webhooks; state in memory. For demo and tests."""

from bot.sandbox.hooks import SentWebhook
from bot.sandbox.sandbox import CONTRIBUTOR, OWNER, STRANGER, Sandbox
from bot.sandbox.server import InProcess, asgi_of, serve, serving

__all__ = ["CONTRIBUTOR", "OWNER", "STRANGER", "InProcess", "Sandbox", "SentWebhook", "asgi_of", "serve", "serving"]
