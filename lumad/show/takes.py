"""Continuity: what the light was in each take, kept in files, so that tomorrow's pick-up matches."""

import base64
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumad.errors import UnknownNameError
from lumad.link.live import Live
from lumad.link.take import Take
from lumad.model.show import Show
from lumad.show.atomic import write_atomic
from lumad.show.form import form_of

FORMAT = 1
KEPT = 500  # takes; a long film's

log = logging.getLogger("lumad.show")


@dataclass(frozen=True, slots=True)
class Moment:
    """The light of one take: the show, its live values, and the 512 levels of each universe that left.

    `time` is in seconds since 1970, `still` a JPEG of the wall (b"" for none).
    """

    time: float
    take: Take
    show: Show
    live: Live
    levels: Mapping[int, bytes]
    still: bytes

    def to_json(self) -> dict[str, Any]:
        """The file: plain values, levels as base64."""
        return {
            "lumad_take": FORMAT,
            "time": round(self.time, 3),
            "take": self.take.to_json(),
            "show": form_of(self.show),
            "live": self.live.kept.to_json(),
            "levels": {
                str(number): base64.b64encode(levels).decode() for number, levels in self.levels.items()
            },
        }


class Takes:
    """The takes in one folder, `0001.json` and `0001.jpg`; the oldest of more than `KEPT` goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, moment: Moment) -> int:
        """Writes a take and returns its number; raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        numbers = self._numbers()
        number = numbers[-1] + 1 if numbers else 1
        if moment.still:
            write_atomic(self._file(number, "jpg"), moment.still)
        write_atomic(self._file(number, "json"), json.dumps(moment.to_json()).encode())
        for old in [*numbers, number][:-KEPT]:
            for kind in ("json", "jpg"):
                self._file(old, kind).unlink(missing_ok=True)
        return number

    def all(self) -> list[dict[str, Any]]:
        """Number, time, slate and master of each take, the newest first; unreadable files are left out."""
        found = []
        for number in reversed(self._numbers()):
            try:
                form = self._read(number)
            except UnknownNameError as error:
                log.warning("%s", error)
                continue
            has_still = self._file(number, "jpg").exists()
            master = form["live"]["master"]
            found.append(
                {"id": number, "time": form["time"], **form["take"], "master": master, "still": has_still}
            )
        return found

    def form(self, number: int) -> dict[str, Any]:
        """The file of a take; UnknownNameError."""
        return self._read(number)

    def still(self, number: int) -> bytes:
        """The JPEG of the wall in a take; UnknownNameError."""
        try:
            return self._file(number, "jpg").read_bytes()
        except OSError:
            raise UnknownNameError(f"there is no still of take {number}") from None

    def _read(self, number: int) -> dict[str, Any]:
        try:
            form = json.loads(self._file(number, "json").read_bytes())
        except OSError:
            raise UnknownNameError(f"there is no take {number}") from None
        except ValueError:
            raise UnknownNameError(f"take {number} cannot be read: its file is damaged") from None
        if not isinstance(form, dict) or form.get("lumad_take") != FORMAT:
            raise UnknownNameError(f"take {number} was kept by another lumad, which this one cannot read")
        return form

    def _numbers(self) -> list[int]:
        return sorted(int(file.stem) for file in self._folder.glob("*.json") if file.stem.isdecimal())

    def _file(self, number: int, kind: str) -> Path:
        return self._folder / f"{number:04d}.{kind}"
