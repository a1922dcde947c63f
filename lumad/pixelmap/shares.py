"""What consoles share with lumad: channels copied, dimmed and mixed, of all fixtures at once (numpy only)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.colour.codes import coarse_fine_code01, coarse_fine_slots, plain_code01, plain_slots
from lumad.colour.curve import Curve
from lumad.colour.transfer import decode, encode

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int32]

SLOTS = 512


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """What consoles do at one moment.

    `levels` (I, 512) of their universes; `weight` (n,) how far each share decides, 0..1; `light` (C,) factor
    on the light of each cell: masters and intensities.
    """

    levels: Bytes
    weight: Floats
    light: Floats


class Coding:
    """Codes 0..1 of a channel that carries the level to light and back: a curve or transfer function."""

    def __init__(self, spec: Any) -> None:
        self._transfer = spec["transfer"] if isinstance(spec, dict) and "transfer" in spec else None
        self._curve = Curve("linear" if self._transfer else spec)

    def dimmed(self, codes: Floats, factor: Floats) -> Floats:
        """Codes of `factor` times the light."""
        if self._transfer is not None:
            return np.asarray(encode(self._transfer, decode(self._transfer, codes) * factor))
        return self._curve.inverse(self._curve.forward(codes) * factor)


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """m channels of one width and coding.

    `slots` (m, bytes) are flat indices into (U, 512), coarse first; `source` (m, bytes) into the console's
    (I, 512), -1 where it has no say; `owner` (m,) the share; `rows` (m,) their cells; `coding`: how they
    carry the level, None if they do not; `span`: what a fine slot adds where it is no low byte; `steps`: they
    choose a mode, and every value between two modes is a third one.
    """

    slots: Ints
    source: Ints
    owner: Ints
    rows: Ints
    coding: Coding | None
    span: float | None
    steps: bool

    def codes(self, slots: Bytes) -> Floats:
        """Codes 0..1 of slots (m, bytes)."""
        return plain_code01(slots) if self.span is None else coarse_fine_code01(slots, self.span)

    def bytes_of(self, codes: Floats) -> Bytes:
        """Slots (m, bytes) of codes 0..1."""
        return (
            plain_slots(codes, self.slots.shape[1])
            if self.span is None
            else coarse_fine_slots(codes, self.span)
        )

    def dimmed(self, slots: Bytes, factor: Floats) -> Bytes:
        """Slots (m, bytes) of `factor` (m,) times their light, where they carry the level."""
        if self.coding is None or (factor == 1.0).all():
            return slots
        dim = self.bytes_of(self.coding.dimmed(self.codes(slots), factor))
        return np.where((factor == 1.0)[:, None], slots, dim)

    def mixed(self, ours: Bytes, theirs: Bytes, weight: Floats) -> Bytes:
        """Slots (m, bytes) between ours (weight 0) and theirs (1), the full width of a channel together."""
        if self.steps:
            weight = np.where(weight >= 0.5, 1.0, 0.0)
        ends = np.where((weight >= 1.0)[:, None], theirs, ours)
        between = (weight > 0.0) & (weight < 1.0)
        if not between.any():
            return ends
        start = self.codes(ours)
        way = self.bytes_of(start + (self.codes(theirs) - start) * weight)
        return np.where(between[:, None], way, ends)

    def kept(self, which: npt.NDArray[np.bool_], slots: Ints, rows: Ints) -> Self:
        """Those channels alone, on other slots and cells."""
        return replace(
            self, slots=slots[which], rows=rows[which], source=self.source[which], owner=self.owner[which]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """What the consoles of a show drive; n shares.

    `owners` (n,) keys, another one for each way a fixture is shared; `fixtures` (n,) their keys; `inputs`
    (n,) the console universe that counts, a row of (I, 512); `hold` (n,) whether its last levels hold; `mix`
    (n,) flat index of the mix channel or -1. `full`, `full_owner` (k,): cells whose colour stands at full
    while their share decides.
    `dimmed`, `dimmers` (j,): cells, and the flat index of the channel that dims them.
    """

    owners: npt.NDArray[np.uint64]
    fixtures: npt.NDArray[np.uint64]
    inputs: Ints
    hold: npt.NDArray[np.bool_]
    mix: Ints
    full: Ints
    full_owner: Ints
    dimmed: Ints
    dimmers: Ints
    channels: tuple[Channels, ...] = ()

    def asked(self, level: Floats, ceiling: Floats, hand: Hand) -> Floats:
        """Level (C,) asked of lumad: where the console's Dimmer is the level, colour stands at full."""
        level, rows = level.copy(), self.full
        full = np.minimum(ceiling[rows], 1.0)
        level[rows] += hand.weight[self.full_owner] * (full - level[rows])
        return level

    def write(self, flat: Bytes, hand: Hand, factor: Floats) -> None:
        """Puts the consoles' side over the flat levels (U, 512); `factor` (C,) scales light."""
        console = hand.levels.reshape(-1)
        for channels in self.channels:
            weight = np.where(channels.source[:, 0] >= 0, hand.weight[channels.owner], 0.0)
            if weight.any():
                theirs = channels.dimmed(console[channels.source], factor[channels.rows])
                flat[channels.slots] = channels.mixed(flat[channels.slots], theirs, weight)

    def sources(self) -> Ints:
        """Flat indices into (I, 512) of all that shares and cells take from consoles."""
        copied = (each.source[each.source >= 0] for each in self.channels)
        return np.concatenate([self.mix[self.mix >= 0], self.dimmers, *copied])

    @classmethod
    def from_message(cls, body: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The shares as `sharing` described them."""
        channels = tuple(
            Channels(
                **{name: arrays[f"{each['arrays']}.{name}"] for name in ("slots", "source", "owner", "rows")},
                coding=Coding(each["curve"]) if each["curve"] is not None else None,
                span=each["span"],
                steps=each["steps"],
            )
            for each in body["shares"]
        )
        return cls(**{name: arrays[f"shares.{name}"] for name in SHARE_ARRAYS}, channels=channels)


SHARE_ARRAYS = ("owners", "fixtures", "inputs", "hold", "mix", "full", "full_owner", "dimmed", "dimmers")
_NONE, _NO_KEYS = np.zeros(0, np.int32), np.zeros(0, np.uint64)
NO_SHARES = Shares(_NO_KEYS, _NO_KEYS, _NONE, np.zeros(0, np.bool_), _NONE, _NONE, _NONE, _NONE, _NONE)
