"""The studio's page in a browser, as tests drive it."""

from __future__ import annotations

from typing import Any

from tests.studio.serving import Studio

WAIT_MS = 20_000


class Opened:
    """The page in a browser, and what it should not have done."""

    def __init__(self, chromium: Any, server: Studio, settings: str = "", **context: Any) -> None:
        self.context = chromium.new_context(**{"viewport": {"width": 1000, "height": 600}, **context})
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)
        self.page.goto(f"http://127.0.0.1:{server.port}/studio#token={server.token}{settings}")
        self.page.evaluate("() => window.talkingeyesStudio.ready")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)

    def api(self, call: str, *arguments: Any) -> Any:
        return self.page.evaluate(f"(a) => window.talkingeyesStudio.{call}(...a)", list(arguments))

    @property
    def state(self) -> dict[str, Any]:
        return self.api("state")

    @property
    def items(self) -> list[dict[str, Any]]:
        return self.api("items")

    def wait(self, condition: str, argument: Any = None) -> None:
        """Until something holds of the state ``s`` and the items ``i``."""
        script = f"(a) => {{ const t = window.talkingeyesStudio, s = t.state(), i = t.items(); return {condition}; }}"
        self.page.wait_for_function(script, arg=argument, timeout=WAIT_MS)

    def change(self, act: Any) -> None:
        """Do something and wait until the server has it and the page has the frames again."""
        before = self.state["revision"]
        act()
        self.wait("s.revision > a", before)
        self.page.wait_for_timeout(120)

    def place(self, time: float, lane_y: float) -> tuple[float, float]:
        """A place on the timeline in pixels of the page."""
        box, view = self.page.locator("#plots").bounding_box(), self.state["view"]
        return box["x"] + (time - view[0]) / (view[1] - view[0]) * box["width"], box["y"] + lane_y
