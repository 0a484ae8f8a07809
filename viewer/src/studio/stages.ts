// One avatar, or two side by side in sync; a click is a place to look at.
import { byId, make } from "../dom";
import { DEGREES } from "../angles";
import type { ReadBack } from "../rig";
import { readSettings } from "../settings";
import { Stage } from "../stage";
import type { Take } from "../take";
import type { Api } from "./api";
import { reachable } from "./edits";
import { placeText } from "./model";
import type { Store } from "./store";
import { toast } from "./toasts";

interface Seat {
  box: HTMLElement;
  label: HTMLElement;
  dot: HTMLElement;
  stage: Stage | undefined;
}

const CLICK_PX = 5;
/** A share of the time that pictures may take, so that hands are always answered. */
const BUSY = 1.6;

export class Stages {
  onDirty: () => void = () => undefined;
  onLook: (yaw_deg: number, pitch_deg: number) => void = () => undefined;
  private readonly api: Api;
  private readonly store: Store;
  private readonly seats: Seat[] = [];
  private avatar: ArrayBuffer | undefined;
  private cost_ms = 0;
  private drawn_ms = 0;
  private turn = 0;
  private dirty = true;
  private shownTime = -1;
  private shownTakes: (Take | undefined)[] = [];

  constructor(api: Api, store: Store) {
    this.api = api;
    this.store = store;
  }

  /** The avatar's file; every stage is made anew. */
  async load(): Promise<void> {
    this.avatar = await (await this.api.ask("avatar/file")).arrayBuffer();
    for (const seat of this.seats.splice(0)) {
      seat.stage?.dispose();
      seat.box.remove();
    }
    await this.arrange();
  }

  /** As many stages as takes are shown. */
  async arrange(): Promise<void> {
    const wanted = this.store.other === undefined ? 1 : 2;
    while (this.seats.length > wanted) {
      const seat = this.seats.pop();
      seat?.stage?.dispose();
      seat?.box.remove();
    }
    while (this.seats.length < wanted) await this.addSeat();
    byId("stages").classList.toggle("two", wanted === 2);
    this.touch();
  }

  private async addSeat(): Promise<void> {
    const box = make("div", "seat");
    const canvas = box.appendChild(make("canvas"));
    canvas.setAttribute("role", "img");
    canvas.tabIndex = -1;
    canvas.setAttribute("aria-label", this.seats.length === 0 ? "The avatar" : "The avatar with the other take");
    const dot = box.appendChild(make("i", "dot"));
    const label = box.appendChild(make("p", "seat-name"));
    const seat: Seat = { box, label, dot, stage: undefined };
    this.seats.push(seat);
    byId("stages").append(box);
    const rig = this.store.avatar?.rig;
    if (!this.avatar || !rig) return;
    try {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const stage = await Stage.create(canvas, this.avatar.slice(0), rig, { ...readSettings(location.hash), still, bare: true });
      if (!box.isConnected) {
        stage.dispose();
        return;
      }
      seat.stage = stage;
      stage.onDirty = () => { this.touch(); };
      this.wire(canvas, stage);
    } catch (error) {
      console.error(error);
      toast("This browser cannot draw the avatar (WebGL 2 is needed); sound and curves work.", "error");
    }
  }

  private wire(canvas: HTMLCanvasElement, stage: Stage): void {
    let down = { x: 0, y: 0 };
    canvas.addEventListener("pointerdown", (event) => {
      down = { x: event.clientX, y: event.clientY };
    });
    canvas.addEventListener("click", (event) => {
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > CLICK_PX) return;
      const box = canvas.getBoundingClientRect();
      const gaze = stage.aim((2 * (event.clientX - box.left)) / box.width - 1, 1 - (2 * (event.clientY - box.top)) / box.height);
      if (!gaze) return;
      const { yaw_deg, pitch_deg } = reachable(gaze[0] * DEGREES, gaze[1] * DEGREES);
      this.onLook(yaw_deg, pitch_deg);
    });
  }

  /** Something else is to be seen: frames, the camera, another size. */
  touch(): void {
    this.dirty = true;
    this.onDirty();
  }

  label(index: number, text: string): void {
    const seat = this.seats[index];
    if (seat && seat.label.textContent !== text) seat.label.textContent = text;
  }

  /** Draws where that leaves time for everything else; true where something is still to be drawn. */
  draw(time: number, takes: (Take | undefined)[], playing: boolean, now: number): boolean {
    if (!this.isNews(time, takes)) return false;
    if (now - this.drawn_ms < this.cost_ms * BUSY) return true;
    this.dirty = false;
    this.shownTime = time;
    this.shownTakes = takes;
    const begin = performance.now();
    const shown = this.cost_ms > 20 && playing && this.seats.length > 1 ? [this.turn++ % 2] : [0, 1];
    let gliding = false;
    for (const index of shown) gliding = this.drawSeat(index, time, takes[index]) || gliding;
    this.cost_ms = 0.8 * this.cost_ms + 0.2 * (performance.now() - begin);
    if (playing) this.keepPace(now - this.drawn_ms);
    this.drawn_ms = now;
    this.dirty ||= gliding;
    return gliding;
  }

  private keepPace(frame_ms: number): void {
    for (const seat of this.seats) seat.stage?.keepPace(frame_ms);
  }

  private isNews(time: number, takes: (Take | undefined)[]): boolean {
    return this.dirty || time !== this.shownTime || takes.some((take, index) => take !== this.shownTakes[index]);
  }

  private drawSeat(index: number, time: number, take: Take | undefined): boolean {
    const seat = this.seats[index];
    if (!seat?.stage) return false;
    seat.dot.hidden = !take;
    if (take) {
      seat.stage.pose(take.poseAt(time), take.partnerDistance_m);
      this.placeDot(seat, seat.stage, take, time);
    }
    return seat.stage.draw();
  }

  /** A dot where the gaze goes. */
  private placeDot(seat: Seat, stage: Stage, take: Take, time: number): void {
    const frame = Math.max(0, Math.min(take.frames - 1, Math.round(time * take.fps)));
    const yaw = take.curve("gazeYaw")[frame] ?? 0;
    const pitch = take.curve("gazePitch")[frame] ?? 0;
    const spot = stage.spot(yaw / DEGREES, pitch / DEGREES);
    seat.dot.hidden = !spot || placeText(yaw, pitch) === "viewer";
    if (!spot) return;
    const { clientWidth, clientHeight } = seat.box;
    seat.dot.style.transform = `translate(${((spot[0] + 1) / 2) * clientWidth}px, ${((1 - spot[1]) / 2) * clientHeight}px)`;
  }

  resetView(): void {
    for (const seat of this.seats) seat.stage?.resetView();
  }

  readBack(index = 0): ReadBack | undefined {
    return this.seats[index]?.stage?.rig.readBack();
  }

  /** For tests: the pose of a time on the bones, whatever is drawn. */
  poseAt(time: number, take: Take): ReadBack | undefined {
    this.seats[0]?.stage?.pose(take.poseAt(time));
    return this.readBack();
  }
}
