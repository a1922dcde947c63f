"""Real processes: what the wall shows is what the lamps get, and an edit is on the wire."""

import json
import signal
import socket
import ssl
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import av
import numpy as np
import pytest
from namespaces import isolated
from stage import environment, show_stage, still_stage, two_colours

pytestmark = pytest.mark.e2e

GREY16 = round((((188 / 255 + 0.055) / 1.055) ** 2.4) * 65535)  # light of code 188 (IEC 61966-2-1)


def first_levels(stage: Any, universe: int, at: int, count: int) -> list[int]:
    """Levels of the newest packet of a universe."""
    packets = [each.packet for each in stage.heard if each.packet.universe == universe]
    return list(packets[-1].slots[at - 1 : at - 1 + count])


def edited(folder: str) -> dict[str, Any]:
    with still_stage(folder) as stage:
        stage.start()
        stage.until(lambda: stage.heard and first_levels(stage, 1, 1, 3) == [255, 0, 0])
        seen: dict[str, Any] = {"rim": first_levels(stage, 2, 10, 6)}
        moved = stage.send("PATCH", "api/v1/regions/left", {"center": [0.75, 0.5]})
        stage.until(lambda: first_levels(stage, 1, 1, 3) == [128, 128, 128])
        seen["shape"] = sorted(moved)
        seen["refused"] = stage.send("PATCH", "api/v1/regions/left", {"size": [0, 1]})["status"]
        stage.send("POST", "api/v1/undo", {})
        stage.until(lambda: first_levels(stage, 1, 1, 3) == [255, 0, 0])
        stage.send("PUT", "api/v1/blackout", {"value": True})
        stage.until(lambda: first_levels(stage, 1, 1, 3) == [0, 0, 0])
        stage.send("PUT", "api/v1/blackout", {"value": False})
        stage.send("PUT", "api/v1/master", {"value": 0.25})
        stage.until(lambda: first_levels(stage, 1, 1, 3) == [64, 0, 0])
        stage.send("PATCH", "api/v1/fixtures/key", {"follow": {"region": "right"}})
        stage.until(lambda: first_levels(stage, 1, 1, 3) == [32, 32, 32])
        seen["dmx"] = stage.get("api/v1/dmx/1")["levels"][:3]
        stage.desks[0].terminate()
        stage.desks[0].wait(10)
        saved = json.loads(Path(folder, "show.lumad.json").read_text())
        seen["saved"] = (saved["show"]["fixtures"]["key"]["follow"]["region"], saved["live"]["master"])
        stage.start()
        stage.listen(1.0)
        seen["after restart"] = {
            tuple(each.packet.slots[:3]) for each in stage.heard[-20:] if each.packet.universe == 1
        }
        seen["after restart"] = [list(levels) for levels in seen["after restart"]]
        return seen


def test_edits_are_on_the_wire_undone_saved_and_there_again_after_a_restart(tmp_path: Path):
    seen = isolated(edited, str(tmp_path), timeout_s=60)
    assert seen["rim"] == [*divmod(GREY16, 256)] * 3
    assert seen["refused"] == 422
    assert seen["dmx"] == [32, 32, 32]
    assert seen["saved"] == ["right", 0.25]
    assert seen["after restart"] == [[32, 32, 32]]


def clip(path: Path) -> None:
    """A second of video at 25 fps, lossless: black, then white, then black."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 64, 36, "bgr0"
        for number in range(25):
            picture = np.full((36, 64, 3), 255 if 8 <= number < 16 else 0, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        container.mux(stream.encode())


def played(folder: str) -> list[Any]:
    clip(Path(folder, "clip.mkv"))
    with show_stage(folder, "scene: {kind: video, file: clip.mkv}\n") as stage:
        stage.start()
        stage.listen(5, lambda heard: heard.packet.universe == 1 and heard.packet.slots[0] == 255)
        stage.heard.clear()
        stage.listen(3.0)
        levels = [each.packet.slots[0] for each in stage.heard if each.packet.universe == 1]
        rate = stage.get("api/v1/state")["engine"]["rate"]
        return [rate, len(levels), sum(level == 255 for level in levels), sorted(set(levels))]


def test_a_looped_video_drives_the_lamps_at_its_own_rate(tmp_path: Path):
    rate, count, white, values = isolated(played, str(tmp_path), timeout_s=40)
    assert rate == 25.0
    assert count == pytest.approx(75, abs=8)
    assert white == pytest.approx(24, abs=4)
    assert values == [0, 255]


def missing_picture(folder: str) -> dict[str, Any]:
    with show_stage(folder, "scene: {kind: plate, file: later.png}\n") as stage:
        stage.show.write_text(stage.show.read_text().replace("address: 10,", "address: 10, control: manual,"))
        stage.start()
        stage.until(lambda: stage.heard and first_levels(stage, 2, 10, 2) == [255, 255])
        warnings = stage.until(lambda: [w for w in stage.get("api/v1/state")["warnings"] if "later.png" in w])
        ready = stage.get("health/ready")
        two_colours(Path(folder, "later.png"), (255, 0, 0), (0, 0, 0))
        stage.until(lambda: stage.heard and first_levels(stage, 1, 1, 3) == [255, 0, 0])
        return {"warnings": len(warnings), "ready": ready["ready"], "log": Path(folder, "log").read_text()}


def test_a_missing_picture_is_a_warning_and_manual_lamps_are_lit_until_it_is_found(tmp_path: Path):
    seen = isolated(missing_picture, str(tmp_path), timeout_s=40)
    assert seen["warnings"] == 1
    assert seen["ready"] is False
    assert "Traceback" not in seen["log"]


def port_held(folder: str) -> list[Any]:
    with still_stage(folder) as stage, socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        command = [sys.executable, "-m", "lumad", "run", str(stage.show), "--port", port]
        done = subprocess.run(
            command, env=environment(stage.folder), capture_output=True, text=True, timeout=30, check=False
        )
        return [done.returncode, done.stdout, done.stderr]


def test_a_port_in_use_is_one_line_and_exit_4(tmp_path: Path):
    code, out, err = isolated(port_held, str(tmp_path))
    assert (code, out) == (4, "")
    assert "is held by another program" in err.splitlines()[-1]
    assert "Traceback" not in err


def beyond_loopback(folder: str) -> list[Any]:
    with still_stage(folder) as stage:
        stage.start("--bind", "0.0.0.0", "--tls", "auto")
        blind = ssl.create_default_context()
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        trusted = urlopen(f"{stage.url}ca.crt", context=blind).read().decode()
        trusting = ssl.create_default_context(cadata=trusted)
        with pytest.raises(HTTPError, match="401"):
            urlopen(f"{stage.url}api/v1/state", context=trusting)
        command = [sys.executable, "-m", "lumad", "pair", "--json"]
        offer = json.loads(subprocess.check_output(command, env=environment(stage.folder), timeout=30))
        body = json.dumps({"code": offer["code"], "name": "phone"}).encode()
        request = Request(f"{stage.url}api/v1/pair", body, {"Content-Type": "application/json"})
        paired = json.load(urlopen(request, context=trusting))
        return [stage.url, offer, paired, Path(folder, "log").read_text()]


def test_beyond_loopback_devices_are_paired_over_https_too(tmp_path: Path):
    url, offer, paired, log = isolated(beyond_loopback, str(tmp_path))
    assert url.startswith("https://")
    assert offer["url"] == f"{url}pair#k={offer['code']}"
    assert (paired["name"], paired["role"]) == ("phone", "admin")
    assert "beyond this machine" in log
    assert "PIN" in log


def demo_at_work(folder: str, port: int) -> dict[str, Any]:
    with still_stage(folder, port) as stage:
        stage.start(command=("demo",))
        stage.until(lambda: stage.get("api/v1/state")["engine"].get("sent", 0) > 30)
        state = stage.get("api/v1/state")
        stage.desks[0].send_signal(signal.SIGINT)
        return {"state": state, "code": stage.desks[0].wait(10), "log": Path(folder, "log").read_text()}


def test_the_demo_plays_warns_of_its_one_unmeasured_lamp_and_ctrl_c_ends_it(tmp_path: Path):
    seen = isolated(demo_at_work, str(tmp_path), 0, timeout_s=40)
    assert seen["state"]["feed"]["state"] == "playing"
    (warning,) = seen["state"]["warnings"]
    assert warning.startswith("fixtures.rim.calibration: the colours of its emitters are assumed")
    assert all(output["errors"] == 0 for output in seen["state"]["outputs"])
    assert (seen["code"], seen["log"]) == (130, "")


def test_the_demo_goes_on_with_a_warning_where_another_program_holds_the_sacn_port(tmp_path: Path):
    seen = isolated(demo_at_work, str(tmp_path), 5568, timeout_s=40)
    assert seen["state"]["feed"]["state"] == "playing"
    assert [warning for warning in seen["state"]["warnings"] if "5568" in warning]
