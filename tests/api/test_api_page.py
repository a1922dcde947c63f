"""The page: plain files, asked for anew at each load, and nothing outside their folder."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import problem_in
from yarl import URL

from lumad.api.page import packed
from lumad.resources import web_dir

Client = TestClient[Any, Any]


async def test_the_page_is_served_and_checked_by_the_browser_at_each_load(client: Client):
    async with client.get("/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert response.headers["Cache-Control"] == "no-cache"
        tag = response.headers["ETag"]
    async with client.get("/", headers={"If-None-Match": tag}) as response:
        assert response.status == 304


@pytest.mark.parametrize(
    ("file", "kind"), [("app.js", "javascript"), ("style.css", "text/css"), ("icon.svg", "svg")]
)
async def test_modules_styles_and_icons_have_the_type_a_browser_insists_on(
    client: Client, file: str, kind: str
):
    async with client.get(f"/{file}") as response:
        assert response.status == 200
        assert kind in response.content_type


@pytest.mark.parametrize(
    "path",
    [
        "/..%2fpyproject.toml",
        "/../pyproject.toml",
        "/%2e%2e/pyproject.toml",
        "//etc/hosts.x",
        "/%2fetc%2fld.so.conf",
        "/a%00.js",
    ],
)
async def test_nothing_outside_the_folder_of_the_page_is_served(client: Client, path: str):
    url = URL(str(client.make_url("/"))[:-1] + path, encoded=True)
    async with client.session.get(url) as response:
        await problem_in(response, 404)


async def test_texts_travel_compressed_and_are_not_sent_twice(client: Client):
    plain = {"Accept-Encoding": "identity"}
    async with client.get("/app.js", headers=plain) as response:
        whole = await response.read()
        assert "Content-Encoding" not in response.headers
    async with client.get("/app.js", headers={"Accept-Encoding": "gzip, br"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert int(response.headers["Content-Length"]) < len(whole)
        assert (await response.read()).count(b"\n") == whole.count(b"\n")
        tag = response.headers["ETag"]
    async with client.get("/app.js", headers={"Accept-Encoding": "gzip", "If-None-Match": tag}) as response:
        assert (response.status, await response.read()) == (304, b"")


SCRIPTS = sorted(web_dir().glob("**/*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=[path.relative_to(web_dir()).as_posix() for path in SCRIPTS])
def test_only_comments_stay_behind(script: Path):
    source = script.read_bytes().splitlines()
    left = gzip.decompress(packed(script, "")).splitlines()
    assert len(left) == len(source)
    gone = [line.strip() for line, kept in zip(source, left, strict=True) if kept != line]
    assert all(line.startswith((b"/**", b"*", b"//")) for line in gone)
