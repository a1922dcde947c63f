"""What meters read: judged by colour-science, and by lamps whose curve is known."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.curve import Curve
from lumad.colour.emitters import EmitterSolve
from lumad.colour.measure import (
    codes_to_read,
    find_turn_on,
    matching_functions,
    measured_curve,
    spectrum_to_xyz,
)
from lumad.colour.spaces import WHITE_D65, rgb_to_xyz
from lumad.colour.transfer import decode
from lumad.colour.white import D65, xy_to_xyz

with warnings.catch_warnings():  # it tells of every library it would like to have
    warnings.simplefilter("ignore")
    import colour

Array = npt.NDArray[np.float64]
Law = Callable[[Array], Array]


def reference() -> Any:
    return colour.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"]


def led(peak: float, wide: float, nm: Array):
    return np.exp(-0.5 * ((nm - peak) / wide) ** 2)


def test_the_matching_functions_are_those_of_cie_1931():
    at_5 = np.arange(380.0, 781.0, 5.0)
    table = reference().copy().align(colour.SpectralShape(380, 780, 5)).values
    assert np.abs(matching_functions(at_5) - table).max() < 6e-7
    at_1 = np.arange(380.0, 781.0, 1.0)
    fine = reference().copy().align(colour.SpectralShape(380, 780, 1)).values
    assert np.abs(matching_functions(at_1) - fine).max() < 4e-3
    assert not matching_functions(np.array([379.0, 781.0])).any()


@pytest.mark.parametrize(("start", "step"), [(380.0, 5.0), (380.0, 1.0), (350.0, 4.0), (382.0, 5.0)])
@pytest.mark.parametrize(("peak", "wide"), [(632.0, 9.0), (522.0, 15.0), (452.0, 10.0), (600.0, 80.0)])
def test_a_spectrum_becomes_the_xyz_that_colour_science_finds(
    start: float, step: float, peak: float, wide: float
):
    nm = np.arange(start, 781.0, step)
    fine = np.arange(360.0, 831.0, 1.0)
    sd = colour.SpectralDistribution(led(peak, wide, fine), fine)
    expected = colour.sd_to_XYZ(sd, reference(), method="Integration", k=683)
    found = spectrum_to_xyz(start, step, led(peak, wide, nm))
    assert found == pytest.approx(expected, rel=2e-3, abs=2e-3 * expected.max())


@pytest.mark.parametrize("values", [[], [np.nan], [-1.0], [[1.0]]])
def test_what_is_no_spectrum_is_refused(values: Any):
    with pytest.raises(ValueError, match="a spectrum is a row of finite values"):
        spectrum_to_xyz(380, 5, values)


@given(st.integers(0, 65534))
def test_the_turn_on_code_is_found_by_halving(code: int):
    looks: list[int] = []
    assert find_turn_on(lambda at: bool(looks.append(at)) or at > code, 65535) == code
    assert len(looks) <= 17


def above(codes: Array, turn_on: float):
    return np.clip((codes - turn_on) / (1.0 - turn_on), 0.0, 1.0)


LAMPS: dict[str, Law] = {
    "linear": lambda codes: codes,
    "square": lambda codes: codes**2,
    "gamma 2.2": lambda codes: codes**2.2,
    "s": lambda codes: codes**2 * (3 - 2 * codes),
    "dead 4 %": lambda codes: above(codes, 0.04),
    "dead 5 %, square": lambda codes: above(codes, 0.05) ** 2,
    "dead 5 %, s": lambda codes: above(codes, 0.05) ** 2 * (3 - 2 * above(codes, 0.05)),
}
OTHERS: dict[str, Law] = {"exponential": lambda codes: np.expm1(4 * codes) / np.expm1(4.0)}
RGBW = ((0.69, 0.305, 60), (0.17, 0.7, 120), (0.15, 0.045, 25), (*D65, 200))
COLUMNS = np.stack([xy_to_xyz(xyY[:2], xyY[2]) for xyY in RGBW], axis=1)
FULL = EmitterSolve(COLUMNS).full_output(WHITE_D65)


def measure(law: Law, noise: float, rng: np.random.Generator):
    """Ten readings of a 16-bit lamp above the code where a meter that sees 1/10 000 of full sees nothing."""
    turn_on = find_turn_on(lambda code: bool(law(np.array(code / 65535)) > 1e-4), 65535) / 65535
    codes = np.rint(codes_to_read(turn_on) * 65535) / 65535
    return measured_curve(codes, 870.0 * law(codes) * (1.0 + noise * rng.standard_normal(10)), turn_on)


def differences(law: Law, noise: float, seed: int):
    """ΔE2000 of a thousand colours of an RGBW lamp, each emitter through its own measured inverse."""
    rng = np.random.default_rng(seed)
    target = decode("srgb", np.random.default_rng(7).random((1000, 3))) @ rgb_to_xyz("rec709").T
    drives, _ = EmitterSolve(COLUMNS).solve(target * FULL)
    given = np.empty_like(drives)
    for emitter in range(4):
        codes = Curve(measure(law, noise, rng)).inverse(drives[:, emitter])
        given[:, emitter] = law(np.rint(codes * 65535) / 65535)
    lab = [colour.XYZ_to_Lab(light @ COLUMNS.T / FULL, D65) for light in (drives, given)]
    return colour.delta_E(*lab, method="CIE 2000")


@pytest.mark.parametrize("name", LAMPS)
def test_ten_points_and_a_turn_on_make_the_colours_right(name: str):
    assert np.percentile(differences(LAMPS[name], 0.0, 0), 95) <= 0.25


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", LAMPS)
def test_readings_that_are_one_percent_off_still_make_them_right(name: str, seed: int):
    assert np.percentile(differences(LAMPS[name], 0.01, seed), 95) <= 1.0


@pytest.mark.parametrize(("noise", "most"), [(0.0, 0.5), (0.01, 1.0)])
def test_a_curve_of_no_known_law_is_joined_smoothly(noise: float, most: float):
    assert "points" in measure(OTHERS["exponential"], noise, np.random.default_rng(1))
    assert np.percentile(differences(OTHERS["exponential"], noise, 1), 95) <= most


def test_a_law_is_named_by_its_name():
    rng = np.random.default_rng(0)
    assert measure(LAMPS["linear"], 0.0, rng) == {"gamma": pytest.approx(1.0, abs=1e-3)}
    assert measure(LAMPS["s"], 0.0, rng)["shape"] == "s"
    found = measure(LAMPS["dead 5 %, s"], 0.0, rng)
    assert (found["shape"], found["turn_on"]) == ("s", pytest.approx(0.05, abs=0.003))


def test_without_a_turn_on_code_it_is_read_from_the_points():
    codes = codes_to_read(0.04)
    found = measured_curve(codes, above(codes, 0.04) ** 2)
    assert found == {"gamma": pytest.approx(2.0, abs=0.05), "turn_on": pytest.approx(0.04, abs=0.002)}


def test_dark_readings_move_the_turn_on_up():
    codes = np.array([0.02, 0.05, *codes_to_read(0.06)])
    found = measured_curve(codes, np.maximum(0.0, codes - 0.06))
    assert Curve(found).inverse(1e-6) >= 0.05


@pytest.mark.parametrize(
    ("codes", "lights", "said"),
    [
        ([0, 0.5, 1], [0, 0.5, 1], "at least 4 readings"),
        ([0.1, 0.2, 0.3, 1], [1, 2, np.nan, 4], "finite"),
        ([0.1, 0.2, 0.3, 1], [1, 2, -3, 4], "no light is negative"),
        ([0.1, 0.3, 0.3, 1], [1, 2, 3, 4], "codes rise from 0 to 1, each above the last; see reading 3"),
        ([0.1, 0.2, 0.3, 0.9], [1, 2, 3, 4], "the last reading is at full, not at code 0.9"),
        ([0.1, 0.2, 0.3, 1], [1, 2, 1.5, 4], "light falls while codes rise; see reading 3"),
        ([0.1, 0.2, 0.3, 1], [0, 0, 0, 0], "light falls"),
        ([0.1, 0.2, 0.3, 1], [0, 0, 0, 4], "at least 3 readings of light"),
    ],
)  # fmt: skip
def test_readings_that_make_no_curve_are_refused(codes: list[float], lights: list[float], said: str):
    with pytest.raises(ValueError, match=said):
        measured_curve(codes, lights)


def test_a_turn_on_above_light_is_refused():
    with pytest.raises(ValueError, match=r"code 0\.1 showed light, and turn-on lies above it, at 0\.15"):
        measured_curve([0.1, 0.2, 0.3, 1], [1, 2, 3, 4], 0.15)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(1e-6, 1e6), min_size=10, max_size=10), st.floats(0.0, 0.2))
def test_any_rising_readings_make_a_curve_that_keeps_them(lights: list[float], turn_on: float):
    codes, rising = codes_to_read(turn_on), np.sort(lights)
    curve = Curve(measured_curve(codes, rising, turn_on))
    light = curve.forward(np.linspace(0.0, 1.0, 200))
    assert (np.diff(light) >= 0.0).all()
    assert light[-1] == pytest.approx(1.0)
