"""/metrics: the figures of the light path as Prometheus text (exposition format 0.0.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

import lumad
from lumad.api.desk import Desk, desk_of
from lumad.api.hub import HUB
from lumad.api.openapi import told

routes = web.RouteTableDef()
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

Samples = Iterable[tuple[Mapping[str, str], Any]]


@dataclass(frozen=True, slots=True)
class Metric:
    """One family: its samples are labels and values; values that are no numbers are left out."""

    name: str
    kind: str
    help: str
    samples: Samples

    def text(self) -> str:
        """Its lines."""
        lines = [f"# HELP {self.name} {self.help}", f"# TYPE {self.name} {self.kind}"]
        for labels, value in self.samples:
            if isinstance(value, int | float):
                inner = ",".join(f'{key}="{said.translate(_ESCAPES)}"' for key, said in labels.items())
                lines.append(f"{self.name}{{{inner}}} {value + 0}" if inner else f"{self.name} {value + 0}")
        return "\n".join(lines) + "\n"


@routes.get("/metrics")
@told(reply={"type": "string"}, reply_types=("text/plain",))
async def get_metrics(request: web.Request) -> web.Response:
    """Packets, errors, latency, rates, feed, restarts, viewers and events, for Prometheus."""
    families = metrics_of(desk_of(request), len(request.app[HUB].viewers))
    text = "".join(metric.text() for metric in families)
    return web.Response(
        body=text.encode(), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
    )


def metrics_of(desk: Desk, viewers: int) -> list[Metric]:
    """All families."""
    status = desk.status()
    engine, renderer, feed = status["engine"], status["renderer"], status["feed"]
    live = desk.store.live
    latency = engine.get("latency_ms") or {}
    return [
        _one("lumad_info", "gauge", "The version that runs.", 1, version=lumad.__version__),
        _one("lumad_ready", "gauge", "1 while frames and output run.", not desk.ready()),
        *_outputs(status.get("outputs", [])),
        Metric(
            "lumad_latency_seconds",
            "gauge",
            "From a picture's publication to its last packet, by share of the frames.",
            [
                ({"quantile": key}, _seconds(latency.get(name)))
                for name, key in (("median", "0.5"), ("p95", "0.95"))
            ],
        ),
        _one("lumad_output_rate_hertz", "gauge", "Frames of light a second, as wanted.", engine.get("rate")),
        _one(
            "lumad_output_measured_hertz",
            "gauge",
            "Frames of light a second, as they left.",
            engine.get("measured_rate"),
        ),
        _one("lumad_late_frames_total", "counter", "Frames of light that left late.", engine.get("late")),
        _one(
            "lumad_torn_frames_total",
            "counter",
            "Pictures that were overwritten while read.",
            engine.get("torn"),
        ),
        _one("lumad_feed_rate_hertz", "gauge", "Pictures a second.", feed.get("fps")),
        _one("lumad_feed_age_seconds", "gauge", "Age of the newest picture.", _seconds(feed.get("age_ms"))),
        _one("lumad_feed_frames_total", "counter", "Number of the newest picture.", feed.get("number")),
        Metric(
            "lumad_restarts_total",
            "counter",
            "How often a process had to be started again.",
            [
                ({"process": "engine"}, engine.get("restarts")),
                ({"process": "renderer"}, renderer.get("restarts")),
            ],
        ),
        _one(
            "lumad_nodes",
            "gauge",
            "Art-Net nodes found.",
            engine.get("nodes_total", len(status.get("nodes", []))),
        ),
        _one("lumad_conflicts", "gauge", "Other sources in our universes.", len(status.get("conflicts", []))),
        _one("lumad_viewers", "gauge", "Pages that are open.", viewers),
        _one("lumad_events_total", "counter", "Entries of the journal.", desk.journal.count),
        _one("lumad_show_revision", "gauge", "Revision of the show.", desk.store.revision),
        _one(
            "lumad_unsaved", "gauge", "1 while edits are not on the disk.", status.get("unsaved") is not None
        ),
        _one("lumad_warnings", "gauge", "Warnings that stand.", len(status.get("warnings", []))),
        _one("lumad_master", "gauge", "The master, 0 to 1.", live.master),
        _one("lumad_blackout", "gauge", "1 in a blackout.", live.blackout),
        _one("lumad_freeze", "gauge", "1 while the light is frozen.", live.freeze),
    ]


def _outputs(outputs: Iterable[Mapping[str, Any]]) -> list[Metric]:
    """Packets and errors by destination."""
    found = [
        (
            {key: str(each.get(key) or "") for key in ("protocol", "to", "interface")},
            each,
        )
        for each in outputs
    ]
    sent = [(labels, each.get("sent")) for labels, each in found]
    errors = [(labels, each.get("errors")) for labels, each in found]
    failing = [(labels, each.get("failing")) for labels, each in found]
    return [
        Metric("lumad_packets_total", "counter", "Packets that left.", sent),
        Metric("lumad_send_errors_total", "counter", "Packets that did not leave.", errors),
        Metric("lumad_output_failing", "gauge", "1 while packets do not leave.", failing),
    ]


def _one(name: str, kind: str, words: str, value: Any, **labels: str) -> Metric:
    return Metric(name, kind, words, [(labels, value)])


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
