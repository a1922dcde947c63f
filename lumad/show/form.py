"""Nouns of the show as JSON: the keys of the show file, unset options left out."""

from typing import Any

from lumad.model.noun import Noun


def form_of(noun: Noun) -> dict[str, Any]:
    """The plain values of a noun; reading them back gives an equal noun."""
    return noun.model_dump(mode="json", exclude_none=True, by_alias=True)
