"""What a desk tells a wall to play."""


def asked(folder, *, feed=None, scene=None, size=(64, 36)):
    return {
        "feed": feed or {"kind": "renderer", "file": None},
        "scene": scene or {"kind": "dusk", "file": None},
        "wall": {"size": list(size)},
        "show_dir": str(folder),
    }
