"""Transfer functions against the numbers of their standards."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.transfer import TRANSFERS, decode, encode, hlg_gamma, hlg_shown, table
from lumad.errors import UnknownNameError

UNIT = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("transfer", "code", "light"),
    [
        ("srgb", 0.5, 0.21404114048223255),
        ("srgb", 0.04045, 0.04045 / 12.92),
        ("gamma2.2", 0.5, 0.217637640824031),
        ("bt1886", 0.5, 0.18946457081379978),
        ("gamma2.6", 0.5, 0.16493848884661177),
        ("linear", 0.5, 0.5),
        ("pq", 0.508078421517399, 0.1),  # 100 cd/m² of 1000
        ("pq", 0.9, 1.0),  # brighter than the peak
        ("hlg", 0.5, 1 / 12),
        ("hlg", 0.75, 0.26496256042100724),  # ITU-R BT.2408-7: 203 cd/m² of 1000 behind the system gamma
    ],
)
def test_codes_decode_to_the_light_of_their_standard(transfer: str, code: float, light: float):
    assert decode(transfer, code) == pytest.approx(light, rel=1e-9)


@pytest.mark.parametrize("transfer", TRANSFERS)
@settings(deadline=None)
@given(light=UNIT)
def test_encode_is_the_inverse_of_decode(transfer: str, light: float):
    assert decode(transfer, encode(transfer, light)) == pytest.approx(light, abs=1e-6)


@pytest.mark.parametrize("transfer", TRANSFERS)
@pytest.mark.parametrize("code_range", ["full", "legal"])
def test_a_table_runs_from_black_to_white_and_never_falls(transfer: str, code_range: str):
    light = table(transfer, code_range)
    assert light.shape == (256,)
    assert light.dtype == np.float64
    assert light[0] == pytest.approx(0.0, abs=1e-12)
    assert light[255] == 1.0
    assert (np.diff(light) >= 0.0).all()


def test_legal_range_has_black_at_16_and_white_at_235():
    light = table("srgb", "legal")
    assert light[16] == 0.0 < light[17]
    assert light[234] < light[235] == 1.0
    assert table("linear", "legal", bits=10)[64:941:876].tolist() == [0.0, 1.0]


def test_the_peak_of_pq_is_one():
    assert decode("pq", encode("pq", 1.0, peak_nits=400.0), peak_nits=400.0) == pytest.approx(1.0)
    assert decode("pq", 1.0, peak_nits=10000.0) == pytest.approx(1.0)


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(UnknownNameError, match="known: srgb"):
        decode("slog3", 0.5)
    with pytest.raises(UnknownNameError, match="known: full, legal"):
        table("srgb", "studio")


REC2020 = np.array([0.2627, 0.6780, 0.0593])  # ITU-R BT.2100-2, table 5


@pytest.mark.parametrize(
    ("peak", "gamma"),
    [(400, 1.0329), (1000, 1.2), (2000, 1.3264), (4000, 1.4812), (200, 0.9398), (1, 0.4203)],
)
def test_the_system_gamma_of_hlg_goes_by_the_peak(peak: float, gamma: float):
    assert hlg_gamma(peak) == pytest.approx(gamma, abs=5e-5)


def test_hlg_reference_white_is_203_of_1000_nits():
    grey = np.full(3, decode("hlg", 0.75))
    assert hlg_shown(grey, 1000.0, REC2020) * 1000 == pytest.approx([203.2] * 3, abs=0.1)


def test_hlg_keeps_colours_and_changes_luminance_by_the_gamma():
    scene = np.array([[0.3, 0.2, 0.05], [0.01, 0.2, 0.6], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    shown = hlg_shown(scene, 1000.0, REC2020)
    assert shown @ REC2020 == pytest.approx((scene @ REC2020) ** 1.2)
    assert shown[:2] / shown[:2, :1] == pytest.approx(scene[:2] / scene[:2, :1])
    assert shown[2:].tolist() == [[0.0] * 3, [1.0] * 3]
