import re
from pathlib import Path

import pytest

from lumad.documents import load_document, read_document
from lumad.errors import DocumentError
from lumad.library.library import Library
from lumad.model.calibration import Calibration
from lumad.model.camera import Camera
from lumad.model.patch import faults_of, warnings_of
from lumad.model.profile import Profile
from lumad.model.schema import SCHEMAS, schema_text
from lumad.model.show import Show
from lumad.model.validate import validate
from lumad.resources import fixtures_dir

DOCS = Path(__file__).parents[2] / "docs"


def yaml_blocks(name: str):
    return re.findall(r"```yaml\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schemas_are_up_to_date(name: str):
    assert (DOCS / "schema" / name).read_text(encoding="utf-8") == schema_text(name), (
        "run: python -m lumad.model.schema docs/schema"
    )


def test_the_example_stage_is_a_show_whose_lamps_only_want_measuring():
    show = validate(load_document(DOCS / "examples/stage.yaml"), Show)
    library = Library([fixtures_dir()])
    profiles = {name: library.profile(name) for name in library.ids()}
    assert faults_of(show, profiles) == []
    assert {fault.path[-1] for fault in warnings_of(show, profiles)} <= {"calibration"}
    assert {fixture.profile for fixture in show.fixtures.values()} >= {"arri/skypanel-s60-c", "astera/titan"}


@pytest.mark.parametrize("block", yaml_blocks("show-file.md"))
def test_every_show_in_the_documentation_is_a_show(block: str):
    assert validate(read_document(block, "show-file.md"), Show)


@pytest.mark.parametrize("block", yaml_blocks("calibration.md"))
def test_every_file_in_the_documentation_of_calibration_is_one(block: str):
    document = read_document(block, "calibration.md")
    noun = next(
        (kind for key, kind in (("calibration", Calibration), ("camera", Camera)) if key in document.value),
        Show,
    )
    assert validate(document, noun)


@pytest.mark.parametrize("block", yaml_blocks("profiles.md"))
def test_every_profile_in_the_documentation_is_a_profile(block: str):
    assert validate(read_document(block, "profiles.md"), Profile)


def test_the_documented_faults_read_as_documented():
    text = (DOCS / "show-file.md").read_text(encoding="utf-8")
    show = (
        "show: 1\n\nregions:\n  sky: { centre: [0, 0], size: [1, 1], center: [0, 0]}\n\nfixtures:\n  key:\n"
    )
    show += "    address: 513\n    profile: a/b\n    mode: m\n    universe: 1\n"
    with pytest.raises(DocumentError) as caught:
        validate(read_document(show, "show.yaml"), Show)
    for fault in caught.value.faults:
        assert str(fault) in text


def test_every_key_of_a_fixture_and_a_show_is_documented():
    text = (DOCS / "show-file.md").read_text(encoding="utf-8")
    for noun in (Show, Show.model_fields["fixtures"].annotation.__args__[1]):
        for key in noun.model_fields:
            assert f"`{key}`" in text, key
