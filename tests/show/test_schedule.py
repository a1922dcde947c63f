"""Times of day, weekdays, the sun; the clock is an argument."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from lumad.model.schedule import Appointment, Place, minutes_of
from lumad.show.schedule import due, upcoming
from lumad.show.sun import sun_times

BERLIN = Place(latitude=52.52, longitude=13.405)
NOW = datetime(2026, 6, 15, 18, 30, 5, tzinfo=timezone(timedelta(hours=2)))  # a Monday
MINUTE = timedelta(minutes=1)


def at(time, **what: object):
    return Appointment.model_validate({"at": time, **(what or {"look": "dusk"})})


def test_an_appointment_is_due_once_its_time_has_come():
    entries = (at("18:30"), at("18:31"))
    assert due(entries, None, NOW - timedelta(seconds=20), NOW) == [entries[0]]
    assert due(entries, None, NOW, NOW + MINUTE) == [entries[1]]


def test_other_weekdays_are_left_out():
    assert due((at("18:30", look="dusk", days=["tue"]),), None, NOW - MINUTE, NOW) == []


def test_a_clock_that_jumps_ahead_fires_nothing_late():
    assert due((at("18:00"),), None, NOW - timedelta(hours=1), NOW) == []


def test_a_clock_that_jumps_back_fires_nothing_twice_in_a_row():
    assert due((at("18:30"),), None, NOW, NOW - timedelta(hours=1)) == []


def test_midnight_belongs_to_the_new_day():
    midnight = datetime(2026, 6, 16, tzinfo=NOW.tzinfo)
    entry = at("0:00", look="dusk", days=["tue"])
    assert due((entry,), None, midnight - MINUTE, midnight) == [entry]


def test_sunset_needs_a_place_and_keeps_its_offset():
    sunset = sun_times(NOW.date(), 52.52, 13.405)["sunset"].astimezone(NOW.tzinfo)
    early = sunset - timedelta(minutes=15)
    entry = at("sunset-00:15")
    assert due((entry,), BERLIN, early - MINUTE, early + MINUTE / 10) == [entry]
    assert due((entry,), None, early - MINUTE, early) == []


def test_what_comes_next_is_told_with_the_soonest_in_front():
    tomorrow, tonight = at("8:00"), at("23:00")
    assert [entry for _, entry in upcoming((tomorrow, tonight), None, NOW)] == [tonight, tomorrow]


@pytest.mark.parametrize(
    ("day", "place", "zone", "sunrise", "sunset"),
    [
        (date(2026, 3, 20), (51.4769, 0.0), "Europe/London", "06:03", "18:13"),
        (date(2026, 6, 21), (51.4769, 0.0), "Europe/London", "04:43", "21:21"),
        (date(2026, 12, 21), (51.4769, 0.0), "Europe/London", "08:04", "15:53"),
    ],
)
def test_the_sun_over_greenwich_is_right_to_three_minutes(day, place, zone, sunrise, sunset):
    times = sun_times(day, *place)
    for event, told in (("sunrise", sunrise), ("sunset", sunset)):
        known = datetime.fromisoformat(f"{day} {told}").replace(tzinfo=ZoneInfo(zone))
        assert abs(times[event] - known) <= 3 * MINUTE


def test_the_midnight_sun_neither_rises_nor_sets():
    assert sun_times(date(2026, 6, 21), 70.0, 25.0) == {}


def test_the_sun_of_a_day_is_near_that_day_anywhere():
    for longitude in (-179.0, -90.0, 0.0, 90.0, 179.0):
        noon = datetime(2026, 3, 20, 12, tzinfo=UTC) - timedelta(days=longitude / 360)
        times = sun_times(date(2026, 3, 20), 0.0, longitude)
        assert times["sunrise"] < noon < times["sunset"]


@pytest.mark.parametrize("text", ["24:00", "12:60", "noon", "sunset+", "-1:00", "7", "sunrise-99:99"])
def test_what_is_no_time_of_day_is_refused_in_words(text):
    with pytest.raises(ValueError, match="time of day"):
        minutes_of(text)


@pytest.mark.parametrize("what", [{}, {"look": "a", "master": 1.0}, {"master": 0.5, "fade_s": 2}])
def test_an_appointment_does_one_thing(what):
    with pytest.raises(ValidationError):
        Appointment.model_validate({"at": "8:00", **what})
