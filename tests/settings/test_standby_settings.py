"""Whose standby a machine is."""

from pathlib import Path

import pytest

from lumad.documents import load_document
from lumad.errors import DocumentError
from lumad.settings import Settings, load_settings


def written(folder: Path, text: str) -> Settings:
    (folder / "lumad.yaml").write_text(text)
    return load_settings(folder / "lumad.yaml", {"HOME": str(folder)}, load_document)


def test_a_machine_is_nobodys_standby_unless_it_is_said(tmp_path: Path):
    plain = written(tmp_path, "{}")
    assert (plain.standby_of, plain.handback, plain.artnet_address) == (None, "never", None)
    told = written(tmp_path, "{standby_of: lumad stage, handback: auto, artnet_address: 10.0.0.50}")
    assert (told.standby_of, told.handback, told.artnet_address) == ("lumad stage", "auto", "10.0.0.50")


@pytest.mark.parametrize(
    "line",
    ["standby_of: ''", "standby_of: 7", "handback: soon", "artnet_address: x", "artnet_address: '::1'"],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, line: str):
    with pytest.raises(DocumentError, match=line.partition(":")[0]):
        written(tmp_path, line)
