"""docs/http.md tells every route, and no route that is not there."""

import re
from pathlib import Path

from api.fake_desk import FakeDesk

from lumad.api.app import build_app

TEXT = (Path(__file__).parents[2] / "docs" / "http.md").read_text()


def _routes() -> set[str]:
    app = build_app(FakeDesk(), bind="127.0.0.1")
    return {
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }


def test_every_route_stands_in_the_document_and_no_other():
    told = set(re.findall(r"`(?:curl )?((?:GET|PUT|PATCH|POST|DELETE) /[^`?\s]*)", TEXT))
    assert _routes() == told


def test_every_path_of_an_example_is_a_route():
    patterns = {route.split()[1] for route in _routes()}
    known = re.compile("|".join(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) for path in patterns))
    for path in re.findall(r"http://127\.0\.0\.1:8080(/[^\s'?]*)", TEXT):
        assert known.fullmatch(path), path
