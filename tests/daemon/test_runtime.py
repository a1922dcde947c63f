"""The runtime directory: one desk at a time."""

import os
from pathlib import Path

import pytest

from lumad.daemon.runtime import Orphan, RuntimeDirectory, holder_of
from lumad.errors import LumadError, NetworkError
from lumad.link.channel import Listener


def test_a_second_desk_is_refused_and_told_by_whom(tmp_path: Path):
    first = RuntimeDirectory(tmp_path)
    with pytest.raises(NetworkError, match=f"process {os.getpid()}"):
        RuntimeDirectory(tmp_path)
    assert holder_of(tmp_path / "desk.lock") == os.getpid()
    first.close()
    assert holder_of(tmp_path / "desk.lock") is None
    RuntimeDirectory(tmp_path).close()


def test_a_name_that_no_socket_can_have_is_refused_at_once(tmp_path: Path):
    with pytest.raises(NetworkError, match="too long"):
        RuntimeDirectory(tmp_path / ("long" * 30))


def test_a_directory_that_cannot_be_made_is_said_in_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LumadError, match="cannot be used"):
        RuntimeDirectory(tmp_path / "file" / "runtime")


def test_where_nobody_listens_there_is_no_orphan(tmp_path: Path):
    assert Orphan.find(tmp_path / "engine.sock") is None


def test_a_listener_that_does_not_greet_is_no_orphan(tmp_path: Path):
    listener = Listener(tmp_path / "engine.sock")
    assert Orphan.find(tmp_path / "engine.sock") is None
    listener.close()


def test_nobody_holds_a_lock_that_is_not_there(tmp_path: Path):
    assert holder_of(tmp_path / "engine.lock") is None
