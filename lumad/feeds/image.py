"""Still images as BGRA pixels."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from lumad.errors import FeedError

MAX_SIDE = 16384
MAX_BYTES = 512 * 1024 * 1024
Pixels = npt.NDArray[np.uint8]


def read_image(path: Path) -> Pixels:
    """(height, width, 4) uint8 BGRA, alpha 255: a see-through picture lies on black. Raises FeedError."""
    data = read_bytes(path)
    width, height = _announced_size(data)
    if max(width, height) > MAX_SIDE:
        raise FeedError(f"{path} is {width} x {height} pixels; a side may have {MAX_SIDE}")
    # a photograph's orientation is honoured only by the colour mode, alpha kept only by the unchanged one
    mode = cv2.IMREAD_COLOR if data.startswith(b"\xff\xd8") else cv2.IMREAD_UNCHANGED
    with _silence():
        try:
            picture = cv2.imdecode(np.frombuffer(data, np.uint8), mode)
        except (cv2.error, MemoryError):
            picture = None
    if picture is None:
        raise FeedError(f"{path} is not a picture that can be read, or it is cut off")
    if max(picture.shape[:2]) > MAX_SIDE:
        raise FeedError(
            f"{path} is {picture.shape[1]} x {picture.shape[0]} pixels; a side may have {MAX_SIDE}"
        )
    return _to_bgra(picture, path)


def read_bytes(path: Path) -> bytes:
    """The whole file; raises FeedError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FeedError(f"{path} is larger than {MAX_BYTES >> 20} MiB")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise FeedError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from None
    if not data:
        raise FeedError(f"{path} is empty")
    return data


def _announced_size(data: bytes) -> tuple[int, int]:
    """Width and height by a PNG or JPEG header, so that a giant is refused unread; (0, 0) if unknown."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    at = 2 if data.startswith(b"\xff\xd8") else len(data)
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # SOF, ITU-T T.81 table B.1
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0


def _to_bgra(picture: npt.NDArray[np.generic], path: Path) -> Pixels:
    """Eight bits, four channels, whatever was decoded."""
    if picture.dtype == np.uint16:
        codes = np.round(picture.astype(np.float32) * np.float32(255 / 65535)).astype(np.uint8)
    elif picture.dtype == np.uint8:
        codes = picture.astype(np.uint8, copy=False)
    else:
        raise FeedError(f"{path} holds {picture.dtype} values; this version reads pictures of 8 and 16 bits")
    if codes.ndim == 2 or codes.shape[2] == 1:
        return np.asarray(cv2.cvtColor(codes, cv2.COLOR_GRAY2BGRA), dtype=np.uint8)
    if codes.shape[2] == 3:
        return np.asarray(cv2.cvtColor(codes, cv2.COLOR_BGR2BGRA), dtype=np.uint8)
    if codes.shape[2] != 4:
        raise FeedError(f"{path} has {codes.shape[2]} channels; a picture has 1, 3 or 4")
    alpha = np.repeat(codes[..., 3:], 4, axis=2)
    flat = cv2.multiply(codes, alpha, scale=1 / 255)
    flat[..., 3] = 255
    return np.asarray(flat, dtype=np.uint8)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Decoders write to standard error themselves; what is wrong is said once, by FeedError."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
