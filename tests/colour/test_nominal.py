"""What is assumed of lamps that nobody measured."""

import numpy as np
import pytest

from lumad.colour import nominal
from lumad.colour.emitters import EmitterSolve
from lumad.colour.white import xy_to_xyz, xyz_to_cct


@pytest.mark.parametrize("attribute", nominal.EMITTERS)
def test_an_assumed_emitter_is_light_that_can_be(attribute: str):
    x, y, luminance = nominal.EMITTERS[attribute]
    assert min(x, y, 1 - x - y) >= 0
    assert luminance >= 0
    assert np.isfinite(EmitterSolve(xy_to_xyz([(x, y)], luminance).T).full_output([0.95, 1.0, 1.09]))


@pytest.mark.parametrize(("attribute", "kelvin"), [("ColorAdd_WW", 2700), ("ColorAdd_CW", 6500)])
def test_assumed_whites_are_those_of_an_assumed_bicolour_lamp(attribute: str, kelvin: float):
    (found,), (duv,) = xyz_to_cct(xy_to_xyz([nominal.EMITTERS[attribute][:2]]))
    assert found == pytest.approx(kelvin, rel=1e-3)
    assert duv == pytest.approx(0.0, abs=1e-4)
    assert kelvin in nominal.KELVIN
