import csv
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import DocumentError
from lumad.library.patch_csv import COLUMNS, read_patch, write_patch

HEAD = "fixture,profile,mode,universe,address"
ROW = "key,generic/rgb,8bit,1,101"


def test_a_patch_list_becomes_fixtures():
    text = f'{HEAD},number,label,units,follows\r\n{ROW},7,"Key, left",2,sky\r\n\r\n'
    text += "rim,generic/rgb,8bit,1,111,,,,off\r\n"
    assert read_patch(text.encode(), "x.csv") == {
        "key": {"profile": "generic/rgb", "mode": "8bit", "universe": 1, "address": 101, "number": 7,
                "units": 2, "label": "Key, left", "follow": "sky"},
        "rim": {"profile": "generic/rgb", "mode": "8bit", "universe": 1, "address": 111, "control": "off"},
    }  # fmt: skip


def test_region_take_and_control_have_columns_of_their_own():
    head = "fixture,profile,mode,universe,address,follows,take,control\n"
    text = head + "a,a/b,m,1,1,off,both,\nb,a/b,m,1,2,sky,colour,manual\nc,a/b,m,1,3,,,off\n"
    usual = {"profile": "a/b", "mode": "m", "universe": 1}
    assert read_patch(text.encode(), "x") == {
        "a": {**usual, "address": 1, "follow": "off"},
        "b": {**usual, "address": 2, "follow": {"region": "sky", "take": "colour"}, "control": "manual"},
        "c": {**usual, "address": 3, "control": "off"},
    }


FORMULAS = ["=1+1", "+A1", "-cmd|x", "@SUM(A1)", " =1", "'=1", "''@x"]


@pytest.mark.parametrize("label", FORMULAS)
def test_text_that_spreadsheets_run_goes_out_marked_and_comes_in_as_it_was(label: str):
    row = {**dict.fromkeys(COLUMNS, ""), "fixture": "a", "label": label, "profile": "a/b", "mode": "m",
           "universe": 1, "address": 1}  # fmt: skip
    text = write_patch([row])
    assert text.splitlines()[1].split(",")[2] == f"'{label}"
    assert read_patch(text.encode(), "x")["a"]["label"] == label.strip()


@pytest.mark.parametrize("label", ["-3", "+1.5", "-0,5", "'tis", "a=b"])
def test_numbers_and_plain_text_go_out_as_they_are(label: str):
    assert label in next(csv.reader([write_patch([{"label": label}]).splitlines()[1]]))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_a_byte_order_mark_are_read(separator: str):
    text = "\ufeff" + f"{HEAD}\n{ROW}\n".replace(",", separator)
    assert list(read_patch(text.encode(), "x")) == ["key"]


def test_a_line_without_a_name_gets_one():
    text = "number,profile,mode,universe,address\n12,a/b,m,1,1\n,a/b,m,1,2\n,a/b,m,1,3\n"
    assert list(read_patch(text.encode(), "x")) == ["fixture-12", "fixture-1", "fixture-1-2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the column profile is missing"),
        (f"{HEAD},adress\n", r"x:1:1: no column 'adress' \(nearest: address\)"),
        (f"{HEAD},mode\n", "a column stands twice"),
        (f"{HEAD}\n{ROW},1\n", "x:2:1: 6 columns; the first line names 5"),
        (f"{HEAD}\n{ROW}\n{ROW}\n", "x:3:1: fixture: key stands twice"),
        (f"{HEAD}\nkey,a/b,m,0,1\n", "x:2:1: universe: 0 is not a universe"),
        (f"{HEAD}\nkey,a/b,m,1,513\n", "x:2:1: address: 513 is not an address"),
        (f"{HEAD}\nkey,a/b,m,one,1\n", "universe: 'one' is not a whole number"),
        (f"{HEAD}\nkey,,m,1,1\n", "profile: is missing"),
        (f"{HEAD},take\n{ROW},colour\n", "x:2:1: follow.region: is missing"),
        (f"{HEAD},control\n{ROW},out\n", "x:2:1: control: "),
        (f"{HEAD}\nkey light,a/b,m,1,1\n", "x:2:1: not a usable name"),
        (f'{HEAD}\n"key,a/b', "not CSV"),
        (f'{HEAD}\n"key"x,a/b,m,1,1\n', "not CSV"),
        (f"{HEAD}\n{'a' * 200_000},b\n", "not CSV"),
    ],
)
def test_each_fault_has_its_line(text: str, said: str):
    with pytest.raises(DocumentError, match=said):
        read_patch(text.encode(), "x")


def test_bytes_that_are_no_text_or_too_many_are_refused():
    with pytest.raises(DocumentError, match="not UTF-8"):
        read_patch(b"\xff\xfe", "x")
    with pytest.raises(DocumentError, match="more than 4000000 bytes"):
        read_patch(bytes(4_000_001), "x")


LABELS = st.text(
    st.sampled_from("'=+-@ \t1")
    | st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]),
    max_size=20,
)


@given(st.lists(st.tuples(LABELS, st.integers(1, 63999), st.integers(1, 512)), max_size=5))
def test_what_is_written_is_read_again(told: list[tuple[str, int, int]]):
    rows = [
        {**dict.fromkeys(COLUMNS, ""), "fixture": f"f{at}", "label": label, "profile": "a/b", "mode": "m",
         "universe": universe, "address": address, "last": 512, "footprint": 9}
        for at, (label, universe, address) in enumerate(told)
    ]  # fmt: skip
    back = read_patch(write_patch(rows).encode(), "x")
    assert [(one.get("label", ""), one["universe"], one["address"]) for one in back.values()] == [
        (label.strip(), universe, address) for label, universe, address in told
    ]


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(data: bytes):
    with suppress(DocumentError):
        read_patch(HEAD.encode() + b"\n" + data, "x")
