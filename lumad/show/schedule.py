"""What of the schedule is due; the wall clock is an argument."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from lumad.model.schedule import DAYS, Appointment, Place, minutes_of
from lumad.show.sun import sun_times

LATE = timedelta(seconds=90)  # what is later than that was missed: the clock jumped, or nobody was at home


def due(
    schedule: Iterable[Appointment], place: Place | None, since: datetime, now: datetime
) -> list[Appointment]:
    """What falls between two local times (aware), the first in front; nothing that is `LATE`."""
    since = max(since, now - LATE)
    days = {since.date(), now.date()}
    timed = [
        (time, number, entry)
        for number, entry in enumerate(schedule)
        for day in days
        for time in _times(entry, day, place, now)
        if since < time <= now
    ]
    return [entry for _, _, entry in sorted(timed, key=lambda each: each[:2])]


def upcoming(
    schedule: Iterable[Appointment], place: Place | None, now: datetime
) -> list[tuple[datetime, Appointment]]:
    """The next time of each entry within a week, the soonest first."""
    found = []
    for entry in schedule:
        coming = (
            time
            for ahead in range(8)
            for time in _times(entry, now.date() + timedelta(days=ahead), place, now)
            if time > now
        )
        if (first := next(coming, None)) is not None:
            found.append((first, entry))
    return sorted(found, key=lambda each: each[0])


def _times(entry: Appointment, day: date, place: Place | None, now: datetime) -> Iterator[datetime]:
    """When an entry falls on a day, in the time zone of `now`; not at all where the sun stays up or down."""
    if DAYS[day.weekday()] not in entry.days:
        return
    event, minutes = minutes_of(entry.at)
    offset = timedelta(minutes=minutes)
    if not event:
        yield datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + offset
        return
    sun = sun_times(day, place.latitude, place.longitude) if place else {}
    if event in sun:
        yield sun[event].astimezone(now.tzinfo) + offset
