"""Networks of a test's own: a function of the test file runs in a child process, in a fresh namespace."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE, THERE = "10.77.0.1", "10.77.0.2"  # the two ends of the wire that `neighbour` lays
DIES_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL")
_CHILD = "import sys, namespaces; namespaces.child(*sys.argv[1:])"


def missing(reason: str) -> None:
    """Skips the test for `reason`; with LUMAD_CI=1 that is a failure."""
    if os.environ.get("LUMAD_CI") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def need(*programs: str) -> None:
    """Skips (or fails, see `missing`) where one of the programs is not installed."""
    for program in programs:
        if shutil.which(program) is None:
            missing(f"{program} is not installed")


def isolated(body: Callable[..., Any], *arguments: object, timeout_s: float = 30.0) -> Any:
    """Runs `body(*arguments)` in a network of its own, `lo` up and nothing else; returns what it returns.

    `body` is a plain function of a test file; arguments and result travel as JSON. An exception there is a
    failure here; a kernel that gives no namespace is a `missing`.
    """
    need("unshare", "setpriv", "ip")
    entry = _unshare()
    if subprocess.run([*entry, "true"], capture_output=True, check=False).returncode:
        missing(f"the kernel refuses {' '.join(entry)}")
    file = Path(body.__code__.co_filename)
    process = subprocess.Popen(
        [*entry, *DIES_WITH_PARENT, sys.executable, "-c", _CHILD, str(file), body.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(file.parent), *sys.path])},
    )
    try:
        out, errors = process.communicate(json.dumps(arguments), timeout=timeout_s)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert process.returncode == 0, f"{body.__name__} in its namespace:\n{errors}"
    outcome = json.loads(out.splitlines()[-1])
    if "missing" in outcome:
        missing(outcome["missing"])
    return outcome["result"]


def run(*command: str) -> str:
    """Runs a program to its end and returns its output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr or done.stdout}"
    return done.stdout


@contextmanager
def started(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A program at work, killed at the end of the block or with this process, whichever comes first."""
    program = subprocess.Popen(
        [*DIES_WITH_PARENT, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


@contextmanager
def neighbour() -> Iterator[tuple[str, ...]]:
    """A second namespace at the other end of a wire, va (10.77.0.1) here, vb (10.77.0.2) there.

    Yields the words to put before a command that is to run over there.
    """
    with started("unshare", "-n", "sleep", "1000") as holder:
        theirs = Path(f"/proc/{holder.pid}/ns/net")
        until(lambda: theirs.readlink() != Path("/proc/self/ns/net").readlink())
        over = ("nsenter", f"--net={theirs}")
        run("ip", "link", "add", "va", "type", "veth", "peer", "name", "vb", "netns", str(holder.pid))
        for end, name, address in (((), "va", HERE), (over, "vb", THERE)):
            run(*end, "ip", "address", "add", f"{address}/24", "brd", "+", "dev", name)
            run(*end, "ip", "link", "set", name, "up")
            run(*end, "ip", "link", "set", "lo", "up")
        yield over


def until(done: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Returns when `done()`; fails when that takes too long."""
    end = time.monotonic() + timeout_s
    while not done():
        assert time.monotonic() < end, "that took too long"
        time.sleep(0.01)


def _unshare() -> Sequence[str]:
    return ("unshare", "-n") if os.geteuid() == 0 else ("unshare", "-Urn")


def child(file: str, name: str) -> None:
    """The other side of `isolated`: loads the test file, runs its function, prints one line of JSON."""
    arguments = json.load(sys.stdin)
    run("ip", "link", "set", "lo", "up")
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        outcome = {"result": getattr(module, name)(*arguments)}
    except pytest.skip.Exception as skipped:
        outcome = {"missing": str(skipped)}
    print(json.dumps(outcome))
