"""What the desk says in its log is one line each, whoever gave the names in it."""

import logging

import pytest

from lumad.daemon.desk import log_to_stderr


@pytest.mark.parametrize("journal", [True, False])
def test_a_name_from_the_network_steers_no_terminal(
    journal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JOURNAL_STREAM", "8:1") if journal else monkeypatch.delenv("JOURNAL_STREAM", False)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers.clear()
    try:
        log_to_stderr("warning")
        root.warning("%s is silent", "node\x1b[2J\n<0>all is well")
    finally:
        root.handlers[:], root.level = before
    said = r"node\x1b[2J\n<0>all is well is silent"
    assert capsys.readouterr().err == (f"<4>{said}\n" if journal else f"lumad: {said}\n")
