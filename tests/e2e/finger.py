"""A finger for touch tests: playwright itself can only tap."""

from playwright.sync_api import Page

Point = tuple[float, float]


class Finger:
    """One finger on a touch screen, through the browser's own gesture recognition."""

    def __init__(self, page: Page) -> None:
        self._send = page.context.new_cdp_session(page).send

    def _touch(self, kind: str, points: list[Point]) -> None:
        touches = [{"x": x, "y": y, "id": 1} for x, y in points]
        self._send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def swipe(self, start: Point, way: Point, steps: int = 12, end: str = "touchEnd") -> None:
        self._touch("touchStart", [start])
        for step in range(1, steps + 1):
            self._touch("touchMove", [(start[0] + way[0] * step / steps, start[1] + way[1] * step / steps)])
        self._touch(end, [])
