"""Every measurement that needs nothing but this machine, one after another: `python -m bench [NAME
…]`."""

import subprocess
import sys

SHORT = (
    "footprint",
    "learnings",
    "ack",
    "jobs",
    "comment",
    "takeover",
    "storm",
    "senders",
    "beside_judging",
    "heartbeat",
    "pressure",
)
# Called by name: they take more than a few minutes, or data from elsewhere.
BY_NAME = ("kills", "closures", "prior_art")


def main(names: list[str]) -> int:
    if unknown := set(names) - {*SHORT, *BY_NAME}:
        raise SystemExit(f"no such measurement: {', '.join(sorted(unknown))}")
    worst = 0
    for name in names or SHORT:
        print(f"\n== bench.{name}\n", flush=True)
        worst = max(
            worst, subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
        )
    return worst


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
