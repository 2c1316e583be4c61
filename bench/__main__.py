"""Every measurement that needs nothing but this machine, one after another: `python -m bench [NAME
…]`."""

import subprocess
import sys

# What takes more than a few minutes, or data from elsewhere, is called by its own name.
SHORT = ("footprint", "learnings", "ack", "jobs", "comment", "takeover", "storm", "pressure")


def main(names: list[str]) -> int:
    worst = 0
    for name in names or SHORT:
        print(f"\n== bench.{name}\n", flush=True)
        worst = max(
            worst, subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
        )
    return worst


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
