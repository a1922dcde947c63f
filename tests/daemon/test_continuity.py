"""Takes are kept when they roll; the schedule is kept unless one does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from show.sample import Clock, sample_loaded

from lumad.daemon.appointments import Appointments
from lumad.daemon.continuity import Continuity
from lumad.model.schedule import Appointment
from lumad.show.journal import Journal
from lumad.show.store import Store
from lumad.show.takes import Takes

MORNING = datetime(2026, 6, 15, 7, 59, 59, tzinfo=UTC)


def store_and_journal() -> tuple[Store, Journal]:
    clock = Clock()
    return Store(sample_loaded(), clock.later), Journal(None, clock.later, lambda: clock.now)


async def still(_: int) -> tuple[int, bytes] | None:
    return 7, b"\xff\xd8"


async def test_a_take_is_kept_once_when_it_rolls(tmp_path: Path):
    store, journal = store_and_journal()
    takes = Takes(tmp_path)
    continuity = Continuity(store, takes, journal, lambda: {1: bytes(512)}, still)
    store.set_live(take={"scene": "4"})
    store.set_live(take={"rolling": True})
    store.set_live(master=0.5)
    await continuity.settled()
    assert [(each["id"], each["scene"], each["still"]) for each in takes.all()] == [(1, "4", True)]
    assert journal.after(0)[-1].text == "the light of scene 4, take 1 is kept as number 1"


async def test_a_take_that_cannot_be_kept_is_told_of(tmp_path: Path):
    store, journal = store_and_journal()
    (tmp_path / "takes").write_text("no folder")
    continuity = Continuity(store, Takes(tmp_path / "takes"), journal, dict, still)
    store.set_live(take={"rolling": True})
    await continuity.close()
    assert "could not be kept" in journal.after(0)[-1].text


def kept_schedule(rolling: bool) -> tuple[Store, Journal]:
    """A morning that passes eight o'clock."""
    store, journal = store_and_journal()
    entry = Appointment.model_validate({"at": "8:00", "blackout": True, "name": "Out"})
    store.apply(lambda show: show.model_copy(update={"schedule": (entry,)}))
    store.set_live(take={"rolling": rolling})
    times = iter([MORNING, MORNING + timedelta(seconds=2), MORNING + timedelta(seconds=3)])
    appointments = Appointments(store, journal, lambda: next(times))
    appointments.look()
    appointments.look()
    return store, journal


async def test_the_schedule_happens_once():
    store, journal = kept_schedule(rolling=False)
    assert store.live.blackout
    assert [entry.text for entry in journal.after(0)] == ["Out has happened"]


async def test_nothing_of_the_schedule_happens_in_a_take():
    store, journal = kept_schedule(rolling=True)
    assert not store.live.blackout
    assert [entry.text for entry in journal.after(0)] == ["Out is left out: take 1 is rolling"]
