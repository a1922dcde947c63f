"""When the sun rises and sets, to a minute or so (Meeus, Astronomical Algorithms, low precision)."""

from datetime import UTC, date, datetime, timedelta
from math import acos, asin, cos, degrees, radians, sin, tan

_HORIZON = radians(-0.833)  # refraction and the sun's own half: what counts as rising (Meeus, chapter 15)
_EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)


def sun_times(day: date, latitude: float, longitude: float) -> dict[str, datetime]:
    """`sunrise` and `sunset` (UTC) of a day at a place in degrees; empty where the sun does neither."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(days=longitude / 360)
    declination, equation = _sun((noon - _EPOCH) / timedelta(days=1))
    north = radians(latitude)
    height = (sin(_HORIZON) - sin(north) * sin(declination)) / max(cos(north) * cos(declination), 1e-12)
    if abs(height) >= 1:
        return {}
    half = timedelta(days=degrees(acos(height)) / 360)
    transit = noon - timedelta(days=equation / 360)
    return {"sunrise": transit - half, "sunset": transit + half}


def _sun(days: float) -> tuple[float, float]:
    """Declination (radians) and equation of time (degrees) so many days after J2000 (Meeus, 25 and 28)."""
    mean_longitude = radians((280.46646 + 0.98564736 * days) % 360)
    anomaly = radians((357.52911 + 0.98560028 * days) % 360)
    centre = radians(1.914602 * sin(anomaly) + 0.019993 * sin(2 * anomaly))
    longitude = mean_longitude + centre
    tilt = radians(23.439291 - 3.563e-7 * days)
    declination = asin(sin(tilt) * sin(longitude))
    y, e = tan(tilt / 2) ** 2, 0.016708634
    equation = (
        y * sin(2 * mean_longitude)
        - 2 * e * sin(anomaly)
        + 4 * e * y * sin(anomaly) * cos(2 * mean_longitude)
        - y * y / 2 * sin(4 * mean_longitude)
        - 1.25 * e * e * sin(2 * anomaly)
    )
    return declination, degrees(equation)
