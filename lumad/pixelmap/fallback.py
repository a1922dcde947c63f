"""Where lamps go when the feed is gone, as the show says it, to arrays by row."""

from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lumad.colour.trims import trimmed
from lumad.model.fixture import Fixture
from lumad.model.loss import look_called, loss_of
from lumad.model.show import Show
from lumad.pixelmap.rows import Row, own_xyz

Floats = npt.NDArray[np.float64]


class _Light(NamedTuple):
    """XYZ (3,) at Y = 1, NaN for as it is, and level."""

    colour: Floats
    level: float


_DARK = _Light(np.full(3, np.nan), 0.0)


def loss_arrays(show: Show, rows: Sequence[Row], white_xyz: Floats) -> dict[str, npt.NDArray[Any]]:
    """The arrays of `Losses`; none where every lamp that follows the wall holds or goes out at once."""
    lights = {
        name: (loss_of(fixture.on_loss), light)
        for name, fixture in show.fixtures.items()
        if fixture.on_loss not in ("hold", "blackout")  # which the map itself knows
        and (light := _light(show, name, fixture, white_xyz))
    }
    found = [(at, *lights[row.fixture]) for at, row in enumerate(rows) if row.fixture in lights]
    if not found:
        return {}
    return {
        "losses.rows": np.array([at for at, _, _ in found], np.intp),
        "losses.after_s": np.array([loss.after_s for _, loss, _ in found]),
        "losses.fade_s": np.array([loss.fade_s for _, loss, _ in found]),
        "losses.colour": np.array([light.colour for _, _, light in found]),
        "losses.level": np.array([light.level for _, _, light in found]),
    }


def _light(show: Show, name: str, fixture: Fixture, white_xyz: Floats) -> _Light | None:
    """What a lamp falls back to, None: it holds."""
    if fixture.control != "follow" or fixture.follow is None:
        return None
    if loss_of(fixture.on_loss).to == "blackout":
        return _DARK
    look = look_called(fixture.on_loss)
    part = show.looks[look].fixtures.get(name) if look is not None else None
    if part is None:
        return None
    lamp = part.over(fixture)
    if lamp.control == "off":
        return _DARK
    if lamp.control != "manual":
        return None
    trims = show.trims_of(lamp)
    ceiling = trims.max if trims.max < 1.0 else inf
    level = min(max(lamp.level * 2.0**trims.intensity, trims.min), ceiling)
    shift = [trims.mired], [trims.tint / 1000], [trims.saturation]
    return _Light(trimmed(own_xyz(lamp.colour, white_xyz)[None], white_xyz, *shift)[0], level)
