"""Solo and identify, at once and on whatever the lamps do."""

from itertools import pairwise

from engine.test_engine import MS, Bench
from shows import FORMAT, PROFILES, fixture, frame, show

from lumad.engine.pace import SECOND_NS
from lumad.engine.picked import BRIGHT, DIM
from lumad.link.live import Live
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.explain import explain
from lumad.pixelmap.rows import fixture_key
from lumad.protocols import e131

KEY, FILL, TUBE = (fixture_key(name) for name in ("key", "fill", "tube"))


def bench() -> Bench:
    """Three lamps at full: two alike, and a tube of four cells; the wall has been lost."""
    manual = {"control": "manual"}
    return Bench(
        show(
            fixtures={
                "key": fixture("rgb8", **manual),
                "fill": fixture("rgb8", address=11, on_loss="blackout"),
                "tube": fixture("tube", address=21, **manual),
            }
        )
    )


def lights(it: Bench, start: int, until: int) -> list[tuple[int, ...]]:
    """First level of key, fill, tube and its last cell, of each packet."""
    left = it.run(until, start, 5 * MS)
    return [tuple(packet.slots[at] for at in (0, 10, 20, 29)) for _, packet in left]


def started() -> Bench:
    it = bench()
    it.draw(255, 0)
    assert set(lights(it, 0, 50 * MS)) == {(255, 255, 255, 255)}
    return it


def test_a_solo_leaves_the_others_dark_and_may_be_of_several():
    it = started()
    for now, solo, seen in (
        (50 * MS, (TUBE,), (0, 0, 255, 255)),
        (100 * MS, (TUBE, KEY), (255, 0, 255, 255)),
        (150 * MS, (), (255, 255, 255, 255)),
    ):
        it.engine.steer(Live(solo=solo), now)
        assert lights(it, now, now + 50 * MS)[-1] == seen


def test_a_solo_is_on_the_wire_within_one_packet_of_44_hz_and_survives_a_map():
    it = started()
    it.engine.steer(Live(solo=(KEY,)), 100 * MS)
    assert len(lights(it, 100 * MS, 123 * MS + 5 * MS)) >= 1
    it.use(
        show(fixtures={"fill": fixture("rgb8", control="manual"), "key": fixture("rgb8", address=11)}),
        130 * MS,
    )
    assert lights(it, 130 * MS, 200 * MS)[-1][:2] == (0, 255)


def test_a_solo_of_nobody_is_no_blackout():
    it = started()
    it.engine.steer(Live(solo=(fixture_key("gone"),)), 50 * MS)
    assert set(lights(it, 50 * MS, 200 * MS)) == {(255, 255, 255, 255)}


def test_an_identified_lamp_swings_softly_whatever_it_does():
    it = started()
    it.engine.steer(Live(identify=(FILL,), solo=(KEY,)), SECOND_NS)  # its feed is lost by then, too
    swing = [fill for _, fill, _, _ in lights(it, SECOND_NS, 3 * SECOND_NS)]
    assert (min(swing), max(swing)) == (round(255 * DIM), round(255 * BRIGHT))
    ups = sum(a <= 89 < b for a, b in pairwise(swing))
    assert ups == 3  # in two seconds: three flashes in any one would be too many
    assert {key for key, *_ in lights(it, 3 * SECOND_NS, 3 * SECOND_NS + 50 * MS)} == {255}


def test_blackout_and_master_win_over_identify():
    it = started()
    it.engine.steer(Live(identify=(KEY,), blackout=True), 100 * MS)
    assert set(lights(it, 125 * MS, 800 * MS)) == {(0, 0, 0, 0)}
    it.engine.steer(Live(identify=(KEY,), master=0.0), 800 * MS)
    assert set(lights(it, 800 * MS, 900 * MS)) == {(0, 0, 0, 0)}


def test_a_lamp_that_is_dark_beside_a_solo_is_told_why():
    lamps = {"key": fixture("rgb8"), "fill": fixture("rgb8", address=11)}
    the_show = show(fixtures=lamps)
    compiled = compile_show(the_show, PROFILES, FORMAT)
    memory = compiled.pixel_map.new_memory()
    memory.remember(compiled.pixel_map.sample(frame((255, 255, 255))), 1, only_waiting=False)
    found = explain(compiled, the_show, memory, Live(solo=("fill",)))
    assert (found["key"]["cells"][0]["limits"], found["key"]["levels"]) == (["solo"], [0, 0, 0])
    assert (found["fill"]["cells"][0]["limits"], found["fill"]["levels"]) == ([], [255, 255, 255])


def test_live_values_travel_to_the_engine_by_key():
    live = Live(0.5, solo=("key",), identify=("tube",), cue=1.5)
    there = Live.from_json(live.keyed(fixture_key, "warn"))
    assert (there.solo, there.identify, there.master) == ((KEY,), (TUBE,), 0.5)
    assert Live.from_json(live.to_json()) == live
    assert live.kept.identify == ()


def test_packets_of_a_solo_are_whole():
    it = started()
    it.engine.steer(Live(solo=(KEY,)), 100 * MS)
    it.engine.step(125 * MS)
    assert all(len(e131.decode(data).slots) == 512 for _, _, data in it.network.take())
