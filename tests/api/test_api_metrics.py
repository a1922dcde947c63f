"""/metrics, read by a strict parser of the text format (version 0.0.4)."""

import re
from typing import Any

from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk

Client = TestClient[Any, Any]
Series = dict[tuple[str, frozenset[tuple[str, str]]], float]
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
_SAMPLE = re.compile(rf"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{{({_LABEL.pattern}(?:,{_LABEL.pattern})*)\}})? (\S+)")
_HEAD = re.compile(r"# (HELP|TYPE) (lumad_[a-z_]+) (.+)")


def parsed(text: str) -> Series:
    """Samples by name and labels; AssertionError where a line is none, or stands in another family."""
    assert text.endswith("\n")
    found: Series = {}
    heads: dict[str, list[str]] = {}
    family = ""
    for line in text.splitlines():
        if line.startswith("#"):
            kind, family, said = (_HEAD.fullmatch(line) or _no(line)).groups()
            heads.setdefault(family, []).append(kind)
            assert kind == "HELP" or said in {"gauge", "counter"}, line
            continue
        match = _SAMPLE.fullmatch(line) or _no(line)
        assert (match[1], heads[family]) == (family, ["HELP", "TYPE"]), line
        key = match[1], frozenset(_LABEL.findall(match[2] or ""))
        assert key not in found, line
        found[key] = float(match[match.lastindex or 0])
    return found


def _no(line: str) -> Any:
    raise AssertionError(f"no line of the format: {line}")


def test_the_parser_is_strict():
    head = "# HELP lumad_x Words.\n# TYPE lumad_x gauge\n"
    assert parsed(head + 'lumad_x{a="\\"\\\\\\n"} 1\n')
    twice = "lumad_x 1\nlumad_x 2"
    for wrong in ("lumad_x", 'lumad_x{a="\n"} 1', "lumad_y 1", "lumad_x{} 1", "lumad_x one", twice):
        try:
            parsed(f"{head}{wrong}\n")
        except (AssertionError, ValueError):
            continue
        raise AssertionError(wrong)


async def test_the_figures_of_the_light_path_are_there(client: Client, desk: FakeDesk):
    desk.journal.note("edit", "one")
    desk.reasons = ["no frames"]
    async with client.get("/metrics") as response:
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        series = parsed(await response.text())
    none = frozenset[tuple[str, str]]()
    assert (series["lumad_events_total", none], series["lumad_ready", none]) == (1, 0)
    assert series["lumad_latency_seconds", frozenset({("quantile", "0.95")})] == 0.004
    assert series["lumad_master", none] == 1


async def test_destinations_are_told_apart_by_any_name(client: Client, desk: FakeDesk, monkeypatch: Any):
    names = ['quo"te', "back\\slash", "line\nbreak", "日本"]
    each = {"protocol": "sacn", "interface": None, "sent": 5, "errors": 2, "failing": True, "last_error": ""}
    status = desk.status() | {"outputs": [{**each, "to": name} for name in names]}
    monkeypatch.setattr(desk, "status", lambda: status)
    async with client.get("/metrics") as response:
        series = parsed(await response.text())
    assert sum(name == "lumad_send_errors_total" for name, _ in series) == len(names)
    assert sum(value for (name, _), value in series.items() if name == "lumad_packets_total") == 20
