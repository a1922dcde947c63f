"""The city on the far shore: towers in three depths, drawn once as bare coverage, tone and haze."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

_SEED = 1895
_TOPS = ("flat", "flat", "steps", "steps", "mast", "wedge", "crown", "spire")


@dataclass(frozen=True, slots=True)
class Depth:
    """One depth of the city; lengths are picture heights."""

    haze: float  # 0 at the viewer, 1 lost in the sky
    spacing: float
    width: tuple[float, float]
    hills: tuple[tuple[float, float, float], ...]  # the city grows tall around: (x, spread, height)
    low: float  # the height elsewhere
    window: tuple[float, float]  # from one to the next: across, down
    lit: float  # share of windows that ever light up

    def height_at(self, x: float) -> float:
        """How tall the city stands at x."""
        return self.low + sum(top * math.exp(-(((x - at) / spread) ** 2)) for at, spread, top in self.hills)


DEPTHS = (
    Depth(
        haze=0.74, spacing=0.034, width=(0.020, 0.040), low=0.050, window=(0.0065, 0.0085), lit=0.30,
        hills=((0.00, 0.20, 0.17), (0.58, 0.12, 0.09), (-0.80, 0.4, 0.10), (1.5, 0.4, 0.10)),
    ),
    Depth(
        haze=0.42, spacing=0.050, width=(0.034, 0.060), low=0.030, window=(0.0085, 0.0110), lit=0.42,
        hills=((-0.36, 0.20, 0.23), (0.72, 0.13, 0.22), (-1.3, 0.3, 0.15), (1.6, 0.5, 0.15)),
    ),
    Depth(
        haze=0.12, spacing=0.080, width=(0.055, 0.090), low=0.016, window=(0.0098, 0.0139), lit=0.46,
        hills=((-0.74, 0.17, 0.33), (0.92, 0.13, 0.30), (-1.8, 0.5, 0.3), (2.0, 0.5, 0.3)),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tower:
    """One building: bounds of its body in pixels, what its top is, the seed of its own chance."""

    depth: int
    left: int
    top: int
    right: int
    tone: float
    shape: str
    seed: int


@dataclass(frozen=True, slots=True)
class Facade:
    """Where the windows of a tower are: corner of the first, steps to the next, size; pixels."""

    x: int
    y: int
    columns: int
    floors: int
    across: int
    down: int
    wide: int
    tall: int

    @classmethod
    def of(cls, tower: Tower, shore: int, unit: int) -> "Facade":
        """The facade of a tower that stands on row `shore` of a picture `unit` high."""
        across, down = (max(2, round(pitch * unit)) for pitch in DEPTHS[tower.depth].window)
        wide, tall = max(1, round(across * 0.5)), max(1, round(down * 0.55))
        columns, floors = (tower.right - tower.left - 2) // across, (shore - tower.top - 3) // down
        margin = (tower.right - tower.left - columns * across + across - wide) // 2
        return cls(
            tower.left + margin, tower.top + 3, max(columns, 0), max(floors, 0), across, down, wide, tall
        )


class Skyline:
    """Coverage, tone and haze, uint8 (shore, width), of the city in a picture `unit` high.

    `owner` is the tower a pixel shows (its place in `towers` + 1, 0 none); `masts` are tops of masts (x, y).
    """

    def __init__(self, width: int, shore: int, unit: int) -> None:
        self.cover = np.zeros((shore, width), np.uint8)
        self.tone = np.zeros((shore, width), np.uint8)
        self.haze = np.zeros((shore, width), np.uint8)
        self.owner = np.zeros((shore, width), np.uint16)
        self.masts: list[tuple[int, int]] = []
        self.towers: list[Tower] = []
        self._width, self._shore, self._unit = width, shore, unit
        for tower in self._plan():
            self.towers.append(tower)
            self._build(tower)
        self._quay()
        self._settle_mist()

    def _plan(self) -> Iterator[Tower]:
        """Towers back to front; the same city at every picture size."""
        reach = self._width / self._unit / 2
        for number, depth in enumerate(DEPTHS):
            slots = math.ceil(reach / depth.spacing) + 1
            for slot in range(-slots, slots + 1):
                seed = (number << 16) + slot + 0x8000
                random = np.random.default_rng((_SEED, seed))
                x = (slot + random.uniform(-0.3, 0.3)) * depth.spacing + reach
                wide = random.uniform(*depth.width)
                tall = depth.height_at(x - reach) * random.uniform(0.55, 1.12)
                left = round((x - wide / 2) * self._unit)
                right = max(left + 2, round((x + wide / 2) * self._unit))
                top = min(self._shore - 1, max(0, self._shore - round(tall * self._unit)))
                shape = str(random.choice(_TOPS)) if tall > 0.10 else "flat"
                yield Tower(number, left, top, right, random.uniform(0.78, 1.22), shape, seed)

    def _build(self, tower: Tower) -> None:
        wide, tall, top = tower.right - tower.left, self._shore - tower.top, tower.top
        step, middle = max(1, wide // 6), (tower.left + tower.right) // 2
        self._box(tower, tower.left, top, tower.right)
        match tower.shape:
            case "steps":
                self._box(tower, tower.left + step, top - tall // 12, tower.right - step)
                self._box(tower, tower.left + 2 * step, top - tall // 8, tower.right - 2 * step)
            case "mast":
                self._mast(tower, middle, top - tall // 5)
            case "crown":
                self._box(tower, tower.left + step, top - max(2, tall // 20), tower.right - step)
                self._mast(tower, middle, top - tall // 6)
            case "wedge":
                rise = min(wide // 2, tall // 4)
                self._slope(tower, [(tower.left, top), (tower.right, top), (tower.right, top - rise)])
            case "spire":
                rise = min(wide, tall // 4)
                self._slope(tower, [(tower.left, top), (tower.right, top), (middle + 0.5, top - rise)])
                self._mast(tower, middle, top - rise - tall // 9)
        self._glaze(Facade.of(tower, self._shore, self._unit))

    def _box(self, tower: Tower, left: int, top: int, right: int) -> None:
        """A block from row `top` to the water; two faces of it show."""
        left, right, top = max(left, 0), min(right, self._width), max(top, 0)
        if left >= right:
            return
        corner = tower.left + (tower.right - tower.left) * (40 + tower.seed % 40) // 100
        tone = np.where(np.arange(left, right) < corner, tower.tone * 110, tower.tone * 138)
        self.cover[top:, left:right] = 255
        self.tone[top:, left:right] = tone
        self.haze[top:, left:right] = round(DEPTHS[tower.depth].haze * 255)
        self.owner[top:, left:right] = len(self.towers)

    def _quay(self) -> None:
        """The wall the city stands on."""
        top = self._shore - max(1, round(self._unit * 0.0055))
        self.cover[top:], self.tone[top:], self.owner[top:] = 255, 96, len(self.towers) + 1
        self.haze[top:] = round(DEPTHS[-1].haze * 255)

    def _mast(self, tower: Tower, x: int, top: int) -> None:
        self._box(tower, x, top, x + max(1, round(self._unit / 480)))
        if 0 <= x < self._width and top > 0 and tower.depth:
            self.masts.append((x, top))

    def _slope(self, tower: Tower, corners: list[tuple[float, float]]) -> None:
        """A roof without jagged edges."""
        mask = np.zeros_like(self.cover)
        points = np.round((np.array(corners) - (0.5, 0.5)) * 16).astype(np.int32)
        cv2.fillConvexPoly(mask, points, 255, cv2.LINE_AA, 4)
        mask[tower.top :] = 0
        seen = (mask > 127) | ((mask > 0) & (self.cover == 0))
        self.tone[seen] = round(tower.tone * 124)
        self.haze[seen] = round(DEPTHS[tower.depth].haze * 255)
        self.owner[seen] = len(self.towers)
        np.maximum(self.cover, mask, out=self.cover)

    def _glaze(self, facade: Facade) -> None:
        """Windows without a light behind them are darker than the wall."""
        for floor in range(facade.floors):
            y = facade.y + floor * facade.down
            for column in range(facade.columns):
                x = facade.x + column * facade.across
                pane = self.tone[y : y + facade.tall, max(x, 0) : max(x + facade.wide, 0)]
                pane -= pane // 6

    def _settle_mist(self) -> None:
        """Mist lies on the water: the city's feet are hazier than its heads."""
        above = np.arange(self._shore, 0, -1, dtype=np.float32)[:, None] / self._unit
        self.haze[...] = np.round(255 - (255 - self.haze) * (1 - 0.30 * np.exp(-above / 0.035)))
