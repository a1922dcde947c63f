from collections.abc import Callable
from pathlib import Path

import pytest

from lumad.errors import UnknownNameError
from lumad.library.library import Library

PROFILE = """
id: {id}
name: {name}
provenance: [{{doc: x, status: vendor}}]
modes: {{m: {{colour: {{model: dimmer}}, channels: [{{attribute: Dimmer, offset: [1]}}]}}}}
"""


Shelf = Callable[..., Path]  # puts a profile into a folder, returns the folder


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    def put(folder: str, profile_id: str, text: str | None = None, name: str = "x") -> Path:
        path = tmp_path / folder / f"{profile_id}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PROFILE.format(id=profile_id, name=name) if text is None else text)
        return tmp_path / folder

    return put


def test_the_first_folder_that_has_a_profile_wins(shelf: Shelf):
    shelf("show", "acme/par", name="mine")
    shelf("built-in", "acme/par", name="theirs")
    folder = shelf("built-in", "acme/tube")
    library = Library([folder.parent / "none", folder.parent / "show", folder])
    assert library.profile("acme/par").name == "mine"
    assert library.ids() == ("acme/par", "acme/tube")
    assert library.faults == ()


def test_an_unknown_profile_names_the_nearest(shelf: Shelf):
    library = Library([shelf("a", "acme/par")])
    with pytest.raises(UnknownNameError, match=r"no profile 'acme/pra' \(nearest: acme/par\)"):
        library.profile("acme/pra")


def test_a_broken_profile_is_named_with_its_place_and_hides_no_other(shelf: Shelf):
    shelf("a", "acme/bad", "id: acme/bad\nname: [1]\n")
    shelf("a", "acme/worse", "a: *x")
    library = Library([shelf("a", "acme/par")])
    assert library.ids() == ("acme/par",)
    assert any("bad.yaml:2:1: name: a list is not text" in str(fault) for fault in library.faults)
    with pytest.raises(UnknownNameError, match=r"cannot be used: .*bad\.yaml:1:1: provenance: is missing"):
        library.profile("acme/bad")


def test_a_broken_profile_in_front_does_not_let_another_of_its_name_through(shelf: Shelf):
    first = shelf("a", "acme/par", "nonsense")
    library = Library([first, shelf("b", "acme/par")])
    assert library.ids() == ()


def test_a_file_whose_id_is_another_is_a_fault(shelf: Shelf):
    library = Library([shelf("a", "acme/par", PROFILE.format(id="acme/tube", name="x"))])
    assert "id: acme/tube, but the file is that of acme/par" in str(library.faults[0])


def test_a_file_that_cannot_be_an_id_is_a_fault(shelf: Shelf):
    library = Library([shelf("a", "ACME/Par")])
    assert library.ids() == ()
    assert "is no file of a profile; name it maker/model.yaml" in str(library.faults[0])


@pytest.mark.parametrize(
    "name", ["../secret/x", "acme/../../x", "/etc/passwd", "acme", "", "a/b/c", "acme/.x", "a\0/b"]
)
def test_an_id_never_leaves_the_folders(shelf: Shelf, name: str):
    folder = shelf("a/b", "acme/par")
    shelf("secret", "x")
    with pytest.raises(UnknownNameError):
        Library([folder]).profile(name)


def test_a_link_out_of_the_folder_is_not_followed(shelf: Shelf):
    folder = shelf("a", "acme/par")
    outside = shelf("b", "acme/tube")
    (folder / "acme/tube.yaml").symlink_to(outside / "acme/tube.yaml")
    assert Library([folder]).ids() == ("acme/par",)
