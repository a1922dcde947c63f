"""Named arrays in a sealed memfd: how compiled pixel maps travel, without pickle."""

import fcntl
import mmap
import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

_ALIGN = 64
_SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL

Index = list[dict[str, Any]]


def pack(arrays: Mapping[str, npt.NDArray[Any]]) -> tuple[Index, int]:
    """Lays the arrays into a fresh sealed memfd; returns (index, descriptor)."""
    fd = os.memfd_create("lumad-map", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    index: Index = []
    offset = 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array)
        os.pwrite(fd, data.tobytes(), offset)
        index.append({"name": name, "dtype": data.dtype.str, "shape": list(array.shape), "offset": offset})
        offset = -(-(offset + data.nbytes) // _ALIGN) * _ALIGN
    os.ftruncate(fd, max(offset, 1))
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _SEALS)
    return index, fd


def unpack(index: Index, fd: int) -> dict[str, npt.NDArray[Any]]:
    """The arrays, read-only and in place; the mapping lives as long as they do and `fd` may be closed."""
    memory = mmap.mmap(fd, 0, prot=mmap.PROT_READ)
    arrays: dict[str, npt.NDArray[Any]] = {}
    for entry in index:
        dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
        count = int(np.prod(shape))
        if count:
            arrays[entry["name"]] = np.frombuffer(memory, dtype, count, entry["offset"]).reshape(shape)
        else:
            arrays[entry["name"]] = np.zeros(shape, dtype)
    return arrays
