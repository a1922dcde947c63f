from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.documents import MAX_DEPTH, Document, load_document, nearest, read_document, write_document
from lumad.errors import DocumentError

# the building stones of YAML, so that arbitrary text gets deep into the reader
STONES = st.sampled_from(
    ["a: ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "'", '"', "&x ", "*x", "!!str ", "|\n", "#", "1e999",
     ".nan", "0x1", "~", "---\n", "...\n", "? ", "\t", "\\u", "\\ud83c\\udfac", "%YAML 1.2\n", "\ufeff"]
)  # fmt: skip


def outcome(text: str | bytes) -> Document | DocumentError:
    try:
        return read_document(text, "f")
    except DocumentError as error:
        return error


def faults(text: Any):
    with pytest.raises(DocumentError) as caught:
        read_document(text, "show.yaml")
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("on", "on"), ("12:30", "12:30"), ("2001-01-01", "2001-01-01"), ("1_000", "1_000"),
        ("010", 10), ("0o10", 8), ("0x1F", 31), ("-7", -7), ("1e3", 1000.0), (".5", 0.5), ("1.", 1.0),
        ("true", True), ("False", False), ("~", None), ("", None), ("'1'", "1"), ('"\\ud83c\\udfac"', "🎬"),
    ],
)  # fmt: skip
def test_plain_values_follow_the_yaml_1_2_core_schema(text: Any, value: Any):
    if "\\u" in text:  # a pair of escapes is JSON's way
        assert read_document(f'{{"a": {text}}}', "f").value == {"a": value}
    else:
        found = read_document(f"a: {text}", "f").value["a"]
        assert (found, type(found)) == (value, type(value))


def test_keys_are_always_text():
    assert read_document("1: a\non: b\n~: c", "f").value == {"1": "a", "on": "b", "~": "c"}


def test_json_is_read_the_same_way_even_with_tabs():
    text = '{\n\t"a":1,\n\t"b":[1.5,null,true],\n\t"c":{"d":"\\/\\u00e9"}}'
    document = read_document(text, "show.json")
    assert document.value == {"a": 1, "b": [1.5, None, True], "c": {"d": "/é"}}
    assert document.places["b", 1] == (3, 11)


def test_every_value_has_its_place_and_a_mapping_entry_that_of_its_key():
    document = read_document("fixtures:\n  key:\n    address: 513\n    list: [1, {x: 2}]\n", "show.yaml")
    assert document.places["fixtures", "key", "address"] == (3, 5)
    assert document.places["fixtures", "key", "list", 1, "x"] == (4, 16)


def test_a_fault_without_a_place_stands_at_its_nearest_parent():
    document = read_document("fixtures:\n  key: {}\n", "show.yaml")
    said = str(document.fault(("fixtures", "key", "address"), "is missing"))
    assert said == "show.yaml:2:3: fixtures.key.address: is missing"


def test_placed_faults_come_in_the_order_of_the_file():
    document = read_document("a: 1\nb: 2\n", "f")
    found = document.placed([document.fault(("b",), "x"), document.fault(("a",), "y")])
    assert [fault.line for fault in found] == [1, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "show.yaml:1:1: the file is empty"),
        ("# nothing\n", "show.yaml:1:1: the file is empty"),
        ("[1]", "show.yaml:1:1: the file must be a mapping"),
        ("just text", "show.yaml:1:1: the file must be a mapping"),
        ("a: 1\n--- \nb: 2", "show.yaml:2:1: a second document starts here"),
        ("a:\n\tb: 1", "show.yaml:2:1: a tab cannot indent here"),
        ("a: *x", "show.yaml:1:4: *x: aliases are not read"),
        ("a: 'x", "the file ends inside a quoted text"),
        ("a: b: c", "show.yaml:1:5: a ':' that belongs to no key"),
        ("? [a]\n: 1", "show.yaml:1:3: a key must be one word"),
        ("a: @x", "show.yaml:1:4: this character cannot start a value"),
        ("a: x\0", "show.yaml:1:5: the character U+0000 cannot stand"),
        (b"a: \xff", "show.yaml:1:4: a byte that is not UTF-8"),
        (b"\xff\xfea\0", "show.yaml:1:1: the file is UTF-16"),
    ],
)
def test_what_cannot_be_read_is_one_clear_fault_with_its_place(text: Any, said: str):
    (fault,) = faults(text)
    assert said in fault


def test_a_byte_order_mark_is_no_fault():
    assert read_document(b"\xef\xbb\xbfa: 1", "f").value == {"a": 1}


def test_several_faults_are_told_at_once():
    assert faults("a: 1\na: 2\nb: &x 1\nc: !!str 5\nd: .nan\ne: [-.inf, 1e999]\nf: 99999999999999999999") == [
        "show.yaml:2:1: a: this key stands twice (first in line 1)",
        "show.yaml:3:4: b: &x: anchors are not read; write the value out where it is used",
        "show.yaml:4:4: c: !!str: tags are not read; write the value without it",
        "show.yaml:5:4: d: .nan is not a finite number",
        "show.yaml:6:5: e.0: -.inf is not a finite number",
        "show.yaml:6:12: e.1: 1e999 is not a finite number",
        "show.yaml:7:4: f: this number is too large",
    ]


def test_thousands_of_faults_are_not_all_told():
    assert len(faults("".join(f"a{i}: .nan\n" for i in range(1000)))) == 50


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "{" * 100_000])
def test_a_hundred_thousand_nested_brackets_are_a_fault_and_no_crash(text: Any):
    (fault,) = faults(text)
    assert fault.endswith(f"nested deeper than {MAX_DEPTH} levels") or "not a list or mapping" in fault


def test_a_file_too_large_is_refused_before_it_is_read():
    assert faults("a: 1\n" + "#" * 5_000_000) == [
        "show.yaml: more than 4000000 bytes; that is no file of lumad"
    ]


def test_a_value_bomb_is_refused():
    assert "more than 250000 values" in faults("a: [" + "1," * 300_000 + "]")[0]


def test_a_file_that_cannot_be_opened_is_a_fault(tmp_path: Path):
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        load_document(tmp_path / "none.yaml")
    with pytest.raises(DocumentError, match="cannot be read: Is a directory"):
        load_document(tmp_path)


def test_the_nearest_known_name_is_told_whatever_its_capitals():
    assert nearest("centre", ["center", "size"]) == " (nearest: center)"
    assert nearest("SKYLEFT", ["sky-left"]) == " (nearest: sky-left)"
    assert nearest("xyz", ["center"]) == nearest("a" * 10_000, ["a" * 10_000]) == ""


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(STONES, max_size=40).map("".join)))
def test_any_text_is_a_document_or_a_document_error(text: Any):
    assert isinstance(outcome(text), Document | DocumentError)


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_a_document_or_a_document_error(raw: bytes):
    assert isinstance(outcome(raw), Document | DocumentError)


# every number and word of YAML 1.1 and 1.2 is made of these
TRICKY = st.text("0123456789abcdefABCDEFonyNYtrulsxXeE+-._:~=<>!#'\"\\ \n\t,[]{}&*?|%@`", max_size=12)
TEXT = (
    st.text() | TRICKY | st.sampled_from(["1e3", "0o17", "on", "010", "1_0", "12:30", ".inf", "", "<<", "= "])
)
VALUES = st.recursive(
    TEXT
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT.filter(bool), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=500)
@given(st.dictionaries(TEXT.filter(bool), VALUES, max_size=4))
def test_what_is_written_is_read_back_as_it_was(value: dict[str, Any]):
    assert read_document(write_document(value), "f").value == value


@pytest.mark.parametrize("label", ["1e3", "0o17", "on", "1", "null", "2001-01-01", "", "a: b", "two\nlines"])
def test_text_is_written_as_text_whatever_yaml_would_take_it_for(label: str):
    assert read_document(write_document({"label": label, label or "k": 1}), "f").value == {
        "label": label,
        label or "k": 1,
    }


def test_a_value_in_two_places_is_written_twice():
    point = [0.5, 0.5]
    assert read_document(write_document({"a": point, "b": point}), "f").value == {"a": point, "b": point}
