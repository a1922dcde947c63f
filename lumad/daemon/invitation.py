"""What the terminal shows to let a device in."""

from collections.abc import Mapping
from typing import Any

from lumad.api.qr import half_blocks


def poster(offer: Mapping[str, Any], encoding: str | None) -> str:
    """The QR code (where `encoding` has half blocks), the address and the PIN of `api.people.offer_form`."""
    url, _, _ = str(offer["url"]).partition("#")
    pin, minutes = str(offer["pin"]), round(offer["expires_s"] / 60)
    code = half_blocks(offer["url"])
    try:
        code.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        code = "(this terminal cannot show a QR code)"
    words = f"Scan it, or open {url} and type {pin[:3]} {pin[3:]}."
    return f"{code}\n{words}\nIt lets one device in, as {offer['role']}, within {minutes} minutes."
