import io
import random
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from foreign_files import zipped
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import DocumentError
from lumad.library import archive as limits
from lumad.library.archive import Allowance, Archive, read_bytes
from lumad.library.xmltree import MAX_DEPTH, MAX_ELEMENTS, read_xml

NOISE = random.Random(1).randbytes(100_000)


def with_entry(change: Callable[[zipfile.ZipInfo], None], *names: str) -> bytes:
    """A zip file whose entries were changed before they were written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name)
            change(entry)
            archive.writestr(entry, "x")
    return buffer.getvalue()


def test_a_good_archive_gives_its_files_back():
    archive = Archive(zipped({"a.xml": "<a/>", "models/": "", "models/b.3ds": NOISE}), "x.gdtf")
    assert archive.names == ("a.xml", "models/b.3ds")
    assert archive.read("a.xml") == b"<a/>"
    assert archive.read("models/b.3ds") == NOISE
    assert archive.find("B.3DS") == "models/b.3ds"


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/passwd", "\\\\host\\x", "C:/x", "..\\x", "a/.."]
)
def test_a_name_that_leads_out_is_refused(name: str):
    with pytest.raises(DocumentError, match="leads out of the archive"):
        Archive(with_entry(lambda entry: setattr(entry, "filename", name), "x"), "x.mvr")


def test_a_symbolic_link_is_refused():
    data = with_entry(lambda entry: setattr(entry, "external_attr", (stat.S_IFLNK | 0o777) << 16), "link")
    with pytest.raises(DocumentError, match="a link or a device"):
        Archive(data, "x.mvr")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.xml", "a.xml"), ("a.xml", "A.XML")])
def test_a_name_that_stands_twice_is_refused(names: tuple[str, str]):
    with pytest.raises(DocumentError, match="stands twice"):
        Archive(with_entry(lambda _: None, *names), "x.mvr")


def test_a_bomb_is_stopped_by_its_ratio_whatever_it_declares():
    bomb = bytearray(zipped({"a": bytes(20 << 20)}))
    with pytest.raises(DocumentError, match="more than 100 times its size"):
        Archive(bytes(bomb), "x.gdtf").read("a")
    directory = bomb.rfind(b"PK\x01\x02")
    struct.pack_into("<L", bomb, directory + 24, 10)  # it says ten bytes now
    with pytest.raises(DocumentError, match=r"a is broken|more than 100 times"):
        Archive(bytes(bomb), "x.gdtf").read("a")


def test_all_that_is_read_counts_together_even_across_archives():
    allowance = Allowance(150_000)
    data = zipped({"a": NOISE}, zipfile.ZIP_STORED)
    assert Archive(data, "outer", allowance).read("a") == NOISE
    with pytest.raises(DocumentError, match="inner: unpacks to more than 256 MiB"):
        Archive(data, "inner", allowance).read("a")


def test_too_many_files_are_refused_before_they_are_listed():
    assert len(Archive(zipped({str(n): "" for n in range(500)}), "x").names) == 500
    with pytest.raises(DocumentError, match="more than 500 files"):
        Archive(zipped({str(n): "" for n in range(501)}), "x")


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_the_standard_does_not_allow_is_refused(packing: int):
    with pytest.raises(DocumentError, match="encrypted, or packed"):
        Archive(zipped({"a": "x"}, packing), "x")


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all", b"PK\x03\x04" + bytes(100), b"<xml/>"])
def test_what_is_no_zip_file_is_said_so(data: bytes):
    with pytest.raises(DocumentError, match=r"x\.gdtf: (not a zip|a broken zip)"):
        Archive(data, "x.gdtf")


@given(st.data())
def test_a_damaged_archive_is_an_error_with_a_name_never_a_crash(data: st.DataObject):
    whole = bytearray(zipped({"a.xml": NOISE[:300], "b": "text"}))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    with suppress(DocumentError):
        archive = Archive(bytes(whole[:cut]), "x.gdtf")
        for name in archive.names:
            archive.read(name)


def test_a_file_that_is_missing_or_too_large_on_disk_is_a_named_error(tmp_path: Path, monkeypatch):
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        read_bytes(tmp_path / "none")
    (tmp_path / "large").write_bytes(bytes(11))
    with pytest.raises(DocumentError, match="more than 0 MiB"):
        read_bytes(tmp_path / "large", 10)
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    with pytest.raises(DocumentError, match="more than 0 MiB"):
        Archive(zipped({"a": "x"}), "x")


LOL = '<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
XXE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'


@pytest.mark.parametrize(
    "text", [LOL, XXE, "<!DOCTYPE l><l/>", '<!DOCTYPE l SYSTEM "http://127.0.0.1/x"><l/>']
)
def test_xml_with_a_dtd_is_refused(text: str):
    with pytest.raises(DocumentError, match="contains a DTD or entities"):
        read_xml(text.encode(), "x")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<a>" * 200_000, f"deeper than {MAX_DEPTH} levels"),
        (b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>", f"more than {MAX_ELEMENTS} XML elements"),
        (b"", "broken XML"),
        (b"<a><b></a>", "broken XML"),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", "XML that cannot be read"),
        (bytes(33 << 20), "more than 32 MiB"),
    ],
)
def test_xml_that_is_too_deep_too_large_or_broken_is_a_named_error(data: bytes, said: str):
    with pytest.raises(DocumentError, match=said):
        read_xml(data, "x")


def test_a_text_that_ends_as_c_text_does_is_read():
    assert read_xml(b"<a><b c='1'/></a>\0", "x")[0].get("c") == "1"


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_xml_reader(data: bytes):
    with suppress(DocumentError):
        read_xml(b"<a>" + data, "x")
