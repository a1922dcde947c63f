"""The preview picture."""

import cv2
import numpy as np
import numpy.typing as npt

QUALITY = 75


def encode(pixels: npt.NDArray[np.uint8], width: int) -> bytes:
    """JPEG of pixels (height, width, 4) BGRA, scaled down to `width` pixels; never scaled up."""
    rows, columns = pixels.shape[:2]
    width = min(width, columns)
    size = (width, max(1, round(rows * width / columns)))
    exact = columns % size[0] == 0 and rows % size[1] == 0
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if exact else cv2.INTER_LINEAR)
    _, data = cv2.imencode(".jpg", small[..., :3], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes()
