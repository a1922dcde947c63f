"""How well light matches the wall, and what it costs: simulated lamps, judged by colour-science.

    .venv/bin/python bench/matching.py [--rounds 60] [FOLDER with pictures]

Three Markdown tables. Differences between wall and lamp for what is often done and for lumad, lamps of 16
bits per emitter. lumad against what the lamps can at best. Time of the baked solve against a bare 3x3 and
clip, the two taking turns. About 10 000 colours: squares and pixels of the pictures (or of the built-in scene
and made-up surfaces), 1000 saturated ones and a ColorChecker.
"""

import argparse
import sys
import time
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "colour"))
import lamps

from lumad.colour.emitters import GAMUT, EmitterSolve
from lumad.colour.lut import BakedSolve, bake
from lumad.colour.spaces import WHITE_D65, rgb_to_xyz

REC2020 = rgb_to_xyz("rec2020")
BITS = 65535.0
METHODS = {
    "coded RGB": lamps.coded_rgb,
    "linear RGB": lamps.linear_rgb,
    "white = least of RGB": lamps.least_of_rgb_as_white,
}


def colours(folder: Path | None) -> np.ndarray:
    rng = np.random.default_rng(7)
    files = sorted(file for file in folder.iterdir() if file.suffix in {".jpg", ".png"}) if folder else []
    if files:
        images = [cv2.imread(str(file)) for file in files]
        found = lamps.regions([image for image in images if image is not None], 4500, rng)
    else:
        found = np.concatenate([lamps.dusk(4500, rng), lamps.natural(4500, rng)])
    return np.concatenate([found, lamps.saturated(1000, rng), lamps.checker()])


def solves(lamp: str, to_xyz: np.ndarray, *, headroom: float = 0.7, closest: bool = False) -> BakedSolve:
    solve = EmitterSolve(lamps.columns(lamp, headroom), WHITE_D65, closest=closest)
    return BakedSolve(solve, bake(solve, to_xyz, 1.0), to_xyz, 1.0)


def shown(solve: BakedSolve, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    drives, limits = solve.solve(asked)
    return np.rint(drives * BITS) / BITS @ solve.columns.T, limits


def three(values: np.ndarray) -> str:
    return f"{values.mean():.2f} / {np.percentile(values, 95):.2f} / {values.max():.2f}"


def methods_table(rgb: np.ndarray) -> None:
    asked, white = rgb @ lamps.WALL.T, np.ones((1, 3))
    names = [*METHODS, "calibrated 3x3, clipped", "lumad"]
    print(
        f"CIEDE2000, mean / p95 / max, {len(rgb)} colours, 70 % headroom (wall white of equal luminance):\n"
    )
    print(f"| lamp | {' | '.join(names)} |\n|---|{'---:|' * len(names)}")
    for lamp in lamps.LAMPS:
        full, cells = lamps.columns(lamp), []
        for name, method in METHODS.items():
            if "white" in name and not lamp.startswith("RGBW "):
                cells.append("")
                continue
            got = lamps.same_white(method(rgb, full), full, method(white, full))
            cells.append(three(lamps.delta_e(asked, got)))
        cells.append(three(lamps.delta_e(asked, lamps.three_by_three(rgb, full) @ full.T)))
        cells.append(three(lamps.delta_e(asked, shown(solves(lamp, lamps.WALL), asked)[0])))
        print(f"| {lamp} | {' | '.join(cells)} |")


def gates_table(rgb: np.ndarray) -> None:
    asked = rgb @ lamps.WALL.T
    wide = lamps.saturated(4000, np.random.default_rng(3)) / 2.0 @ REC2020.T
    print("\nlumad against the best that lamps can, mean / p95 / max. Within limits: CIEDE2000 and the mean")
    print("of dE_ITP, 70 % headroom. Without headroom: colours that lose over 1 % of the luminance there is.")
    print("Rec. 2020 outside the gamut: degrees of IPT hue; CIEDE2000 with the hue kept, and closest.\n")
    print("| lamp | within limits | dE_ITP | > 1 % lost | worst | outside | hue error | hue kept | closest |")
    print("|---|" + "---:|" * 8)
    for lamp in lamps.LAMPS:
        got, limits = shown(solves(lamp, lamps.WALL), asked)
        free = limits == 0
        within = three(lamps.delta_e(asked[free], got[free]))
        itp = lamps.delta_itp(asked[free], got[free]).mean()
        lost = losses(lamp, asked)
        kept, limits = shown(solves(lamp, REC2020), wide)
        closest, _ = shown(solves(lamp, REC2020, closest=True), wide)
        outside = limits == GAMUT
        hue = three(lamps.hue_error(wide[outside], kept[outside]))
        both = [three(lamps.delta_e(wide[outside], light[outside])) for light in (kept, closest)]
        print(
            f"| {lamp} | {within} | {itp:.2f} | {(lost > 0.01).mean():.2%} | {lost.max():.1%} | "
            f"{outside.mean():.0%} | {hue} | {' | '.join(both)} |"
        )


def losses(lamp: str, asked: np.ndarray) -> np.ndarray:
    """Parts of the reachable luminance that are lost: no headroom, in gamut, 0.2 % of white and up."""
    lit = asked[asked[:, 1] > 0.002]
    got, limits = shown(solves(lamp, lamps.WALL, headroom=1.0), lit)
    best = np.minimum(lamps.brightest(lamps.columns(lamp, 1.0), lit), 1.0)
    return (1.0 - got[:, 1] / lit[:, 1] / best)[(limits & GAMUT) == 0]


def speed_table(rgb: np.ndarray, rounds: int) -> None:
    print("\nms, medians; per frame: a bare 3x3 and clip, the baked solve, and their ratio, taking turns:\n")
    print("| lamp | emitters | bake, ms | 10 000 cells: 3x3 | baked | ratio | 2000 cells: baked | ratio |")
    print("|---|" + "---:|" * 7)
    inverse = np.linalg.inv(lamps.WALL)
    for lamp in lamps.LAMPS:
        solve = EmitterSolve(lamps.columns(lamp), WHITE_D65)
        (bake_ms,) = medians([lambda s=solve: bake(s, lamps.WALL, 1.0)], 5)
        quick, cells = solves(lamp, lamps.WALL), []
        for count in (10_000, 2_000):
            asked = np.resize(np.random.default_rng(1).permutation(rgb), (count, 3)) @ lamps.WALL.T
            bare, baked = medians(
                [lambda x=asked: np.clip(x @ inverse.T, 0.0, 1.0), lambda x=asked, q=quick: q.solve(x)],
                rounds,
            )
            cells += ([f"{bare:.3f}"] if count > 2000 else []) + [f"{baked:.3f}", f"{baked / bare:.1f}"]
        print(f"| {lamp} | {len(lamps.LAMPS[lamp])} | {bake_ms:.0f} | {' | '.join(cells)} |")


def medians(methods: list, rounds: int) -> list[float]:
    """Milliseconds of each, interleaved."""
    spent = [[] for _ in methods]
    for _ in range(rounds + 2):
        for method, times in zip(methods, spent, strict=True):
            start = time.perf_counter_ns()
            method()
            times.append(time.perf_counter_ns() - start)
    return [float(np.median(times[2:])) / 1e6 for times in spent]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("folder", nargs="?", type=Path)
    chosen = parser.parse_args()
    rgb = colours(chosen.folder)
    methods_table(rgb)
    gates_table(rgb)
    speed_table(rgb, chosen.rounds)


if __name__ == "__main__":
    main()
