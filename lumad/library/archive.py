"""GDTF and MVR archives: zip files of strangers, checked first, read in memory and never unpacked to disk."""

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final, NoReturn

from lumad.errors import DocumentError, Fault

MAX_ENTRIES: Final = 500
MAX_BYTES: Final = 256 << 20  # of everything that is read, and of the archive itself
MAX_RATIO: Final = 100
_NO_BOMB: Final = 64 << 10  # bytes below which a ratio frightens nobody
_CHUNK: Final = 64 << 10
_END: Final = struct.Struct("<4s4H2LH")  # end of central directory, APPNOTE 4.3.16
_KINDS: Final = {0, stat.S_IFREG, stat.S_IFDIR}
_PACKINGS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # ISO/IEC 21320-1 allows no other
# what zipfile says of files it cannot read; RuntimeError: of encryption and compression it does not know
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, RuntimeError, OSError, EOFError)


class Allowance:
    """Bytes that may still be read: one for an archive and all archives inside it."""

    def __init__(self, left: int = MAX_BYTES) -> None:
        self.left = left

    def take(self, count: int) -> bool:
        """Whether `count` more bytes are allowed; they are gone then."""
        self.left -= count
        return self.left >= 0


class Archive:
    """A zip file within all limits; DocumentError names what is wrong with it, at opening or at reading."""

    def __init__(self, data: bytes, file: str, allowance: Allowance | None = None) -> None:
        self.file = file
        self.allowance = allowance or Allowance()
        self._check_bytes(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            self._refuse(f"a broken zip file: {error}")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in self._zip.infolist():
            self._take(entry)

    @property
    def names(self) -> tuple[str, ...]:
        """The files inside, folders left out."""
        return tuple(name for name, entry in self._entries.items() if not entry.is_dir())

    def find(self, name: str) -> str | None:
        """The file called `name`, capitals and folder notwithstanding; None without one, or with several."""
        if name in self._entries:
            return name
        wanted = name.casefold()
        found = [known for known in self.names if known.rsplit("/", 1)[-1].casefold() == wanted]
        return found[0] if len(found) == 1 else None

    def read(self, name: str) -> bytes:
        """The bytes of one file, within the allowance and the ratio, whatever its header declares."""
        entry = self._entries.get(name)
        if entry is None:
            self._refuse(f"has no {name}")
        most = max(entry.compress_size * MAX_RATIO, _NO_BOMB)
        parts, size = [], 0
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        self._refuse(f"{name} unpacks to more than {MAX_RATIO} times its size")
                    if not self.allowance.take(len(chunk)):
                        self._refuse(f"unpacks to more than {MAX_BYTES >> 20} MiB")
                    parts.append(chunk)
        except _BROKEN as error:
            self._refuse(f"{name} is broken: {error}")
        return b"".join(parts)

    def _check_bytes(self, data: bytes) -> None:
        """Magic, size and the number of entries, before zipfile makes an object of each."""
        if len(data) > MAX_BYTES:
            self._refuse(f"more than {MAX_BYTES >> 20} MiB")
        if data[:4] not in {b"PK\x03\x04", b"PK\x05\x06"}:
            self._refuse("not a zip file")
        end = data.rfind(b"PK\x05\x06")
        if end < 0 or len(data) < end + _END.size:
            self._refuse("a broken zip file: its directory is missing")
        directory = _END.unpack_from(data, end)[5]
        if data.count(b"PK\x01\x02", max(end - directory, 0), end) > MAX_ENTRIES:
            self._refuse(f"more than {MAX_ENTRIES} files")

    def _take(self, entry: zipfile.ZipInfo) -> None:
        """Checks the head of one entry and keeps it."""
        name = entry.orig_filename
        parts = name.replace("\\", "/").split("/")
        if not name or "\0" in name or name[:1] in "/\\" or ":" in parts[0] or ".." in parts:
            self._refuse(f"the file name {name[:80]!r} leads out of the archive")
        if any(name.casefold() == known.casefold() for known in self._entries):
            self._refuse(f"{name} stands twice")
        if stat.S_IFMT(entry.external_attr >> 16) not in _KINDS:
            self._refuse(f"{name} is a link or a device, not a file")
        if entry.flag_bits & 1 or entry.compress_type not in _PACKINGS:
            self._refuse(f"{name} is encrypted, or packed in a way these files must not be")
        self._entries[name] = entry

    def _refuse(self, reason: str) -> NoReturn:
        raise DocumentError([Fault((), reason, self.file)])


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file on disk; DocumentError where it cannot be read or is larger than `limit`."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise DocumentError([Fault((), f"cannot be read: {reason}", str(path))]) from None
    if len(data) > limit:
        raise DocumentError([Fault((), f"more than {limit >> 20} MiB", str(path))])
    return data
