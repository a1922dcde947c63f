"""Memory of `lumad demo` after ten seconds: each process, and all together. Prints a Markdown table.

    .venv/bin/python bench/memory.py [--seconds 10]

PSS shares out what several processes map (ring, levels block, libraries); RssShmem is the ring and the levels
block as far as a process touched them.
"""

import argparse
import tempfile
import time
from pathlib import Path

from light_path import lumad, state

ENGINE_BAR, DEMO_BAR = 70, 350  # MB
COLUMNS = ("Pss", "RssAnon", "RssFile", "RssShmem")


def memory(pid: int) -> dict[str, float]:
    """MB of one process by COLUMNS (proc(5): status, smaps_rollup)."""
    text = "".join(Path(f"/proc/{pid}/{file}").read_text() for file in ("status", "smaps_rollup"))
    fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {column: int(fields[column].split()[0]) / 1024 for column in COLUMNS}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, lumad(Path(folder), "demo") as (desk, url):
        time.sleep(seconds)
        now = state(url)
        pids = {"desk": desk.pid, "wall": now["renderer"]["pid"], "engine": now["engine"]["pid"]}
        rows = {name: memory(pid) for name, pid in pids.items()}
    rows["together"] = {column: sum(row[column] for row in rows.values()) for column in COLUMNS}
    private = rows["engine"]["RssAnon"] + rows["engine"]["RssFile"]
    print(f"MB of `lumad demo` after {seconds:.0f} s:\n")
    print(f"| process | {' | '.join(COLUMNS)} |\n|---|{'---:|' * len(COLUMNS)}")
    for name, row in rows.items():
        print(f"| {name} | {' | '.join(f'{row[column]:.1f}' for column in COLUMNS)} |")
    print("\n| | MB | bar |\n|---|---:|---:|")
    print(f"| engine, RssAnon + RssFile | {private:.1f} | {ENGINE_BAR} |")
    print(f"| whole demo, PSS | {rows['together']['Pss']:.1f} | {DEMO_BAR} |")


if __name__ == "__main__":
    main()
