"""Files that somebody offers as a profile: each kind is known by its bytes, the rest is refused in words."""

import json

import pytest
from foreign_files import channel, gdtf, mode, ofl, zipped
from hypothesis import given
from hypothesis import strategies as st
from show.sample import PROFILE, PROFILE_YAML

from lumad.errors import DocumentError
from lumad.library.offer import read_offer

DIMMER = gdtf(mode(channel("1", attribute="Dimmer")))
OFL = ofl({"Dimmer": {"capability": {"type": "Intensity"}}}, ["Dimmer"])
NATIVE = PROFILE_YAML.encode()


@pytest.mark.parametrize(
    ("data", "given_id", "found", "status"),
    [
        (DIMMER, None, "acme/par", "draft"),
        (OFL, "my/par", "my/par", "draft"),
        (NATIVE, None, "example/dimmer", "community"),
        (json.dumps(PROFILE).encode(), "my/dimmer", "my/dimmer", "community"),
    ],
)
def test_each_kind_is_known_by_its_bytes(data: bytes, given_id: str | None, found: str, status: str):
    imported = read_offer(data, "upload", given_id)
    assert (imported.profile.id, imported.form["id"], imported.profile.status) == (found, found, status)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff\xe0 a picture", "neither a GDTF file"),
        (b"\x00\x01", "neither a GDTF file"),
        (b"PK\x03\x04 no zip", "broken zip"),
        (zipped({"GeneralSceneDescription.xml": "<x/>"}), "MVR scene"),
        (b"{", "not readable as a fixture of the Open Fixture Library"),
        (b'{"modes": 7}', "Open Fixture Library"),
        (b"id: x/y\n", "no modes"),
        (NATIVE.replace(b"8bit", b"eight bits"), "name"),
        (b"{" + b" " * 5_000_000, "more than"),
        (b"[" * 100_000, "nested"),
    ],
)
def test_what_is_no_profile_is_refused_in_words(data: bytes, said: str):
    with pytest.raises(DocumentError, match=said):
        read_offer(data, "upload")


def test_another_id_must_be_one():
    for wrong in ("../x", "a/..", "A/B", "a", ""):
        with pytest.raises(DocumentError, match="no profile id"):
            read_offer(NATIVE, "upload", wrong)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_at_all_are_more_than_refused(data: bytes):
    with pytest.raises(DocumentError):
        read_offer(data, "upload")
