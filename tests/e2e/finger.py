"""A finger for touch tests: playwright itself can only tap."""

from collections.abc import Callable

from playwright.sync_api import Page

Point = tuple[float, float]


class Finger:
    """One finger or two on a touch screen, through the browser's own gesture recognition."""

    def __init__(self, page: Page) -> None:
        self._send = page.context.new_cdp_session(page).send

    def _touch(self, kind: str, points: list[Point]) -> None:
        touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points, 1)]
        self._send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def swipe(self, start: Point, way: Point, steps: int = 12, end: str = "touchEnd") -> None:
        self._touch("touchStart", [start])
        for step in range(1, steps + 1):
            self._touch("touchMove", [(start[0] + way[0] * step / steps, start[1] + way[1] * step / steps)])
        self._touch(end, [])

    def press(self, place: Point) -> None:
        """Comes down and stays."""
        self._touch("touchStart", [place])

    def hold(self, place: Point, until: Callable[[], object]) -> None:
        """Stays until something has happened; a page that has just come back swallows the first touch."""
        for left in (1, 0):
            self.press(place)
            try:
                until()
            except (AssertionError, TimeoutError):
                if not left:
                    raise
            else:
                return
            finally:
                self.lift()

    def move(self, *places: Point) -> None:
        """Where each finger is now."""
        self._touch("touchMove", list(places))

    def lift(self) -> None:
        """Every finger leaves."""
        self._touch("touchEnd", [])

    def spread(self, start: tuple[Point, Point], end: tuple[Point, Point], steps: int = 10) -> None:
        """Two fingers, one after the other, and then together to where they end."""
        self.press(start[0])
        self._touch("touchStart", list(start))
        for step in range(1, steps + 1):
            part = step / steps
            self.move(
                *(
                    (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)
                    for a, b in zip(start, end, strict=True)
                )
            )
        self.lift()
