"""`python -m bench.footprint`: how long `precedent serve` takes to be ready, and what it holds when
idle."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bench.serving import free_port


def main() -> None:
    arguments = argparse.ArgumentParser(prog="bench.footprint", description=__doc__)
    arguments.add_argument(
        "--idle", type=float, default=15, help="seconds before the memory is looked at"
    )
    idle = arguments.parse_args().idle
    with tempfile.TemporaryDirectory() as folder:
        first, memory = measure(Path(folder), idle=idle)
        again, _ = measure(Path(folder), idle=0)
    print(f"start to ready: {first:.2f} s on an empty database, {again:.2f} s on one in use")
    web, worker = (f"{each / 2**20:.0f} MB" for each in memory)
    print(f"resident after {idle:.0f} s idle: {web} what takes deliveries in, {worker} the worker")


def measure(folder: Path, *, idle: float) -> tuple[float, tuple[int, int]]:
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--host", "127.0.0.1", "--port", str(port)],
        cwd=folder,
        env={**os.environ, **app_settings()},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(port)
        ready = time.perf_counter() - began
        time.sleep(idle)
        return ready, _resident(psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()


def _resident(serve: psutil.Process) -> tuple[int, int]:
    """Of what takes deliveries in, and of the worker beside it."""
    return serve.memory_info().rss, sum(each.memory_info().rss for each in serve.children())


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("it did not become ready")


def app_settings() -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return {
        "GITHUB_APP_ID": "1",
        "GITHUB_PRIVATE_KEY": key.decode(),
        "GITHUB_WEBHOOK_SECRET": "a secret that only the bench knows",
        "DATABASE_URL": "sqlite:///precedent.db",
    }


if __name__ == "__main__":
    main()
