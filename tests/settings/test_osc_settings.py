"""Who may send OSC to a machine."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from lumad.documents import load_document
from lumad.errors import DocumentError
from lumad.settings import OscIn, Settings, load_settings


def written(folder: Path, text: str) -> Settings:
    (folder / "lumad.yaml").write_text(text)
    return load_settings(folder / "lumad.yaml", {"HOME": str(folder)}, load_document)


def test_nobody_may_unless_it_is_said(tmp_path: Path):
    assert written(tmp_path, "{}").osc is None
    assert written(tmp_path, "osc: {port: 9001, allow: [10.0.0.7, 'fe80::/10']}").osc == OscIn(
        9001, (ip_network("10.0.0.7"), ip_network("fe80::/10"))
    )
    assert written(tmp_path, "osc: {allow: 10.1.0.0/24}").osc == OscIn(8000, (ip_network("10.1.0.0/24"),))


@pytest.mark.parametrize(
    "line",
    [
        *(
            "true",
            "{}",
            "{port: 8000}",
            "{allow: []}",
            "{allow: [x]}",
            "{allow: [10.0.0.7/24]}",
            "{allow: [7]}",
        ),
        *("{allow: 10.0.0.7, port: 0}", "{allow: 10.0.0.7, port: x}", "{allow: 10.0.0.7, to: x}"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, line: str):
    with pytest.raises(DocumentError, match="osc"):
        written(tmp_path, f"osc: {line}")
