"""Files of other programs as small as they can be, built in memory."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

HEAD = """<GDTF DataVersion="1.2"><FixtureType Name="{name}" Manufacturer="{maker}" ShortName="" LongName=""
 Description="" FixtureTypeID="8EAC5323-C63A-4C21-96CF-5DBF4AF049B6" RefFT="">"""
BODY = '<Geometries><Geometry Name="Body"><Beam Name="Beam"/></Geometry></Geometries>'


def zipped(files: Mapping[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _written(attributes: Mapping[str, str]) -> str:
    return " ".join(f'{key}="{value}"' for key, value in attributes.items())


def function(attribute: str, **attributes: str) -> str:
    """One channel function; keywords are its XML attributes."""
    told = {"Name": f"{attribute} 1", "Attribute": attribute, "DMXFrom": "0/1", **attributes}
    return f"<ChannelFunction {_written(told)}/>"


def channel(
    offset: str, *functions: str, attribute: str = "", geometry: str = "Beam", **attributes: str
) -> str:
    """One DMX channel; without functions it has a plain one of `attribute`."""
    told = {"DMXBreak": "1", "Offset": offset, "Geometry": geometry, **attributes}
    inner = "".join(functions) or function(attribute, PhysicalFrom="0", PhysicalTo="1")
    attribute = attribute or inner.split('Attribute="')[1].split('"')[0]
    return (
        f"<DMXChannel {_written(told)}>"
        f'<LogicalChannel Attribute="{attribute}">{inner}</LogicalChannel></DMXChannel>'
    )


def mode(*channels: str, name: str = "Mode 1", geometry: str = "Body") -> str:
    """One DMX mode."""
    inner = "".join(channels)
    return f'<DMXMode Name="{name}" Geometry="{geometry}"><DMXChannels>{inner}</DMXChannels></DMXMode>'


def gdtf(
    *modes: str, geometries: str = BODY, emitters: str = "", name: str = "Par", maker: str = "Acme"
) -> bytes:
    """A GDTF file."""
    physical = f"<PhysicalDescriptions><Emitters>{emitters}</Emitters></PhysicalDescriptions>"
    text = HEAD.format(name=name, maker=maker) + physical + geometries
    text += f"<DMXModes>{''.join(modes)}</DMXModes></FixtureType></GDTF>"
    return zipped({"description.xml": text})


def ofl(channels: Mapping[str, Any], *modes: list[Any], **more: Any) -> bytes:
    """An Open Fixture Library file with one mode a list of channels."""
    fixture = {
        "name": "Par",
        "manufacturerKey": "acme",
        "meta": {"authors": ["Somebody"], "lastModifyDate": "2024-01-31"},
        "availableChannels": dict(channels),
        "modes": [{"name": f"Mode {at}", "channels": told} for at, told in enumerate(modes, 1)],
    }
    return json.dumps({**fixture, **more}).encode()
