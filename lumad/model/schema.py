"""JSON Schemas of our files, for editors: `python -m lumad.model.schema docs/schema`."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from lumad.model.calibration import Calibration
from lumad.model.camera import Camera
from lumad.model.noun import Noun
from lumad.model.profile import Profile
from lumad.model.show import Show

SCHEMAS: Mapping[str, type[Noun]] = {
    "show.schema.json": Show,
    "profile.schema.json": Profile,
    "calibration.schema.json": Calibration,
    "camera.schema.json": Camera,
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(name: str) -> str:
    """The text of one schema file."""
    schema = {"$schema": DIALECT, **SCHEMAS[name].model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> None:
    """Writes every schema file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        (folder / name).write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/schema"))
