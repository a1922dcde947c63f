"""A body and named arrays in a sealed memfd: how compiled pixel maps travel, without pickle.

All of it lies in the memory, the names too: a message of the control channel is as long as the kernel allows,
and a big show is longer.
"""

import fcntl
import json
import mmap
import os
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

_ALIGN = 64
_SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
_HEAD = struct.Struct("<QQ")  # where the JSON of index and body stands, and its bytes

Arrays = dict[str, npt.NDArray[Any]]


def pack(arrays: Mapping[str, npt.NDArray[Any]], body: Mapping[str, Any] | None = None) -> int:
    """Lays the arrays, and the JSON of `body`, into a fresh sealed memfd; its descriptor."""
    fd = os.memfd_create("lumad-map", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    index: list[dict[str, Any]] = []
    offset = _ALIGN
    for name, array in arrays.items():
        data = np.ascontiguousarray(array)
        os.pwrite(fd, data.tobytes(), offset)
        index.append({"name": name, "dtype": data.dtype.str, "shape": list(array.shape), "offset": offset})
        offset = -(-(offset + data.nbytes) // _ALIGN) * _ALIGN
    text = json.dumps({"index": index, "body": dict(body or {})}, separators=(",", ":")).encode()
    os.pwrite(fd, text, offset)
    os.pwrite(fd, _HEAD.pack(offset, len(text)), 0)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _SEALS)
    return fd


def unpack(fd: int) -> tuple[dict[str, Any], Arrays]:
    """(body, arrays), read-only and in place; the mapping lives as long as they do and `fd` may be closed."""
    memory = mmap.mmap(fd, 0, prot=mmap.PROT_READ)
    start, length = _HEAD.unpack_from(memory)
    told = json.loads(memory[start : start + length])
    arrays: Arrays = {}
    for entry in told["index"]:
        dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
        count = int(np.prod(shape))
        if count:
            arrays[entry["name"]] = np.frombuffer(memory, dtype, count, entry["offset"]).reshape(shape)
        else:
            arrays[entry["name"]] = np.zeros(shape, dtype)
    return told["body"], arrays
