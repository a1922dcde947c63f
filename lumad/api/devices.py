"""Devices that were let in, and the codes that let the next one in."""

from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

from lumad.api.roles import Role

LONGEST_NAME = 64
LASTS_S = 30 * 24 * 3600.0  # a token that nobody used for so long is none any more


@dataclass(frozen=True, slots=True)
class Device:
    """A phone, a computer or a program that was paired; times are UNIX seconds."""

    id: str
    name: str
    role: Role
    paired: float
    seen: float

    def to_json(self) -> dict[str, Any]:
        """The device as clients see it."""
        return {
            "id": self.id,
            "name": self.name,
            "role": str(self.role),
            "paired": round(self.paired),
            "seen": round(self.seen),
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """A one-time code: `code` for the QR, `pin` of six digits for a thumb; either lets one device in."""

    code: str
    pin: str
    role: Role
    lasts_s: float


class People(Protocol):
    """Who may come in; kept over a restart, codes are not."""

    def who(self, token: str) -> Device | None:
        """The device whose token this is, None also where it was not used for `LASTS_S`."""

    def seen(self, name: str) -> None:
        """The device with id `name` was here until now, by a page that stayed open."""

    def offer(self, role: Role | None) -> Offer:
        """A new code; without a role it makes an admin as long as there is none, then operators."""

    def pair(self, secret: str, name: str) -> tuple[Device, str] | None:
        """Lets a device in by code or PIN: the device and its token; None where the secret is none."""

    def devices(self) -> list[Device]:
        """Every device, oldest first."""

    def change(self, name: str, *, label: str | None = None, role: Role | None = None) -> Device:
        """Renames the device with id `name`, or gives it another role; UnknownNameError."""

    def revoke(self, name: str) -> None:
        """Its token opens nothing any more; UnknownNameError."""


PEOPLE: web.AppKey[People | None] = web.AppKey("people")
ROLE: web.RequestKey[Role | None] = web.RequestKey("role")
DEVICE: web.RequestKey[Device | None] = web.RequestKey("device")


def role_of(request: web.Request) -> Role | None:
    """The role of whoever asks; None for a stranger at a public route."""
    return request[ROLE]


def device_of(request: web.Request) -> Device | None:
    """The device that asks; None for a program of this machine, which needs no sign-in."""
    return request[DEVICE]


def who(request: web.Request) -> str:
    """The name of whoever asks: of the device, else just that it came by the API."""
    device = device_of(request)
    return device.name if device else "api"
