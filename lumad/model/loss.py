"""What a fixture does when the feed is gone."""

from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag

from lumad.documents import nearest
from lumad.model.noun import Noun, Number, Text, Within, complaint

_LOOK = "look:"


def _fallback(value: str) -> str:
    if value in ("hold", "blackout") or value.removeprefix(_LOOK) != value != _LOOK:
        return value
    near = nearest(value, ("hold", "blackout"))
    raise complaint(f"{value!r} is not known here{near}; possible: hold, blackout, look:NAME")


Fallback = Annotated[
    Text, AfterValidator(_fallback), Field(json_schema_extra={"pattern": "^(hold|blackout|look:.+)$"})
]


class Loss(Noun):
    """`after_s` after the feed was lost light goes `to` hold, blackout or look:NAME, in `fade_s`."""

    after_s: Annotated[Number, Within(0, 86400)] = 0.0
    fade_s: Annotated[Number, Within(0, 3600)] = 0.0
    to: Fallback


def _kind(value: Any) -> str:
    return "<loss>" if isinstance(value, dict | Loss) else "<word>"


OnLoss = Annotated[Annotated[Fallback, Tag("<word>")] | Annotated[Loss, Tag("<loss>")], Discriminator(_kind)]


def loss_of(on_loss: "str | Loss") -> Loss:
    """A bare word is at once."""
    return on_loss if isinstance(on_loss, Loss) else Loss(to=on_loss)


def look_called(on_loss: "str | Loss") -> str | None:
    """The look that it goes to."""
    to = on_loss if isinstance(on_loss, str) else on_loss.to
    return to.removeprefix(_LOOK) if to.startswith(_LOOK) else None


def calling(on_loss: "str | Loss", look: str) -> "str | Loss":
    """The same with that look instead."""
    to = _LOOK + look
    return to if isinstance(on_loss, str) else on_loss.model_copy(update={"to": to})
