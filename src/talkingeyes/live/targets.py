"""What a target on the command line stands for."""

from __future__ import annotations

from talkingeyes.errors import SettingError
from talkingeyes.extras import require
from talkingeyes.live import live_link, vmc, vtube
from talkingeyes.live.addresses import Address
from talkingeyes.live.sinks import Sink, StandardOutput, live_link_sink, vmc_sink
from talkingeyes.live.websocket_sinks import Listening, websocket_sink

SCHEMES = ("vmc", "livelink", "vts", "ws", "wss", "listen")
EXAMPLES = "vmc://127.0.0.1:39539, livelink://, vts://, ws://HOST:PORT/PATH, listen://127.0.0.1:8765, - or a file"
_PORTS = {"vmc": vmc.PORT, "livelink": live_link.PORT, "vts": vtube.PORT}
_OPTIONS = {
    "vmc": ("mouth", "vrm"), "livelink": ("subject", "device"), "vts": ("token",), "ws": ("format",),
    "wss": ("format",), "listen": ("format", "origin"),
}  # fmt: skip


def is_file(text: str) -> bool:
    """Whether a target is a file to write when the stream ends."""
    return text != "-" and "://" not in text


def sink_of(text: str) -> Sink:
    """The sink for an address or ``-``.

    Raises:
        TalkingEyesError: it is none, or its extra is not installed.
    """
    if text == "-":
        return StandardOutput()
    scheme = text.split("://", 1)[0].lower()
    if scheme not in SCHEMES:
        raise SettingError(f"--to {text[:80]}: {scheme[:40]}:// is not known; {EXAMPLES} is accepted")
    if scheme != "livelink":
        require("live", f"--to {scheme}://")
    address = Address.parse(text, SCHEMES, _PORTS.get(scheme), _OPTIONS[scheme])
    if scheme == "vmc":
        return vmc_sink(address)
    if scheme == "livelink":
        return live_link_sink(address)
    if scheme == "listen":
        return Listening(address)
    if scheme == "vts":
        from talkingeyes.live.vtube_sink import VTubeStudio

        return VTubeStudio(address)
    return websocket_sink(address)
