"""The city's own lights: windows that come on one by one, televisions, the lamps of the quay, masts."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from lumad.render.light import LOOP_S, Colours
from lumad.render.skyline import DEPTHS, Facade, Skyline, Tower

_SEED = 1931
_COLOURS = np.array(  # BGR: candle, bulb, warm tube, office tube, daylight tube, television, mast
    [
        *((84, 158, 255), (112, 184, 255), (150, 206, 255), (196, 228, 255)),
        *((240, 238, 226), (255, 190, 140), (40, 30, 255)),
    ],
    np.float32,
)
_SHARES = (0.20, 0.36, 0.22, 0.12, 0.04, 0.06)
_BULB, _TELEVISION, _MAST = 1, 5, 6
Places = npt.NDArray[np.intp]


class Windows:
    """Every light of a skyline: light `lamps[i]` shows at flat pixel `pixels[i]`.

    `plan` (shore, width) is 1 at windows, 0 elsewhere.
    """

    def __init__(self, skyline: Skyline, unit: int) -> None:
        shore, width = skyline.cover.shape
        pixels: list[Places] = []
        lamps: list[Places] = []
        depth: list[int] = []
        for number, tower in enumerate(skyline.towers, 1):
            facade = Facade.of(tower, shore, unit)
            at, lamp, count = _lit_windows(tower, facade, skyline.owner, number)
            pixels.append(at)
            lamps.append(lamp + len(depth))
            depth += [tower.depth] * count
        city = len(depth)
        spots = [*_quay(shore, width, unit), *_masts(skyline, unit)]
        for at in spots:
            pixels.append(at)
            lamps.append(np.full(at.size, len(depth), np.intp))
            depth.append(len(DEPTHS) - 1)
        self.pixels, self.lamps = np.concatenate(pixels), np.concatenate(lamps)
        plan = np.bincount(self.pixels, minlength=shore * width).reshape(shore, width)
        self.plan = np.minimum(plan, 1).astype(np.float32)
        self._cast(np.array(depth, np.intp), city, len(depth) - len(skyline.masts))

    def _cast(self, depth: Places, city: int, quay: int) -> None:
        """How each light behaves; in order: windows, from `city` the quay, from `quay` the masts."""
        random = np.random.default_rng(_SEED)
        count = depth.size
        kind = random.choice(len(_SHARES), count, p=_SHARES)
        kind[city:quay] = _BULB
        kind[quay:] = _MAST
        self._colour = _COLOURS[kind]
        self._television, self._mast = np.flatnonzero(kind == _TELEVISION), np.flatnonzero(kind == _MAST)
        haze = np.array([each.haze for each in DEPTHS], np.float32)[depth]
        self._power = random.uniform(0.55, 1.0, count).astype(np.float32) * (1 - haze * 0.55)
        self._wakes = random.uniform(0.06, 0.96, count).astype(np.float32)  # the darkness it comes on at
        self._phase = random.uniform(0, math.tau, count).astype(np.float32)
        self._beat = random.integers(60, 260, count).astype(np.float32)  # flickers a loop
        turns = random.choice([4, 6, 8, 12], count) * (random.random(count) < 0.22)
        self._turns = turns.astype(np.float32)  # how often somebody comes home and goes out, a loop
        self._power[city:], self._wakes[city:], self._turns[city:] = 1.0, 0.25, 0.0

    def shine(self, seconds: float, darkness: float) -> tuple[Colours, Colours]:
        """Per light: colour (N, 3) BGR, and how far it covers the wall behind it, (N,) 0..1."""
        turn = np.float32(math.tau * (seconds % LOOP_S) / LOOP_S)
        power = self._power * np.clip((darkness - self._wakes) * 12 + 0.5, 0, 1)
        power *= np.where(
            self._turns > 0, np.clip(np.sin(turn * self._turns + self._phase) * 30 + 18, 0, 1), 1
        )
        power *= 0.96 + 0.04 * np.sin(turn * self._beat + self._phase)
        beat, phase = self._beat[self._television], self._phase[self._television]
        power[self._television] *= 0.62 + 0.38 * np.sin(turn * beat + phase) * np.sin(turn * (2 * beat - 37))
        blink = np.sin(turn * 48 + self._phase[self._mast] * 0.3)
        power[self._mast] *= np.clip(blink * 4, 0.06, 1)
        return self._colour, np.asarray(power, dtype=np.float32)


def _lit_windows(
    tower: Tower, facade: Facade, owner: npt.NDArray[np.uint16], number: int
) -> tuple[Places, Places, int]:
    """Pixels of a tower's windows that nearer towers leave free, the window of each, how many windows."""
    random = np.random.default_rng((_SEED, tower.seed))
    share = DEPTHS[tower.depth].lit * random.uniform(0.35, 1.5)
    floor, column = np.nonzero(random.random((facade.floors, facade.columns)) < share)
    shape = (floor.size, facade.tall, facade.wide)
    y = (facade.y + floor * facade.down)[:, None, None] + np.arange(facade.tall)[:, None]
    x = (facade.x + column * facade.across)[:, None, None] + np.arange(facade.wide)
    y, x, lamp = (np.broadcast_to(each, shape) for each in (y, x, np.arange(floor.size)[:, None, None]))
    seen = (x >= 0) & (x < owner.shape[1])
    seen[seen] = owner[y[seen], x[seen]] == number
    return y[seen] * owner.shape[1] + x[seen], lamp[seen], int(floor.size)


def _quay(shore: int, width: int, unit: int) -> Iterator[Places]:
    """Street lamps along the water."""
    size, pitch = max(1, round(unit / 360)), max(3, round(unit * 0.045))
    y = np.arange(max(0, shore - 3 * size), max(0, shore - 2 * size))
    for start in range(pitch // 2, width - size, pitch):
        yield (y[:, None] * width + start + np.arange(size)).ravel()


def _masts(skyline: Skyline, unit: int) -> Iterator[Places]:
    """Red lights on the masts, where nothing nearer hides them."""
    shore, width = skyline.cover.shape
    size = max(1, round(unit / 360))
    for x, y in skyline.masts:
        box = np.mgrid[y : min(y + size, shore), x : min(x + size, width)].reshape(2, -1)
        clear = skyline.owner[max(y - 1, 0), x] == 0
        yield (box[0] * width + box[1])[: box.shape[1] * int(clear)]
