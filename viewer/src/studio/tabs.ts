// The panels at the side, one at a time.
import { byId } from "../dom";

export type Pane = "direct" | "amounts" | "export";
const PANES: readonly Pane[] = ["direct", "amounts", "export"];

export class Tabs {
  current: Pane = "direct";
  onShow: () => void = () => undefined;

  constructor() {
    for (const name of PANES) {
      const tab = byId(`tab-${name}`);
      tab.addEventListener("click", () => { this.show(name); });
      tab.addEventListener("keydown", (event) => {
        if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
        const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (way === undefined) return;
        const next = PANES[(PANES.indexOf(name) + way + PANES.length) % PANES.length] ?? name;
        this.show(next);
        byId(`tab-${next}`).focus();
      });
    }
  }

  show(pane: Pane): void {
    this.current = pane;
    for (const name of PANES) {
      const tab = byId(`tab-${name}`);
      tab.setAttribute("aria-selected", String(name === pane));
      tab.tabIndex = name === pane ? 0 : -1;
      byId(`pane-${name}`).hidden = name !== pane;
    }
    this.onShow();
  }
}
