"""Files that are whole at any moment: the old bytes or the new ones, whatever happens in between."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

KEPT_BACKUPS = 10
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP}  # some network file systems cannot sync a folder


def write_atomic(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Replace `path` by `data`, synced with its folder; OSError leaves the old file. `mode` before umask."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(temporary, flags, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except OSError:
        _forget(temporary)
        raise
    _sync_folder(path.parent)


def write_first(paths: Sequence[Path], data: bytes) -> None:
    """Write to the first of `paths` that takes it; OSError (the first one's) if none does."""
    fault: OSError | None = None
    for path in paths:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, data)
        except OSError as error:
            fault = fault or error
        else:
            return
    raise fault or FileNotFoundError("there is no folder to save in")


def keep_backup(folder: Path, name: str, data: bytes) -> Path:
    """Put `data` into the backup folder under `name`; the ten newest stay. Raises OSError."""
    folder.mkdir(exist_ok=True)
    kept = folder / name
    write_atomic(kept, data)
    backups = sorted(folder.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    for old in backups[:-KEPT_BACKUPS]:
        old.unlink(missing_ok=True)
    return kept


def sweep(path: Path) -> None:
    """Remove what killed savers of `path` left half-written."""
    for stray in path.parent.glob(f".{path.name}.*.new"):
        _forget(stray)


def _forget(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return  # the folder itself is gone or read-only; nothing of ours is in it


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as fault:
        if fault.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)
