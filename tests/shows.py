"""Small shows and profiles for tests."""

from fractions import Fraction
from typing import Any

import numpy as np

from lumad.frames.frame import Format, Frame
from lumad.model.profile import Profile
from lumad.model.show import Show

SOURCE = [{"doc": "made up for a test", "status": "vendor"}]
RGB = ("ColorAdd_R", "ColorAdd_G", "ColorAdd_B")


def channels(*names: str, width: int = 1, first: int = 1) -> list[dict[str, Any]]:
    """Channels of `width` slots each, one after the other."""
    return [
        {"attribute": name, "offset": list(range(first + at * width, first + at * width + width))}
        for at, name in enumerate(names)
    ]


def profile(identity: str, **modes: Any) -> Profile:
    """A profile with nominal red, green, blue and white emitters."""
    emitters = {
        "ColorAdd_R": {"xyY": [0.690, 0.305, 60.0]},
        "ColorAdd_G": {"xyY": [0.170, 0.700, 120.0]},
        "ColorAdd_B": {"xyY": [0.150, 0.045, 25.0]},
        "ColorAdd_W": {"xyY": [0.3300, 0.3400, 200.0]},
    }
    body = {"id": identity, "name": identity, "provenance": SOURCE, "emitters": emitters, "modes": modes}
    return Profile.model_validate(body)


PROFILES = {
    found.id: found
    for found in (
        profile(
            "test/rgb",
            rgb8={
                "colour": {"model": "rgb", "primaries": "rec709", "white": "D65", "transfer": "linear"},
                "channels": channels(*RGB),
            },
            dim={
                "colour": {"model": "rgb", "primaries": "rec709", "white": "D65", "transfer": "linear"},
                "channels": channels("Dimmer", *RGB),
            },
            tube={
                "colour": {"model": "rgb", "primaries": "rec709", "white": "D65", "transfer": "linear"},
                "cells": {"count": 4, "stride": 3, "channels": channels(*RGB)},
            },
        ),
        profile(
            "test/rgbw",
            wide={
                "colour": {"model": "emitters"},
                "curve": "linear",
                "channels": channels("Dimmer", *RGB, "ColorAdd_W", width=2),
            },
        ),
        profile(
            "test/white",
            cct={
                "colour": {"model": "cct", "cct": [2700, 6500]},
                "curve": "linear",
                "channels": channels("Dimmer", "CTC", width=2),
            },
            dimmer={"colour": {"model": "dimmer"}, "curve": "square", "channels": channels("Dimmer")},
        ),
    )
}


def show(**parts: Any) -> Show:
    """A show of 64 x 36 pixels with a region `left` and a region `right`, and whatever `parts` say."""
    body = {
        "show": 1,
        "wall": {"size": [64, 36]},
        "regions": {
            "left": {"center": [0.25, 0.5], "size": [0.5, 1.0]},
            "right": {"center": [0.75, 0.5], "size": [0.5, 1.0]},
        },
        "outputs": [{"protocol": "sacn", "universes": "1-2", "to": ["127.0.0.1"]}],
    }
    return Show.model_validate(body | parts)


def fixture(mode: str, follow: Any = "left", *, address: int = 1, **more: Any) -> dict[str, Any]:
    """A fixture of one of PROFILES, patched in universe 1."""
    identity = next(name for name, found in PROFILES.items() if mode in found.modes)
    return {"profile": identity, "mode": mode, "universe": 1, "address": address, "follow": follow} | more


FORMAT = Format(64, 36, rate=Fraction(30))


def frame(left: tuple[int, int, int], right: tuple[int, int, int] = (0, 0, 0), number: int = 1) -> Frame:
    """A frame of FORMAT: `left` and `right` half in 8-bit R, G, B codes."""
    pixels = np.zeros((36, 64, 4), np.uint8)
    pixels[:, :32, :3], pixels[:, 32:, :3] = left[::-1], right[::-1]
    return Frame(number, 0, 0, pixels, FORMAT)
