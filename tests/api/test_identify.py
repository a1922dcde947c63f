"""Identify ends by itself."""

from show.sample import Clock, sample_loaded

from lumad.api.identify import Identify
from lumad.show.store import Store


def test_a_program_that_falls_silent_ends_its_identify_and_nobody_elses():
    clock = Clock()
    store = Store(sample_loaded(), clock.later)
    identify = Identify(store, clock.later)
    identify.hold("phone", ["fill"])
    identify.hold("api", ["key"], briefly=True)
    clock.pass_by(29)
    identify.hold("api", ["key"], briefly=True)
    clock.pass_by(29)
    assert set(store.live.identify) == {"key", "fill"}
    clock.pass_by(2)
    assert store.live.identify == ("fill",)
    identify.end("phone")
    identify.end("phone")
    assert store.live.identify == ()


def test_a_lamp_that_is_gone_does_not_keep_others_from_identify():
    clock = Clock()
    store = Store(sample_loaded(), clock.later)
    identify = Identify(store, clock.later)
    identify.hold("phone", ["fill"])
    store.apply(lambda it: it.model_copy(update={"fixtures": {"key": it.fixtures["key"]}}))
    identify.hold("tablet", ["key"])
    assert store.live.identify == ("key",)
    identify.end("phone")
    assert store.live.identify == ("key",)
