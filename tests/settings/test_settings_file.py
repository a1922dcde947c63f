from collections.abc import Callable
from pathlib import Path

import pytest

from lumad.documents import load_document
from lumad.errors import DocumentError
from lumad.resources import fixtures_dir, web_dir
from lumad.settings import Settings, load_settings, settings_file

HOME = {"HOME": "/home/gaffer"}


Written = Callable[[str], Settings]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str) -> Settings:
        path = tmp_path / "lumad.yaml"
        path.write_text(text)
        return load_settings(path, HOME, load_document)

    return write


def test_without_a_file_the_page_is_on_loopback_and_state_in_the_home(tmp_path: Path):
    found = load_settings(None, {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}, load_document)
    assert (found.bind, found.port, found.log) == ("127.0.0.1", 8080, "info")
    assert found.state_dir == tmp_path / ".local/state/lumad"
    assert found.runtime_dir == found.state_dir
    assert found.library == tmp_path / ".local/share/lumad/profiles"


def test_systemd_says_where_a_service_keeps_things(tmp_path: Path):
    environ = {
        "STATE_DIRECTORY": "/var/lib/lumad:/x",
        "RUNTIME_DIRECTORY": "/run/lumad",
        "HOME": str(tmp_path),
    }
    found = load_settings(None, environ, load_document)
    assert (found.state_dir, found.runtime_dir) == (Path("/var/lib/lumad"), Path("/run/lumad"))
    assert found.library == Path("/var/lib/lumad/profiles")


def test_xdg_folders_are_used_unless_relative(tmp_path: Path):
    environ = {
        **HOME,
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_STATE_HOME": "oops",
        "XDG_RUNTIME_DIR": "/run/user/7",
    }
    found = load_settings(None, environ, load_document)
    assert found.state_dir == Path("/home/gaffer/.local/state/lumad")
    assert found.runtime_dir == Path("/run/user/7/lumad")


def test_every_key_of_the_file_counts_and_folders_start_at_the_file(written: Written, tmp_path: Path):
    found = written(
        "bind: '::1'\nport: 0\ninterface: eth0\nlog: debug\n"
        "state_dir: state\nruntime_dir: /run/x\nlibrary: ~/lamps"
    )
    assert (found.bind, found.port, found.interface, found.log) == ("::1", 0, "eth0", "debug")
    assert (found.state_dir, found.runtime_dir) == (tmp_path / "state", Path("/run/x"))
    assert found.library == Path("/home/gaffer/lamps")


def test_a_state_folder_of_ones_own_holds_the_sockets_too(written: Written, tmp_path: Path):
    assert written("state_dir: state").runtime_dir == tmp_path / "state"


def test_every_fault_of_the_file_is_told_with_its_place(written: Written):
    with pytest.raises(DocumentError) as caught:
        written("bind: eth0\nport: 80800\nlog: loud\nlibrary: 7\ninterface: a/b\nprot: 1\n")
    lines = [(fault.line, fault.path[0]) for fault in caught.value.faults]
    assert lines == list(enumerate(["bind", "port", "log", "library", "interface", "prot"], start=1))
    assert "80800 is not a port; ports are 0 to 65535" in str(caught.value)
    assert "no such key; possible: bind, port" in str(caught.value)


def test_a_settings_file_that_is_asked_for_must_be_there(tmp_path: Path):
    with pytest.raises(DocumentError, match="No such file"):
        load_settings(tmp_path / "none.yaml", HOME, load_document)


def test_the_users_file_goes_before_the_machines(tmp_path: Path):
    system = tmp_path / "system.yaml"
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert settings_file(environ, system) is None
    system.write_text("{}")
    assert settings_file(environ, system) == system
    (tmp_path / "lumad").mkdir()
    (tmp_path / "lumad/lumad.yaml").write_text("{}")
    assert settings_file(environ, system) == tmp_path / "lumad/lumad.yaml"


def test_profiles_and_page_are_found_beside_the_package():
    assert (fixtures_dir() / "generic/rgb.yaml").is_file()
    assert web_dir().name == "web"


def test_names_tls_and_mdns_are_read(written: Written):
    found = written("names: [Stage.studio.example, lumen]\ntls: auto\nmdns: false\n")
    assert (found.names, found.tls, found.mdns) == (("stage.studio.example", "lumen"), "auto", False)
    assert written("tls: /etc/a.pem,/etc/b.pem\n").tls == "/etc/a.pem,/etc/b.pem"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("names: lumen.local:80\n", "no host name"),
        ("names: ['']\n", "no host name"),
        ("names: [a b]\n", "no host name"),
        ("names: [5]\n", "no host name"),
        ("tls: yes\n", "neither auto nor two files"),
        ("tls: a,b,c\n", "neither auto nor two files"),
        ("tls: 'a,'\n", "neither auto nor two files"),
        ("mdns: 1\n", "neither true nor false"),
    ],
)
def test_names_tls_and_mdns_that_cannot_be_are_refused(written: Written, text: str, words: str):
    with pytest.raises(DocumentError, match=words):
        written(text)
