// The timeline: lanes, playhead, scrubbing by mouse and touch, zoom and pan.
import { byId, clockText, make } from "./dom";
import {
  drawAngles,
  drawLids,
  drawRuler,
  drawShading,
  drawVoice,
  type Lane,
  lanesFor,
  type Plot,
  rangeOf,
  type Span,
  type Voice,
} from "./lanes";
import type { Take } from "./take";

const SHORTEST_VIEW_S = 0.5;
const FIRST_VIEW_S = 90;

interface LaneView {
  lane: Lane | undefined;
  canvas: HTMLCanvasElement;
  marker: HTMLElement;
  values: HTMLElement[];
  range: number;
}

export interface TimelineEvents {
  onScrubStart: () => void;
  onScrub: (time: number) => void;
  onScrubEnd: () => void;
}

export class Timeline {
  private readonly element = byId("timeline");
  private readonly views: LaneView[] = [];
  private readonly plots: HTMLElement;
  private readonly thumb: HTMLElement;
  private readonly takes: Take[];
  private readonly voice: Voice | undefined;
  private readonly duration: number;
  private readonly events: TimelineEvents;
  private readonly pointers = new Map<number, number>();
  private take: Take;
  private view: Span;
  private stale = true;
  private shownTime = 0;
  private colors = new Map<string, string>();

  constructor(takes: Take[], voice: Voice | undefined, duration: number, events: TimelineEvents) {
    const [first] = takes;
    if (!first) throw new Error("the page has no takes");
    this.takes = takes;
    this.take = first;
    this.voice = voice;
    this.duration = duration;
    this.events = events;
    this.view = { start: 0, end: Math.min(duration, FIRST_VIEW_S) };
    this.plots = this.addLane(undefined);
    for (const lane of lanesFor(takes, voice)) this.addLane(lane);
    const track = make("div", "scroll");
    this.thumb = track.appendChild(make("div", "thumb"));
    this.element.append(track);
    this.element.setAttribute("aria-valuemin", "0");
    this.element.setAttribute("aria-valuemax", duration.toFixed(2));
    this.listen(track);
    new ResizeObserver(() => {
      this.redraw();
    }).observe(this.element);
  }

  private addLane(lane: Lane | undefined): HTMLElement {
    const row = make("div", lane ? `lane ${lane.id}` : "lane ruler");
    const head = make("div", "lane-head");
    const values: HTMLElement[] = [];
    if (lane) {
      head.title = lane.hint;
      head.append(make("span", "lane-name", lane.label));
      const keys = head.appendChild(make("span", "keys"));
      for (const curve of lane.curves) {
        const key = keys.appendChild(make("span", "key"));
        key.style.setProperty("--key", `var(${curve.color})`);
        key.append(make("span", "key-name", curve.label));
        values.push(key.appendChild(make("span", "key-value")));
      }
    }
    const plot = make("div", "plot");
    const canvas = plot.appendChild(make("canvas"));
    canvas.setAttribute("aria-hidden", "true");
    const marker = plot.appendChild(make("i", "marker"));
    const range = lane?.unit === "deg" ? rangeOf(lane, this.takes) : 0;
    const scale = make("div", "scale");
    if (lane?.unit === "deg") scale.append(make("span", "", `+${range}°`), make("span", "", `\u2212${range}°`));
    else if (lane?.unit === "closure") scale.append(make("span", "", "open"), make("span", "", "shut"));
    row.append(head, plot, scale);
    this.element.append(row);
    this.views.push({ lane, canvas, marker, values, range });
    return plot;
  }

  setTake(take: Take): void {
    this.take = take;
    this.redraw();
  }

  /** The theme changed: read the colours again. */
  recolor(): void {
    this.colors.clear();
    this.redraw();
  }

  redraw(): void {
    this.stale = true;
  }

  get zoomed(): boolean {
    return this.view.end - this.view.start < this.duration - 1e-6;
  }

  /** Draws what changed and places the playhead; `follow` keeps it in sight. */
  update(time: number, follow: boolean): void {
    const { start, end } = this.view;
    const outside = time !== this.shownTime && (time < start - 1e-6 || time > end + 1e-6);
    this.shownTime = time;
    if (outside || (follow && this.pointers.size === 0 && end < this.duration && time > start + 0.94 * (end - start)))
      this.show(time - 0.06 * (end - start), end - start);
    if (this.stale) this.drawAll();
    const x = (time - this.view.start) / (this.view.end - this.view.start);
    const width = this.plots.clientWidth;
    for (const { marker } of this.views) marker.style.transform = `translateX(${(x * width).toFixed(2)}px)`;
    this.showValues(time);
    if (!follow) this.announce(time);
  }

  /** For screen readers; while it plays they are left in peace. */
  private announce(time: number): void {
    this.element.setAttribute("aria-valuenow", time.toFixed(2));
    this.element.setAttribute("aria-valuetext", `${clockText(time, this.duration)} of ${clockText(this.duration, this.duration)}`);
  }

  private showValues(time: number): void {
    const frame = Math.max(0, Math.min(this.take.frames - 1, Math.round(time * this.take.fps)));
    for (const { lane, values } of this.views)
      lane?.curves.forEach(({ channel }, index) => {
        const value = this.take.curve(channel)[frame] ?? 0;
        const element = values[index];
        if (element) element.textContent = lane.unit === "deg" ? degreesText(value) : `${Math.round(value * 100)}\u2009%`;
      });
  }

  private drawAll(): void {
    this.stale = false;
    const ratio = Math.min(devicePixelRatio, 2);
    for (const { lane, canvas, range } of this.views) {
      const { clientWidth: width, clientHeight: height } = canvas.parentElement ?? canvas;
      const context = canvas.getContext("2d");
      if (!context || width === 0) continue;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const plot: Plot = { context, width, height, ratio, view: this.view, color: (name) => this.color(name) };
      if (!lane) {
        drawRuler(plot);
        continue;
      }
      drawShading(plot, this.voice);
      if (lane.id === "voice" && this.voice) drawVoice(plot, this.voice);
      else if (lane.id === "lids") drawLids(plot, this.take);
      else drawAngles(plot, lane, this.take, range);
    }
    this.element.classList.toggle("zoomed", this.zoomed);
    this.thumb.style.left = `${(100 * this.view.start) / this.duration}%`;
    this.thumb.style.width = `${(100 * (this.view.end - this.view.start)) / this.duration}%`;
  }

  private color(name: string): string {
    let value = this.colors.get(name);
    if (value === undefined) {
      value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      this.colors.set(name, value);
    }
    return value;
  }

  /** Shows `span` seconds from `start`, kept inside the recording. */
  private show(start: number, span: number): void {
    const length = Math.min(this.duration, Math.max(Math.min(SHORTEST_VIEW_S, this.duration), span));
    const from = Math.max(0, Math.min(start, this.duration - length));
    this.view = { start: from, end: from + length };
    this.redraw();
  }

  /** Zooms by a factor around a time. */
  zoom(factor: number, around: number): void {
    const { start, end } = this.view;
    const span = Math.max(SHORTEST_VIEW_S, (end - start) / factor);
    this.show(around - ((around - start) / (end - start)) * span, span);
  }

  fit(): void {
    this.show(0, this.duration);
  }

  private timeAt(clientX: number): number {
    const box = this.plots.getBoundingClientRect();
    const share = (clientX - box.left) / box.width;
    const time = this.view.start + share * (this.view.end - this.view.start);
    return Math.max(0, Math.min(this.duration, time));
  }

  private listen(track: HTMLElement): void {
    const element = this.element;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !(event.target as Element).closest(".plot")) return;
      element.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, event.clientX);
      if (this.pointers.size > 1) return;
      this.events.onScrubStart();
      this.events.onScrub(this.timeAt(event.clientX));
    });
    element.addEventListener("pointermove", (event) => {
      if (!this.pointers.has(event.pointerId)) return;
      if (this.pointers.size === 2) this.pinch(event.pointerId, event.clientX);
      else this.events.onScrub(this.timeAt(event.clientX));
      this.pointers.set(event.pointerId, event.clientX);
    });
    const release = (event: PointerEvent): void => {
      if (this.pointers.delete(event.pointerId) && this.pointers.size === 0) this.events.onScrubEnd();
    };
    element.addEventListener("pointerup", release);
    element.addEventListener("pointercancel", release);
    element.addEventListener("wheel", (event) => {
      this.wheel(event);
    }, { passive: false });
    this.listenTrack(track);
  }

  private pinch(moved: number, clientX: number): void {
    const [a, b] = [...this.pointers.values()] as [number, number];
    const fixed = [...this.pointers.entries()].find(([id]) => id !== moved)?.[1] ?? a;
    const before = Math.max(20, Math.abs(a - b));
    this.zoom(Math.max(20, Math.abs(clientX - fixed)) / before, this.timeAt(fixed));
  }

  private wheel(event: WheelEvent): void {
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    event.preventDefault();
    const span = this.view.end - this.view.start;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      this.show(this.view.start + (sideways / this.plots.clientWidth) * span, span);
    else this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0018)), this.timeAt(event.clientX));
  }

  private listenTrack(track: HTMLElement): void {
    let grip = 0;
    track.addEventListener("pointerdown", (event) => {
      const box = track.getBoundingClientRect();
      const at = ((event.clientX - box.left) / box.width) * this.duration;
      const { start, end } = this.view;
      grip = at >= start && at <= end ? at - start : (end - start) / 2;
      track.setPointerCapture(event.pointerId);
      this.show(at - grip, end - start);
    });
    track.addEventListener("pointermove", (event) => {
      if (!track.hasPointerCapture(event.pointerId)) return;
      const box = track.getBoundingClientRect();
      this.show(((event.clientX - box.left) / box.width) * this.duration - grip, this.view.end - this.view.start);
    });
  }
}

function degreesText(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return `${rounded < 0 ? "\u2212" : ""}${Math.abs(rounded).toFixed(1)}°`;
}
