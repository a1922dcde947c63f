from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.errors import DocumentError
from lumad.library.meter_csv import column_map, read_curves, read_emitters

METER = """Report of the meter, version 7

Shot,CIE x,CIE y,"Ev, lx"
Red,0.690,0.305,412

Green,0.170,0.700,866
Dark,0,0,0
"""
MAP = column_map('name=Shot,x=CIE x,y=CIE y,"Y=Ev, lx"')


@pytest.fixture
def table(tmp_path: Path):
    def put(text: str | bytes) -> Path:
        path = tmp_path / "t.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return put


def read(path: Path, columns: Any = MAP, **keys: Any):
    return read_emitters(path, columns, keys.get("names", {}), frozenset(keys.get("skip", ())))


def test_the_columns_of_a_meter_are_those_the_map_says(table: Any):
    found = read(table(METER), names={"Red": "ColorAdd_R"}, skip=["Dark"])
    assert found == {"ColorAdd_R": {"xyY": [0.69, 0.305, 412]}, "Green": {"xyY": [0.17, 0.7, 866]}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Emitter;X;Y;Z\nR;1,5;2;0,25\n", [1.5, 2, 0.25]),
        ("Emitter\tX\tY\tZ\nR\t1.5\t2\t0.25\n", [1.5, 2, 0.25]),
        ("\ufeffemitter,X,Y,Z\r\nR, 1.5, 2, 2.5e-1\r\n", [1.5, 2, 0.25]),
        ("Emitter,X,Y,Z\nR,1.5,2,0.25\n".encode("utf-16"), [1.5, 2, 0.25]),
        ("Emitter,X,Y,Z,Ort\nR,1.5,2,.25,M\xfcnchen\n".encode("latin-1"), [1.5, 2, 0.25]),
    ],
)
def test_separators_decimal_commas_and_encodings_are_those_of_the_table(text: Any, value: Any, table: Any):
    assert read(table(text), column_map("name=Emitter,X=X,Y=Y,Z=Z")) == {"R": {"XYZ": value}}


def test_small_and_capital_y_are_two_columns(table: Any):
    found = read(table("Emitter,x,y,Y\nR,0.6,0.3,9\n"), column_map("name=Emitter,x=x,y=y,Y=Y"))
    assert found["R"]["xyY"] == [0.6, 0.3, 9]


def test_a_spectrum_is_a_column_for_each_wavelength(table: Any):
    header = ",".join(["name", *(f"{nm} nm" for nm in range(370, 791, 10))])
    row = ",".join(["R", *(str(nm) for nm in range(370, 791, 10))])
    found = read(table(f"{header}\n{row}\n"), column_map("name=name,spectrum=380..780"))["R"]["spectrum"]
    assert (found["start_nm"], found["step_nm"], found["values"][0], found["values"][-1]) == (
        380,
        10,
        380,
        780,
    )
    assert len(found["values"]) == 41


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (METER.replace("0.690", "n/a"), "t.csv:4:2: column 'CIE x': 'n/a' is not a number"),
        (METER.replace("866", "inf"), "t.csv:6:4: column 'Ev, lx': 'inf' is not a finite number"),
        (METER.replace(",412", ""), "t.csv:4:4: column 'Ev, lx': '' is not a number"),
        (METER.replace("412", '"1,412"'), "t.csv:4:4: column 'Ev, lx': '1,412' is not a number"),
        (METER.replace("Green", "Red"), "t.csv:6:1: column 'Shot': Red stands twice"),
        (METER.replace("CIE x", "CIE_x"), "t.csv: no column 'CIE x' (nearest: CIE_x)"),
        ("", "t.csv: no column 'Shot'"),
        ('Shot\nCIE x,CIE y,"Ev, lx"', "no row has all of the headers"),
        ("a" * 200_000, "no table: field larger than field limit"),
        ("Shot,CIE x\n" * 400_000, "more than 4000000 bytes"),
    ],
)  # fmt: skip
def test_a_fault_names_the_row_and_the_column(text: str, said: str, table: Any):
    with pytest.raises(DocumentError) as caught:
        read(table(text))
    assert said in str(caught.value)


def test_uneven_wavelengths_are_refused(table: Any):
    text = "name," + ",".join(str(nm) for nm in (380, 390, 400, 410, 425, 430, 440, 450)) + "\nR" + ",1" * 8
    with pytest.raises(DocumentError, match="column '425': 425 nm breaks the steps of 10 nm"):
        read(table(text), column_map("name=name,spectrum=380..780"))


@pytest.mark.parametrize("said", ["", "name=a", "name=a,x=b,y=c", "x=a,y=b,Y=c", "name=a,X=b,y=c,Z=d", "a"])
def test_a_map_that_lacks_a_column_is_told_what_there_may_be(said: str):
    with pytest.raises(DocumentError, match=r"--columns: .* is none of: name=…,x=…,y=…,Y=…; name=…,X=…"):
        column_map(said)


def test_a_spectrum_needs_its_ends():
    with pytest.raises(DocumentError, match=r"write it as 380\.\.780"):
        column_map("name=a,spectrum=380-780")


def curve_table(law: Any, steps: Any = (5, 10, 26, 51, 102, 153, 204, 255)):
    return "attribute,code,light\n" + "\n".join(f"Dimmer,{code},{800 * law(code / 255)}" for code in steps)


def test_readings_become_the_simplest_curve_that_explains_them(table: Any):
    (curve,) = read_curves(table(curve_table(lambda code: code**2.2)), {}, 255).values()
    assert curve == {"gamma": pytest.approx(2.2, abs=1e-3)}


def test_a_turn_on_code_belongs_to_its_attribute(table: Any):
    path = table(curve_table(lambda code: max(0, code - 0.04) / 0.96, (13, 26, 51, 102, 153, 204, 255)))
    assert read_curves(path, {"Dimmer": 0.04}, 255)["Dimmer"]["turn_on"] == pytest.approx(0.04, abs=0.001)
    with pytest.raises(DocumentError, match=r"--turn-on: Dimer: no such attribute in .*nearest: Dimmer"):
        read_curves(path, {"Dimer": 0.04}, 255)


def test_readings_that_are_no_curve_say_which(table: Any):
    with pytest.raises(
        DocumentError, match=r"t.csv:2:1: column 'attribute': Dimmer: light falls .* reading 7"
    ):
        read_curves(table(curve_table(lambda code: code * (1.2 - code))), {}, 255)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80))
def test_any_text_is_a_table_or_a_fault(tmp_path_factory: pytest.TempPathFactory, text: str):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(('Shot,CIE x,CIE y,"Ev, lx"\n' + text).encode("utf-8", "replace"))
    try:
        found: Any = read(path)
    except DocumentError as error:
        found = error
    assert isinstance(found, dict) or found.faults
