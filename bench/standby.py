"""A primary is killed (kill -9: engine, wall and desk at once): how long a node's light is not renewed.

    .venv/bin/python bench/standby.py [--kills 20] [--others 5]

One Markdown table. Primary, standby and node have a cable each into one switch (network namespaces; needs
root, or a kernel that lets users make them). The node judges by priority as E1.31 has it; a gap is from its
last packet of the primary to its first of the standby. A dark frame is any accepted one that does not show
the picture's red, hand-backs and returns of the primary included. Stray: take-overs from a primary that lived
and stumbled; undisturbed: the longest time between two packets of one sender, which judges this machine.
"""

import argparse
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from namespaces import isolated, until
from pair import NAME, Node, pair

RED = bytes([255, 0, 0])
BARS_44 = (120.0, 250.0)  # ms: p95 and the longest
QUIET_S = 0.5  # the node listens for so long after a gap, and between two questions
PATIENCE_S = 60.0  # a busy machine is slow to start a primary again


def kills(folder: str, rate: float, count: int) -> dict[str, object]:
    """Of so many kills at one rate: gaps (ms), dark frames, strays, the longest gap without a kill (ms)."""
    with pair(folder, rate=rate) as (primary, standby):
        node, killed = Node(), []

        def watching() -> bool:
            node.listen(0.1)
            told = standby.standby()
            if told.get("state") == "active" and told["heard"]:  # this machine made the primary stumble
                standby.ask("api/v1/standby", {"do": "hand-back"})
            return told.get("state") == "watching"

        primary.start()
        standby.start("--standby-of", NAME)
        primary.ready()
        standby.ready()

        def calm() -> bool:
            until(watching, PATIENCE_S)
            node.listen(QUIET_S)  # what it told was up to half a second old, and in between it may have taken
            watches = watching()
            node.listen(0.05)  # what came while that was asked
            return watches and node.accepted[-1][1].cid.hex() == primary.cid()

        for _ in range(count):
            until(calm, PATIENCE_S)
            killed.append(time.time())
            primary.kill()
            node.listen(QUIET_S)
            primary.start()
            primary.ready()
        until(watching, PATIENCE_S)
        steps = list(pairwise(node.accepted))
        taken = [(a, b) for a, b in steps if a[1].cid != b[1].cid and a[1].cid.hex() == primary.cid()]
        ends = [*killed[1:], float("inf")]
        asked = [
            next((step for step in taken if at < step[1][0] < end), None)
            for at, end in zip(killed, ends, strict=True)
        ]
        return {
            "gaps": [1000 * (step[1][0] - step[0][0]) if step else 1e6 for step in asked],
            "dark": sum(packet.slots[:3] != RED for _, packet in node.accepted),
            "stray": len(taken) - sum(step is not None for step in asked),
            "raised": all(after[1].priority == before[1].priority + 1 for before, after in taken),
            "quiet": max(1000 * (b[0] - a[0]) for a, b in steps if a[1].cid == b[1].cid),
        }


def row(rate: float, found: dict[str, object]) -> str:
    gaps = sorted(found["gaps"])
    p95, longest = gaps[max(0, -(-95 * len(gaps) // 100) - 1)], gaps[-1]
    bar95, bar = BARS_44 if rate == 44 else (3500 / rate + 40, float("inf"))
    met = p95 <= bar95 and longest <= bar and not found["dark"] and found["raised"]
    bars = f"{bar95:.0f}" + (f" / {bar:.0f}" if bar < float("inf") else "")
    return (
        f"| {rate:g} | {len(gaps)} | {median(gaps):.0f} | {p95:.0f} | {longest:.0f} | {bars} "
        f"| {found['dark']} | {found['stray']} | {found['quiet']:.0f} | {'yes' if met else 'NO'} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="at 44 Hz")
    parser.add_argument("--others", type=int, default=5, help="at 25, 30 and 60 Hz each")
    args = parser.parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    print("| rate (Hz) | kills | gap p50 (ms) | p95 | longest | bars | dark | stray | undisturbed | met |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for rate, count in ((44, args.kills), (25, args.others), (30, args.others), (60, args.others)):
        with tempfile.TemporaryDirectory() as folder:
            print(row(rate, isolated(kills, folder, rate, count, timeout_s=60 + 30 * count)), flush=True)


if __name__ == "__main__":
    main()
