"""The preview picture."""

import cv2
import numpy as np
import numpy.typing as npt

from lumad.frames.frame import Frame
from lumad.sampling.formats import BITS, codes_of

QUALITY = 75


def encode(frame: Frame, width: int) -> bytes:
    """JPEG of a frame, scaled down to `width` pixels, never up; codes as they stand, float16 clipped."""
    rows, columns = frame.pixels.shape[:2]
    width = min(width, columns)
    size = (width, max(1, round(rows * width / columns)))
    exact = columns % size[0] == 0 and rows % size[1] == 0
    wanted = cv2.INTER_AREA if exact else cv2.INTER_LINEAR
    if frame.format.pixel == "BGRA":
        small = cv2.resize(frame.pixels, size, interpolation=wanted)[..., :3]
    else:
        step = max(1, columns // (2 * width))
        small = cv2.resize(_bgr(frame, step), size, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes()


def _bgr(frame: Frame, step: int) -> npt.NDArray[np.uint8]:
    """Every `step`-th pixel as 8-bit B, G, R."""
    pixel = frame.format.pixel
    codes = codes_of(np.ascontiguousarray(frame.pixels[::step, ::step]), pixel)
    if pixel == "AB4H":
        light = np.nan_to_num(codes.astype(np.uint16).view(np.float16).astype(np.float32))
        eight = np.rint(np.clip(light, 0.0, 1.0) * 255.0)
    else:
        eight = codes >> (BITS[pixel] - 8)
    return np.ascontiguousarray(eight[..., ::-1].astype(np.uint8))
