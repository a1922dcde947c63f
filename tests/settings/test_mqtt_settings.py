"""The broker that a machine speaks to."""

from pathlib import Path

import pytest

from lumad.documents import load_document
from lumad.errors import DocumentError
from lumad.settings import Broker, Settings, load_settings


def written(folder: Path, text: str) -> Settings:
    (folder / "lumad.yaml").write_text(text)
    return load_settings(folder / "lumad.yaml", {"HOME": "/home/gaffer"}, load_document)


def test_there_is_none_unless_it_is_said(tmp_path: Path):
    assert written(tmp_path, "{}").mqtt is None
    assert written(tmp_path, "mqtt: {host: 10.0.0.7}").mqtt == Broker("10.0.0.7", 1883)
    assert written(tmp_path, "mqtt: {host: ha.example, tls: true}").mqtt == Broker(
        "ha.example", 8883, tls=True
    )


def test_files_are_seen_from_the_settings_file(tmp_path: Path):
    line = "mqtt: {host: ::1, port: 1, username: a, password_file: pw, tls: ~/ca.pem, discovery: false}"
    broker = Broker("::1", 1, "a", tmp_path / "pw", Path("/home/gaffer/ca.pem"), discovery=None)
    assert written(tmp_path, line.replace("::1", "'::1'")).mqtt == broker


@pytest.mark.parametrize(
    "line",
    [
        *("true", "{}", "{port: 1883}", "{host: ''}", "{host: a_b}", "{host: 7}", "{host: a, port: 0}"),
        *("{host: a, prefix: /a}", "{host: a, prefix: a/#}", "{host: a, prefix: ''}", "{host: a, name: 7}"),
        *(
            "{host: a, tls: 7}",
            "{host: a, password_file: x}",
            "{host: a, user: x}",
            "{host: a, username: ''}",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, line: str):
    with pytest.raises(DocumentError, match="mqtt"):
        written(tmp_path, f"mqtt: {line}")
