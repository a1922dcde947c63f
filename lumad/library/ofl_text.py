"""Free text of the Open Fixture Library: numbers, ranges, degrees, percent, green and magenta in comments."""

import re
from typing import Final

_NUMBER: Final = re.compile(r"[-+]?\d{1,6}(?:[.,]\d{1,6})?")
_SPAN: Final = re.compile(r"…|\.{2,}|→|->|\bto\b|(?<=[\d%°kK])\s*-\s*(?=[\d])")
_NEUTRAL: Final = re.compile(r"neutral|no (effect|function|change)|^off$", re.IGNORECASE)


def numbers_in(text: str) -> tuple[float, float] | None:
    """The two ends a text names, or one number twice; None for anything else."""
    plain = re.sub("[\u2212\u2013](?=\\d)", "-", text)
    found = [float(one.replace(",", ".")) for one in _NUMBER.findall(_SPAN.sub(" | ", plain))]
    if len(found) not in {1, 2}:
        return None
    return found[0], found[-1]


def kelvin_in(text: str) -> tuple[float, float] | None:
    """Colour temperatures; None where the text names none that a lamp could have."""
    found = numbers_in(text)
    return found if found and re.search(r"\d\s*k\b", text, re.IGNORECASE) and _is_kelvin(found) else None


def _is_kelvin(ends: tuple[float, float]) -> bool:
    return all(1000 <= end <= 25000 for end in ends)


def is_neutral(text: str) -> bool:
    """Whether a text says that nothing happens."""
    return bool(_NEUTRAL.search(text))


def green_in(text: str) -> tuple[float, float] | None:
    """How green, as the text's own numbers (percent, or ±1), or ±100 where it says full; None otherwise."""
    if found := numbers_in(text):
        return found
    words = re.findall(r"full|minus|plus|green|magenta", text.lower())
    if "green" in words and "magenta" in words and not {"plus", "minus"} & set(words):
        return (100.0, -100.0) if words.index("green") < words.index("magenta") else (-100.0, 100.0)
    if "full" in words and ("green" in words or "magenta" in words):
        negative = "minus" in words or "magenta" in words
        return (-100.0, -100.0) if negative else (100.0, 100.0)
    return None
