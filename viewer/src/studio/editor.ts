// The timeline as an editor: what a hand does on its lanes becomes edits.
import { byId, clockText, make } from "../dom";
import { drawScene, type Held, type Row, ROWS, type Scene, TOTAL_HEIGHT } from "./draw";
import { type Gesture, type Hit, itemHit } from "./gestures";
import type { Item, LaneId } from "./model";
import { LANES } from "./model";
import type { Store } from "./store";
import { snapped } from "./snap";
import { View } from "./view";
import type { Stretch } from "./types";

export interface EditorEvents {
  onScrubStart: () => void;
  onScrub: (time: number) => void;
  onScrubEnd: () => void;
  /** An item lies elsewhere; `done` once the hand has let go. */
  onMove: (item: Item, from_s: number, to_s: number, part: Hit["part"], done: boolean) => void;
  onCancel: () => void;
  onAdd: (lane: LaneId, time: number) => void;
  onView: () => void;
}

const SNAP_PX = 7;
const CLICK_PX = 3;

export class Editor {
  readonly view = new View();
  snapping = true;
  private readonly element = byId("timeline");
  private readonly plots = byId("plots");
  private readonly canvas = byId("lanes", HTMLCanvasElement);
  private readonly marker = byId("marker");
  private readonly ruler = byId("ruler");
  private readonly thumb = byId("thumb");
  private readonly store: Store;
  private readonly events: EditorEvents;
  private readonly colors = new Map<string, string>();
  private readonly pointers = new Map<number, number>();
  private lanes = Object.fromEntries(LANES.map((lane) => [lane, []])) as unknown as Record<LaneId, Item[]>;
  private gesture: Gesture | undefined;
  private held: Held | undefined;
  private hovered: string | undefined;
  private stale = true;
  private width = 0;
  private shownTime = -1;

  constructor(store: Store, events: EditorEvents) {
    this.store = store;
    this.events = events;
    this.buildHeads();
    this.listen();
    new ResizeObserver(() => {
      this.redraw();
    }).observe(this.plots);
  }

  private buildHeads(): void {
    this.plots.style.height = `${TOTAL_HEIGHT}px`;
    const heads = byId("heads");
    for (const row of ROWS) {
      const head = make("div", "row-head");
      head.style.height = `${row.height}px`;
      head.title = row.hint;
      if (row.label) head.append(make("span", "lane-name", row.label));
      if ((LANES as readonly string[]).includes(row.id)) head.append(this.addButton(row));
      heads.append(head);
    }
  }

  private addButton(row: Row): HTMLButtonElement {
    const what: Record<string, [string, string]> = { gaze: ["glance", "G"], blinks: ["blink", "B"], head: ["nod", "N"], face: ["smile", "S"] };
    const [name, key] = what[row.id] ?? ["", ""];
    const button = make("button", "add", "+");
    button.type = "button";
    button.setAttribute("aria-label", `Add a ${name} here`);
    button.title = `Add a ${name} at the playhead (${key})`;
    button.addEventListener("click", () => {
      this.events.onAdd(row.id as LaneId, this.shownTime);
    });
    return button;
  }

  /** Items have changed. */
  refresh(): void {
    for (const lane of LANES) this.lanes[lane] = [];
    for (const item of this.store.items) this.lanes[item.lane].push(item);
    this.redraw();
  }

  redraw(): void {
    this.stale = true;
    this.events.onView();
  }

  recolor(): void {
    this.colors.clear();
    this.redraw();
  }

  reset(): void {
    this.view.reset(this.store.duration_s);
    this.ruler.setAttribute("aria-valuemax", this.store.duration_s.toFixed(2));
    this.redraw();
  }

  /** Draws what changed and places the playhead. */
  update(time: number, playing: boolean): void {
    if (time !== this.shownTime && this.pointers.size === 0 && this.view.follow(time, playing)) this.stale = true;
    if (time !== this.shownTime && !playing) this.announce(time);
    this.shownTime = time;
    if (this.stale) this.draw();
    const x = ((time - this.view.span.start) / this.view.length) * this.width;
    this.marker.style.transform = `translateX(${x.toFixed(2)}px)`;
    this.marker.hidden = x < -1 || x > this.width + 1;
  }

  private announce(time: number): void {
    const total = this.store.duration_s;
    this.ruler.setAttribute("aria-valuenow", time.toFixed(2));
    this.ruler.setAttribute("aria-valuetext", `${clockText(time, total)} of ${clockText(total, total)}`);
  }

  private draw(): void {
    this.stale = false;
    const ratio = Math.min(devicePixelRatio, 2);
    this.width = this.plots.clientWidth;
    const context = this.canvas.getContext("2d");
    if (!context || this.width === 0) return;
    const [width, height] = [Math.round(this.width * ratio), Math.round(TOTAL_HEIGHT * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawScene(context, this.scene(ratio));
    this.element.classList.toggle("zoomed", this.view.zoomed);
    this.thumb.style.left = `${(100 * this.view.span.start) / this.view.whole}%`;
    this.thumb.style.width = `${(100 * this.view.length) / this.view.whole}%`;
  }

  private scene(ratio: number): Scene {
    const { store } = this;
    return {
      width: this.width, ratio, view: this.view.span, lanes: this.lanes, held: this.held, hovered: this.hovered,
      heard: store.sound === undefined ? undefined : store.heard.get(store.sound),
      take: store.current?.take, selected: store.selected, range: store.range,
      color: (name) => this.color(name),
    };
  }

  private color(name: string): string {
    let value = this.colors.get(name);
    if (value === undefined) {
      value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      this.colors.set(name, value);
    }
    return value;
  }

  zoom(factor: number, around = this.shownTime): void {
    this.view.zoom(factor, around);
    this.redraw();
  }

  fit(stretch?: Stretch): void {
    this.view.fit(stretch);
    this.redraw();
  }

  private timeAt(clientX: number): number {
    const box = this.plots.getBoundingClientRect();
    const time = this.view.span.start + ((clientX - box.left) / box.width) * this.view.length;
    return Math.max(0, Math.min(this.store.duration_s, time));
  }

  private hitAt(event: PointerEvent | MouseEvent): Hit {
    const box = this.plots.getBoundingClientRect();
    return itemHit(this.lanes, this.view.span, this.width, event.clientX - box.left, event.clientY - box.top, this.store.selected);
  }

  private snap(time: number, off: boolean): number | undefined {
    if (off || !this.snapping || this.store.sound === undefined) return undefined;
    const points = this.store.heard.get(this.store.sound)?.points ?? [];
    const within = (SNAP_PX / Math.max(1, this.width)) * this.view.length;
    const near = snapped(points, time, within)?.time_s;
    return near ?? (Math.abs(time - this.shownTime) <= within ? this.shownTime : undefined);
  }

  // -- pointer --

  private listen(): void {
    const { plots } = this;
    plots.addEventListener("pointerdown", (event) => { this.down(event); });
    plots.addEventListener("pointermove", (event) => { this.move(event); });
    plots.addEventListener("pointerup", (event) => { this.up(event, true); });
    plots.addEventListener("pointercancel", (event) => { this.up(event, false); });
    plots.addEventListener("pointerleave", () => { this.hover(undefined); });
    plots.addEventListener("dblclick", (event) => {
      const hit = this.hitAt(event);
      if (!hit.item && hit.lane) this.events.onAdd(hit.lane, this.snap(this.timeAt(event.clientX), event.altKey) ?? this.timeAt(event.clientX));
    });
    plots.addEventListener("wheel", (event) => { this.wheel(event); }, { passive: false });
    this.listenScroll(byId("scroll"));
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.plots.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, event.clientX);
    if (this.pointers.size > 1) return;
    const hit = this.hitAt(event);
    const at = this.timeAt(event.clientX);
    if (hit.row === "ruler" && !event.shiftKey) {
      this.gesture = { kind: "scrub" };
      this.events.onScrubStart();
      this.events.onScrub(at);
    } else if (hit.item) {
      this.store.select(hit.item.key);
      this.gesture = { kind: "move", item: hit.item, part: hit.part, from_x: event.clientX, at, moved: false };
    } else this.gesture = { kind: "range", at, from_x: event.clientX, moved: false };
  }

  private move(event: PointerEvent): void {
    const { gesture } = this;
    if (!this.pointers.has(event.pointerId)) {
      this.hover(this.hitAt(event));
      return;
    }
    if (this.pointers.size === 2) this.pinch(event);
    else if (gesture?.kind === "scrub") this.events.onScrub(this.timeAt(event.clientX));
    else if (gesture) {
      gesture.moved ||= Math.abs(event.clientX - gesture.from_x) > CLICK_PX;
      if (gesture.moved && gesture.kind === "range") this.paintRange(gesture.at, event);
      else if (gesture.moved && gesture.kind === "move") this.drag(gesture, event);
    }
    this.pointers.set(event.pointerId, event.clientX);
  }

  private paintRange(at: number, event: PointerEvent): void {
    const ends = [at, this.timeAt(event.clientX)].map((time) => this.snap(time, event.altKey) ?? time);
    this.store.setRange([Math.min(...ends), Math.max(...ends)]);
    this.redraw();
  }

  private drag(gesture: Extract<Gesture, { kind: "move" }>, event: PointerEvent): void {
    const { item, part } = gesture;
    const by = this.timeAt(event.clientX) - gesture.at;
    const moving = part === "last" ? item.to_s + by : item.from_s + by;
    const snap = this.snap(moving, event.altKey);
    const shift = (snap ?? moving) - (part === "last" ? item.to_s : item.from_s);
    const from_s = part === "last" ? item.from_s : Math.max(0, item.from_s + shift);
    const to_s = part === "first" ? item.to_s : Math.min(this.store.duration_s, item.to_s + shift);
    if (to_s - from_s < 0.05) return;
    this.held = { key: item.key, from_s, to_s, snap_s: snap };
    this.redraw();
    this.events.onMove(item, from_s, to_s, part, false);
  }

  private up(event: PointerEvent, kept: boolean): void {
    if (!this.pointers.delete(event.pointerId) || this.pointers.size > 0) return;
    const { gesture, held } = this;
    this.gesture = undefined;
    if (gesture?.kind === "scrub") this.events.onScrubEnd();
    else if (gesture?.kind === "move" && held && kept) {
      this.events.onMove(gesture.item, held.from_s, held.to_s, gesture.part, true);
      return; // lies as it was held until the server has answered
    } else if (gesture && !gesture.moved) this.click(gesture, event);
    this.held = undefined;
    this.redraw();
  }

  /** What was held lies again where its take has it. */
  release(): void {
    this.held = undefined;
    this.redraw();
  }

  /** Escape while a hand holds something. */
  letGo(): boolean {
    if (!this.held && !this.gesture) return false;
    this.gesture = undefined;
    this.held = undefined;
    this.pointers.clear();
    this.events.onCancel();
    this.redraw();
    return true;
  }

  private click(gesture: Gesture, event: PointerEvent): void {
    if (gesture.kind !== "range") return;
    this.store.setRange(undefined);
    this.store.select(undefined);
    this.events.onScrub(this.timeAt(event.clientX));
  }

  private hover(hit: Hit | undefined): void {
    const cursor = hit?.row === "ruler" ? "ew-resize" : hit?.item ? (hit.part === "all" ? "grab" : "col-resize") : "crosshair";
    if (this.plots.style.cursor !== cursor) this.plots.style.cursor = cursor;
    const key = hit?.item?.key;
    if (key === this.hovered) return;
    this.hovered = key;
    this.plots.title = hit?.item ? hit.item.said : "";
    this.redraw();
  }

  private pinch(event: PointerEvent): void {
    const fixed = [...this.pointers.entries()].find(([id]) => id !== event.pointerId)?.[1] ?? event.clientX;
    const before = Math.max(20, Math.abs((this.pointers.get(event.pointerId) ?? fixed) - fixed));
    this.zoom(Math.max(20, Math.abs(event.clientX - fixed)) / before, this.timeAt(fixed));
  }

  private wheel(event: WheelEvent): void {
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    event.preventDefault();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.view.show(this.view.span.start + (sideways / this.width) * this.view.length, this.view.length);
      this.redraw();
    } else this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0018)), this.timeAt(event.clientX));
  }

  private listenScroll(track: HTMLElement): void {
    let grip = 0;
    const at = (event: PointerEvent): number => {
      const box = track.getBoundingClientRect();
      return ((event.clientX - box.left) / box.width) * this.view.whole;
    };
    const show = (start: number): void => {
      this.view.show(start, this.view.length);
      this.redraw();
    };
    track.addEventListener("pointerdown", (event) => {
      const { start, end } = this.view.span;
      grip = at(event) >= start && at(event) <= end ? at(event) - start : this.view.length / 2;
      track.setPointerCapture(event.pointerId);
      show(at(event) - grip);
    });
    track.addEventListener("pointermove", (event) => {
      if (track.hasPointerCapture(event.pointerId)) show(at(event) - grip);
    });
  }
}
