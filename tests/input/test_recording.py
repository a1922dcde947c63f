"""Recordings: what is written, and that it is what was heard."""

import contextlib
import dataclasses
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import DocumentError
from lumad.input.player import REPEAT_S, Player
from lumad.input.recording import Change, Recorder, Source, read, runs_of
from lumad.protocols import artnet, e131

CID = bytes(range(16))
PACKET = e131.DataPacket(CID, 1, b"\1\2\3", source_name="Console A")
HEAD = f'lumad-dmx 1\n@1 sacn {CID.hex()} 10.0.0.9 "Console A"\n'


class Deck:
    """A recorder, and packets numbered as they should be."""

    def __init__(self, start: float = 100.0, only: frozenset | None = None) -> None:
        self.file = io.StringIO()
        self.start = start
        self.recorder = Recorder(self.file.write, start, only)
        self.sequence = 0

    def say(self, at: float, slots: bytes, **fields: object) -> None:
        packet = dataclasses.replace(PACKET, slots=slots, sequence=self.sequence % 256, **fields)
        self.recorder.hear(e131.encode(packet), "10.0.0.9", self.start + at)
        self.sequence += 1

    def show(self, at: float, levels: bytes, port_address: int = 17) -> None:
        packet = artnet.encode(artnet.ArtDmx(port_address, levels))
        self.recorder.hear(packet, "10.0.0.8", self.start + at)

    @property
    def text(self) -> str:
        return self.file.getvalue()

    def changes(self) -> list[Change]:
        return list(read(self.text.splitlines(keepends=True)))


def test_a_recording_is_one_line_a_change():
    deck = Deck()
    deck.say(0.0, bytes(512))
    deck.say(0.0227, bytes(512))
    deck.say(0.0454, b"\xff\x80" + bytes(510), priority=120)
    deck.show(0.05, b"\1\1\1\1\1\2")
    deck.recorder.close(101.0)
    assert deck.text == HEAD + (
        "0.0 sacn 1 @1 100 512 1:00*512\n"
        "45.4 sacn 1 @1 120 512 1:ff80\n"
        '@2 artnet 10.0.0.8 10.0.0.8 ""\n'
        "50.0 artnet 17 @2 0 6 1:01*5 6:02\n"
        "1000.0 end\n"
    )


def test_the_end_of_a_stream_is_written_whether_it_was_told_or_not():
    deck = Deck()
    deck.say(0.0, b"\1\2")
    deck.say(0.1, b"\1\2", terminated=True)
    deck.say(0.2, b"\1\2")
    deck.recorder.look(103.0)
    ends = [line for line in deck.text.splitlines() if line.endswith("end")]
    assert ends == ["100.0 sacn 1 @1 end", "3000.0 sacn 1 @1 end"]
    assert deck.text.count("1:0102") == 2  # who comes back is written in full


def test_a_source_that_is_back_before_its_silence_is_noticed_ends_once():
    deck = Deck()
    deck.say(0.0, b"\1\2")
    deck.recorder.look(102.45)
    deck.say(2.51, b"\1\2")
    deck.recorder.look(102.56)
    deck.say(2.57, b"\1\2", terminated=True)
    assert deck.text == f"{HEAD}0.0 sacn 1 @1 100 2 1:0102\n2570.0 sacn 1 @1 end\n"


def test_only_what_was_asked_for_is_recorded():
    deck = Deck(only=frozenset({("sacn", 2)}))
    deck.say(0.0, b"\1")
    deck.show(0.0, b"\1\2", port_address=2)
    deck.say(0.0, b"\1", universe=2)
    assert [change.universe for change in deck.changes()] == [2]


Packets = st.lists(
    st.tuples(
        st.floats(0, 0.1),
        st.sampled_from([1, 300, 63999]),
        st.integers(0, 200),
        st.one_of(st.binary(max_size=40), st.lists(st.sampled_from(b"\0\0\0\xff"), max_size=512).map(bytes)),
    ),
    max_size=20,
)


@given(Packets)
def test_what_is_read_is_what_was_heard(packets: list[tuple[float, int, int, bytes]]):
    deck, now, heard, last = Deck(), 0.0, [], {}
    for pause, universe, priority, slots in packets:
        now += pause
        deck.say(now, slots, universe=universe, priority=priority)
        if last.get(universe) != (priority, slots):
            heard.append((universe, priority, slots, round((deck.start + now - deck.start) * 10_000)))
        last[universe] = (priority, slots)
    assert [(c.universe, c.priority, c.levels, c.tenths) for c in deck.changes()] == heard


@given(st.one_of(st.none(), st.binary(max_size=512)), st.binary(max_size=512))
def test_runs_make_the_new_levels_of_the_old(old: bytes | None, new: bytes):
    levels = bytearray((old or b"")[: len(new)].ljust(len(new), b"\0"))
    for run in runs_of(old, new):
        address, _, written = run.partition(":")
        piece, _, count = written.partition("*")
        slots = bytes.fromhex(piece) * int(count or 1)
        levels[int(address) - 1 : int(address) - 1 + len(slots)] = slots
    assert levels == new


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "r.txt:1:1: the file is empty"),
        ("hello\n", "r.txt:1:1: no recording of lumad"),
        (HEAD + "1.0 sacn 1 @2 100 1 1:00\n", "r.txt:3:1: @2 is no sacn source"),
        (HEAD + "1.0 sacn 1 @1 100 2 1:000000\n", "'1:000000' lies outside slots 1 to 2"),
        (HEAD + "1.0 sacn 1 @1 100 2 1:zz\n", "'1:zz' is no run"),
        (HEAD + "1.0 sacn 1 @1 100 513 1:00\n", "513 slots; a universe has 512"),
        (HEAD + "1.0 sacn 1 @1 201 2\n", "201 is not a priority"),
        (HEAD + "1.0 sacn 64000 @1 100 2\n", "sacn has no 64000"),
        (HEAD + "5.0 sacn 1 @1 end\n1.0 end\n", "r.txt:4:1: '1.0' is no time"),
        (HEAD + "1.0 tea\n", "not understood"),
        (HEAD + '@2 sacn 12 10.0.0.1 ""\n', "a CID has 32 hex digits"),
        (HEAD + "1.0" + " 1:00" * 9999, "the line is too long"),
    ],
)
def test_a_bad_line_is_named(text: str, said: str):
    with pytest.raises(DocumentError) as error:
        list(read(text.splitlines(keepends=True), "r.txt"))
    assert said in str(error.value)


@given(st.text(max_size=60))
def test_noise_is_never_another_error(noise: str):
    with contextlib.suppress(DocumentError):
        list(read([*HEAD.splitlines(), noise]))


class Stage:
    """Voices that keep what they were given."""

    def __init__(self) -> None:
        self.heard: list[tuple[float, int, int, bytes | None]] = []

    def __call__(self, _source: Source, universe: int) -> "Stage.Voice":
        return Stage.Voice(self, universe)

    @dataclasses.dataclass
    class Voice:
        stage: "Stage"
        universe: int

        def send(self, priority: int, levels: bytes, now: float) -> None:
            self.stage.heard.append((now, self.universe, priority, levels))

        def end(self, priority: int, _levels: bytes, now: float) -> None:
            self.stage.heard.append((now, self.universe, priority, None))


SOURCE = Source("sacn", CID.hex(), "10.0.0.9", "Console A")
PLAY = [
    Change(0, SOURCE, 1, 100, b"a"),
    Change(500, SOURCE, 2, 90, b"b"),
    Change(700, SOURCE, 1),
    Change(800),
]


def play(player: Player, start: float, most: int = 99) -> float:
    """Comes whenever it asks for it; the time of the end."""
    now = start
    for _ in range(most):
        due = player.play(now)
        if due is None:
            break
        now = due
    return now


def test_a_recording_plays_in_its_own_time():
    stage = Stage()
    player = Player(PLAY, stage, 10.0, speed=0.5)
    end = play(player, 10.0)
    changes = [(round(now - 10, 4), *rest) for now, *rest in stage.heard if rest[0] == 2 or rest[2] is None]
    assert changes[0] == (0.1, 2, 90, b"b")
    assert (0.14, 1, 100, None) in changes
    assert end == pytest.approx(10.16)
    player.stop(end)
    assert stage.heard[-1] == (end, 2, 90, None)


def test_what_does_not_change_is_sent_again():
    stage = Stage()
    play(Player([PLAY[0], Change(9_500)], stage, 0.0), 0.0)
    times = [now for now, *_ in stage.heard]
    assert times == pytest.approx([REPEAT_S * at for at in range(10)], abs=1e-6)


def test_a_loop_begins_again_where_it_ends():
    stage = Stage()
    play(Player(PLAY, stage, 0.0, loop=True), 0.0, most=20)
    starts = [now for now, universe, _, levels in stage.heard if levels == b"b"]
    assert {round(now, 4) for now in starts} >= {0.05, 0.13, 0.21}


def test_a_loop_without_length_ends():
    assert Player([Change(0, SOURCE, 1, 100, b"a")], Stage(), 0.0, loop=True).play(0.0) is None
