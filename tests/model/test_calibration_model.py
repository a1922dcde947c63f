import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.errors import EditError
from lumad.model.calibration import Calibration
from lumad.model.camera import Camera
from lumad.model.profile import Profile
from lumad.model.validate import check

R, G, B = {"xyY": [0.69, 0.305, 60]}, {"XYZ": [2.9, 12, 2.2]}, {"xyY": [0.15, 0.045, 2]}
FLAT = {"start_nm": 380, "step_nm": 5, "values": [1] * 81}


def calibration(**keys: Any):
    return check({"calibration": 1, "serial": "1234", **keys}, Calibration)


def told(**keys: Any):
    with pytest.raises(EditError) as caught:
        calibration(**keys)
    return str(caught.value)


def emitter_told(**keys: Any):
    return told(emitters={"ColorAdd_R": keys})


def test_an_emitter_is_told_as_xyy_xyz_or_a_spectrum():
    found = calibration(emitters={"ColorAdd_R": R, "ColorAdd_G": G})
    assert found.emitters["ColorAdd_R"].plain_xyz == pytest.approx((135.74, 60, 0.98), abs=0.01)
    assert found.emitters["ColorAdd_G"].plain_xyz == (2.9, 12, 2.2)
    assert calibration(emitters={"w": {"spectrum": FLAT}}).emitters["w"].plain_xyz is None


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"xyY": [0.69, 0.305, 0]}, "is no light"), ({"xyY": [0.69, 0.4, 1]}, "is no light"),
        ({"xyY": [0.69, 0.305, -1]}, "is no light"), ({"xyY": [math.nan, 0.3, 1]}, "not a finite number"),
        ({"XYZ": [0, 0, 0]}, "is no light: X and Z are 0 or more, Y is above 0"),
        ({"XYZ": [1, 1, -0.1]}, "is no light"), ({"XYZ": [1, 1]}, "one more value is missing"),
        ({"xyY": [None, None, 3]}, "a colour needs all of its three numbers; an emitter that no"),
        ({}, "needs one of xyY, XYZ, spectrum; an emitter that no meter reads (UV) is left out"),
        ({**R, "XYZ": [1, 1, 1]}, "needs one of xyY, XYZ, spectrum"),
        ({"spectrum": {**FLAT, "values": [0] * 81}}, "is zero everywhere"),
        ({"spectrum": {**FLAT, "values": [-1] + [1] * 80}}, "-1.0 is out of range; possible is 0 to"),
        ({"spectrum": {**FLAT, "start_nm": 500}}, "runs from 500 to 900 nm; needed is 420 to 680 nm"),
        ({"spectrum": {**FLAT, "values": [1] * 9}}, "runs from 380 to 420 nm"),
        ({"xy": [0.3, 0.3]}, "xy: no such key (nearest: "),
        ({"xyY": [0.3, 0.3, 1e10]}, "XYZ [1e+10, 1e+10, 1.33333e+10] is out of reach: Y is 0.000001 or more"),
        ({"xyY": [0.3, 0.3, 1e-7]}, "out of reach"), ({"xyY": [0.3, 1e-300, 1e9]}, "out of reach"),
        ({"XYZ": [0, 1e-7, 0]}, "out of reach"), ({"XYZ": [1e300, 1, 0]}, "none is above 1000000000; take"),
        ({"spectrum": {**FLAT, "values": [1e300] * 81}}, "1e+300 is out of range"),
    ],
)  # fmt: skip
def test_a_measurement_that_cannot_be_one_is_refused(keys: dict[str, Any], said: str):
    assert said in emitter_told(**keys)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "neither emitters nor curve"),
        ({"emitters": {"ColorAdd_UV": None}}, "needs one of xyY, XYZ, spectrum"),
        ({"emitters": {"a": R, "b": R}}, "a and b are the same to the last digit; measured twice?"),
        ({"emitters": {"a": R, "b": {"spectrum": FLAT}}}, "spectra for all of them or for none"),
        ({"emitters": {n: {"xyY": [0.2 + i / 10, 0.3 + i / 10, 9]} for i, n in enumerate("abc")}},
         "all lie on one line in x, y and mix no colours"),
        ({"curve": {"points": [[0, 0], [0.5, 0.5], [0.5, 1]]}}, "codes rise, light never falls"),
        ({"curve": {"points": [[0, 0], [0.5, math.inf], [1, 1]]}}, "not a finite number"),
        ({"curve": {"points": [[0, 0], [1, 0]]}}, "end without light; the last one is the brightest"),
        ({"curve": "linear", "calibration": 2}, "format version 2; this lumad reads version 1"),
        ({"curve": "linear", "serial": " "}, "serial: is empty; write what stands on the lamp"),
        ({"curve": "linear", "serial": 7}, "if it is meant as text, put it in quotes"),
        ({"curve": "linear", "profile": "x"}, "is no profile id"),
    ],
)  # fmt: skip
def test_measurements_that_cannot_be_those_of_a_lamp_are_refused(keys: dict[str, Any], said: str):
    assert said in told(**keys)


XYZ = st.lists(st.floats(0.01, 100), min_size=3, max_size=3)


@given(st.dictionaries(st.sampled_from("abcd"), XYZ, min_size=1))
def test_any_light_is_a_calibration_or_refused_with_words(lights: dict[str, Any]):
    plain = {"calibration": 1, "serial": "1", "emitters": {n: {"XYZ": xyz} for n, xyz in lights.items()}}
    try:
        found = check(plain, Calibration)
    except EditError as error:
        found = error
    if isinstance(found, EditError):
        assert len(lights) > 1
        assert "emitters" in str(found) or "one line" in str(found) or "the same" in str(found)
    else:
        assert check(found.model_dump(mode="json", exclude_none=True), Calibration) == found


WORDS = "calibration camera serial emitters curve a xyY XYZ spectrum points turn_on wall lamps r g b a/b"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS.split()), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("noun", [Calibration, Camera])
@settings(deadline=None)
@given(JSON)
def test_any_value_is_a_file_or_an_edit_error_with_readable_faults(noun: Any, value: Any):
    try:
        outcome = check(value, noun)
    except EditError as error:
        outcome = error
    assert isinstance(outcome, noun) or outcome.faults
    assert "pydantic" not in str(outcome)


def lamp():
    channels = [{"attribute": f"ColorAdd_{c}", "offset": [i]} for i, c in enumerate("RGB", start=2)]
    emitters = {f"ColorAdd_{c}": {} for c in "RGB"}
    dimmer = {"attribute": "Dimmer", "offset": [1]}
    modes = {"m": {"colour": {"model": "emitters"}, "channels": [dimmer, *channels]},
             "rgb": {"colour": {"model": "rgb"}, "channels": [dimmer, *channels]},
             "d": {"colour": {"model": "dimmer"}, "channels": [dimmer]}}  # fmt: skip
    plain = {"id": "a/b", "name": "x", "provenance": [{"doc": "d", "status": "vendor"}]}
    return check({**plain, "emitters": emitters, "modes": modes}, Profile)


ALL = {"ColorAdd_R": R, "ColorAdd_G": G, "ColorAdd_B": B}


def test_what_was_measured_is_no_longer_assumed():
    profile = lamp()
    full, dimmer = profile.modes["m"], profile.modes["d"]
    assert profile.assumed_of(full) == ("curve", "emitters")
    assert calibration(emitters=ALL, curve="linear").settles(profile, full) >= {"curve", "emitters"}
    assert calibration(emitters=ALL, curve={"Dimmer": "s"}).settles(profile, full) == {"emitters"}
    assert calibration(curve={"Dimmer": "s"}).settles(profile, dimmer) >= {"curve"}
    rgb = profile.modes["rgb"]
    assert profile.assumed_of(rgb) == ("curve", "primaries", "white", "transfer")
    assert calibration(emitters=ALL, curve="s").settles(profile, rgb) >= {*profile.assumed_of(rgb)}
    assert calibration(curve={"Dimmer": "s"}).curve_of("warm", "ColorAdd_W") is None


@pytest.mark.parametrize(
    ("keys", "mode", "serial", "doubts"),
    [
        ({"emitters": ALL, "profile": "a/b"}, "m", "1234", []),
        ({"emitters": ALL}, "m", "99", ["these are the measurements of serial 1234, not of 99"]),
        ({"emitters": ALL, "profile": "a/c"}, "m", "", ["these are the measurements of a a/c, not of a a/b"]),
        ({"emitters": {"ColorAdd_R": R, "ColorAdd_G": G}}, "m", "",
         ["no measurement of ColorAdd_B; it stays dark"]),
        ({"emitters": {**ALL, "ColorAdd_W": {"xyY": [0.3, 0.3, 9]}}}, "m", "",
         ["a/b has no ColorAdd_W (nearest: ColorAdd_R); it is not used"]),
        ({"emitters": ALL}, "d", "",
         ["this mode mixes no emitters; of the measurements only the curve counts"]),
    ],
)  # fmt: skip
def test_measurements_of_another_lamp_are_doubted(
    keys: dict[str, Any], mode: str, serial: str, doubts: list[str]
):
    profile = lamp()
    assert calibration(**keys).doubts(profile, profile.modes[mode], serial) == doubts


WALL = {"r": [0.8, 0.1, 0.02], "g": [0.2, 0.9, 0.1], "b": [0.03, 0.1, 0.7]}
SEEN = {"generic/rgb": {"ColorAdd_R": [0.5, 0.1, 0]}, "serial:7": {"ColorAdd_R": [0.4, 0.1, 0]}}


def camera(**keys: Any):
    return check({"camera": 1, "wall": WALL, "lamps": SEEN, **keys}, Camera)


def test_a_lamps_own_camera_values_win_over_those_of_its_profile():
    profile = {"ColorAdd_R": (0.5, 0.1, 0), "ColorAdd_G": (0.1, 0.6, 0)}
    found = camera(lamps={**SEEN, "generic/rgb": profile})
    own = {**profile, "ColorAdd_R": (0.4, 0.1, 0)}
    assert found.emitters_of("generic/rgb", "7") == own
    assert found.emitters_of("generic/rgb", "8") == found.emitters_of("generic/rgb") == profile
    assert found.emitters_of("generic/rgbw") == {}


WHOLE = {f"ColorAdd_{c}": [0.4, 0.3, 0.2] for c in "RGB"}


@pytest.mark.parametrize("mode", ["m", "rgb"])
@pytest.mark.parametrize(
    ("seen", "doubt"),
    [
        (WHOLE, None),
        ({**WHOLE, "ColorAdd_B": [0, 0, 0]}, None),
        ({"ColorAdd_R": [1, 0, 0]}, "knows no ColorAdd_G, ColorAdd_B of it; it is matched for the eye"),
        ({"ColorAdd_W": [1, 1, 1]}, "knows no emitters of it; it is matched for the eye"),
        ({name: [0, 0, 0] for name in WHOLE}, "knows no emitters of it; it is matched for the eye"),
    ],
)
def test_a_camera_knows_a_lamp_wholly_or_says_what_is_missing(mode: str, seen: Any, doubt: str | None):
    profile = lamp()
    assert camera(lamps={"a/b": seen}).doubt(profile, profile.modes[mode]) == doubt


def test_a_camera_has_no_doubts_of_a_lamp_that_mixes_no_colours():
    profile = lamp()
    assert camera().doubt(profile, profile.modes["d"]) is None


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"wall": {**WALL, "b": [0.4, 0.05, 0.01]}}, "wall: the camera sees red, green and blue alike"),
        ({"wall": {**WALL, "b": [0, 0, 0]}}, "wall.b: the camera sees no light"),
        ({"wall": {**WALL, "b": [0, -1, 0]}}, "a camera sees no negative light; subtract the black frame"),
        ({"wall": {**WALL, "b": [0, 0, 1e300]}}, "camera values are 0.000001 to 1000000000, or 0"),
        ({"lamps": {"a/b": {"a": [0, 1e-9, 0]}}}, "out of reach"),
        ({"wall": {"r": [1, 0, 0]}}, "wall.g: is missing"),
        ({"lamps": {"rgb": {"a": [1, 1, 1]}}}, "'rgb' is no lamp; write a profile id, or serial:NUMBER"),
        ({"lamps": {"serial:": {"a": [1, 1, 1]}}}, "is no lamp"),
        ({"lamps": {"a/b": {}}}, "too few entries"),
        ({"lamps": {"a/b": {"a": [1, math.nan, 1]}}}, "lamps.a/b.a.1: nan is not a finite number"),
    ],
)  # fmt: skip
def test_a_camera_file_that_cannot_be_right_is_refused(keys: dict[str, Any], said: str):
    with pytest.raises(EditError) as caught:
        camera(**keys)
    assert said in str(caught.value)
