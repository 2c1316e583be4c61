"""`precedent sandbox` as a process of its own, and what the package may lean on."""

import ast
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.support.free_port import free_port

ROOT = Path(__file__).parents[2]


def test_the_command_serves_and_says_what_the_bot_needs(tmp_path: Path) -> None:
    port, key = free_port(), tmp_path / "key.pem"
    command = [sys.executable, "-m", "bot", "sandbox", "--port", str(port), "--key-path", str(key)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(5))
        assert wait_for(f"http://127.0.0.1:{port}/acme/lantern").status_code == 200
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert f"GITHUB_API_URL=http://127.0.0.1:{port}/api/v3" in said
    assert key.read_text().startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert key.stat().st_mode & 0o077 == 0


def wait_for(address: str) -> httpx.Response:
    for _ in range(200):
        try:
            return httpx.get(address)
        except httpx.ConnectError:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers at {address}")


def test_the_sandbox_leans_on_nothing_of_the_bot() -> None:
    for file in (ROOT / "bot" / "sandbox").rglob("*.py"):
        named = [
            name
            for node in ast.walk(ast.parse(file.read_text()))
            for name in ([node.module] if isinstance(node, ast.ImportFrom) else [])
            if name and re.match(r"bot\b(?!\.sandbox\b)", name)
        ]
        assert named == [], file
