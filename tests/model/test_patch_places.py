"""Where there is room for one more lamp."""

from hypothesis import given
from hypothesis import strategies as st
from show.sample import sample_profiles

from lumad.model.patch import UNIVERSE_SLOTS, free_address
from lumad.model.profile import Profile
from lumad.model.show import Show

PLACES = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 512)), max_size=40, unique=True)


def _show(places: list[tuple[int, int]]) -> Show:
    lamp = {"profile": "example/dimmer", "mode": "8bit"}
    fixtures = {f"f{at}": {**lamp, "universe": u, "address": a} for at, (u, a) in enumerate(places)}
    return Show.model_validate({"show": 1, "fixtures": fixtures})


@given(PLACES, st.integers(1, 600), st.integers(1, 3))
def test_the_place_found_is_free_and_there_is_none_before_it(
    places: list[tuple[int, int]], size: int, first: int
):
    profiles: dict[str, Profile] = sample_profiles()
    universe, address = free_address(_show(places), profiles, size, first)
    size = min(size, UNIVERSE_SLOTS)
    taken = {slot for number, slot in places if number == universe}
    assert universe >= first
    assert taken.isdisjoint(range(address, address + size))
    assert address + size - 1 <= UNIVERSE_SLOTS
    assert all(not taken.isdisjoint(range(start, start + size)) for start in range(1, address))
