"""What the journal says: edits by name, one entry a drag, and each trouble when it begins and ends."""

from typing import Any

import pytest
from show.sample import RECT, Clock, sample_loaded

from lumad.daemon.events import QUIET_S, Chronicle, troubles_of
from lumad.show.edits import delete, merge
from lumad.show.journal import Journal
from lumad.show.store import Store


class Scene:
    def __init__(self) -> None:
        self.clock = Clock()
        self.store = Store(sample_loaded(), self.clock.later)
        self.journal = Journal(None, self.clock.later, lambda: self.clock.now)
        self.status: dict[str, Any] = {}
        self.chronicle = Chronicle(self.journal, self.store, lambda: self.status, lambda: self.clock.now)

    def look(self, seconds: float = QUIET_S) -> None:
        self.clock.now += seconds
        self.chronicle.look()

    @property
    def told(self) -> list[tuple[str, str, str]]:
        return [(entry.kind, entry.by, entry.text) for entry in self.journal.after(0)]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_drag_is_one_entry_when_the_finger_rests(scene: Scene):
    for step in range(30):
        scene.store.apply(merge("regions/sky-left", {"center": [step / 40, 0.5]}), by="Ada", gesture="g")
        scene.look(QUIET_S / 10)
    assert scene.told == []
    scene.look()
    assert scene.told == [("edit", "Ada", "regions/sky-left")]


def test_two_hands_that_move_at_once_are_two_entries(scene: Scene):
    for step in range(30):
        scene.store.apply(merge("regions/sky-left", {"center": [step / 40, 0.5]}), by="Ada", gesture="g")
        scene.store.apply(merge("fixtures/key", {"level": step / 40}), by="Bo", gesture="h")
    scene.look()
    assert scene.told == [("edit", "Ada", "regions/sky-left"), ("edit", "Bo", "fixtures/key")]


def test_what_happened_is_told_in_its_order(scene: Scene):
    scene.store.apply(merge("fixtures/key", {"level": 0.5}), by="Ada")
    scene.store.set_live(blackout=True, by="Bo")
    scene.store.apply(merge("regions/sun", RECT, create=True), by="Bo")
    scene.store.undo(by="Ada")
    scene.look()
    assert scene.told == [
        ("edit", "Ada", "fixtures/key"),
        ("live", "Bo", "blackout on"),
        ("edit", "Bo", "regions/sun made"),
        ("undo", "Ada", "regions/sun removed"),
    ]


def test_looks_are_told_by_name_and_a_large_edit_by_its_size(scene: Scene):
    scene.store.apply(merge("looks/dusk", {"fixtures": {"key": {"level": 0.1}}}, create=True), by="Ada")
    scene.store.play.go("dusk", 0.0, by="Bo")
    for name in ("a", "b", "c", "d", "e"):
        scene.store.apply(merge(f"regions/{name}", RECT, create=True))
    scene.store.set_live(solo=["key"])
    kinds = [(kind, text) for kind, _, text in scene.told]
    assert kinds[:2] == [("edit", "looks/dusk made"), ("look", "dusk: fixtures/key")]
    assert kinds[-1] == ("live", "solo: key")


def test_whoever_names_much_is_told_shortly(scene: Scene):
    def many(show: Any) -> Any:
        for name in "abcdef":
            show = merge(f"regions/{name}", RECT, create=True)(show)
        return delete("fixtures/key")(show)

    scene.store.apply(many)
    scene.look()
    assert scene.told[0][2] == "regions/a made, regions/b made, regions/c made, regions/d made and 3 more"


def test_each_trouble_is_told_when_it_begins_and_when_it_is_over(scene: Scene):
    scene.status = {"feed": {"state": "playing"}, "outputs": [], "engine": {"restarts": 0}}
    scene.look()
    output = {"protocol": "sacn", "to": "10.0.0.9", "failing": True, "last_error": "no route"}
    bo = {"protocol": "sacn", "source": "b0", "text": "Bo also sends universe 1"}
    scene.status = {"feed": {"state": "lost"}, "outputs": [output], "conflicts": [bo]}
    scene.look()
    scene.look()
    assert [text for _, _, text in scene.told] == [
        "no pictures come (the feed is lost); the lights hold",
        "sacn to 10.0.0.9: no route",
        "Bo also sends universe 1",
    ]
    scene.status = {}
    scene.look()
    assert [text.startswith("over: ") for _, _, text in scene.told[3:]] == [True] * 3


def test_a_source_that_changes_its_priority_is_the_same_trouble(scene: Scene):
    for priority in (100, 120):
        one = {"protocol": "sacn", "source": "b0", "text": f"Bo also sends universe 1 at priority {priority}"}
        scene.status = {"conflicts": [one]}
        scene.look()
    assert [text for _, _, text in scene.told] == ["Bo also sends universe 1 at priority 100"]


def test_a_child_that_was_started_again_is_told_each_time(scene: Scene):
    for restarts in (0, 1, 1, 2, 13):
        scene.status = {"engine": {"restarts": restarts}, "renderer": {"restarts": 0}}
        scene.look()
    told = [text.rpartition("for the ")[2] for _, _, text in scene.told]
    assert told == ["1st time", "2nd time", "13th time"]


def test_a_desk_that_knows_nothing_yet_has_no_troubles():
    assert troubles_of({}) == {}
