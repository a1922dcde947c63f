"""What a desk tells a wall to play."""

SIGNAL = {"transfer": "srgb", "primaries": "rec709", "white": None, "range": "full", "peak_nits": 1000.0}


def asked(folder, *, feed=None, scene=None, size=(64, 36)):
    return {
        "feed": feed or {"kind": "renderer", "file": None},
        "scene": scene or {"kind": "dusk", "file": None},
        "wall": {"size": list(size), "signal": dict(SIGNAL)},
        "show_dir": str(folder),
    }
