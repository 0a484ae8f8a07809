// Play, time, loop, speed, zoom: one clock for every take of a recording.
import { byId, clockText, dress } from "../dom";
import { Player } from "../player";
import type { Store } from "./store";

const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2];

export class Transport {
  player = new Player(0);
  onChange: () => void = () => undefined;
  private readonly store: Store;
  private readonly now = byId("now");

  constructor(store: Store) {
    this.store = store;
    const speed = byId("speed", HTMLSelectElement);
    for (const value of SPEEDS) speed.append(new Option(`${value}×`, String(value), value === 1, value === 1));
    speed.addEventListener("change", () => {
      this.player.rate = Number(speed.value);
    });
    const on = (id: string, run: () => void): void => {
      byId(id).addEventListener("click", run);
    };
    on("play", () => { this.player.toggle(); });
    on("loop", () => { this.toggleLoop(); });
    on("mute", () => { this.toggleMute(); });
    this.refresh();
  }

  /** Another recording; loop, speed and loudness stay. */
  open(duration: number, sound: Blob | undefined): void {
    const { loop, rate, muted } = this.player;
    this.player.dispose();
    this.player = new Player(duration, sound);
    Object.assign(this.player, { loop, rate, muted });
    this.player.onChange = () => {
      this.refresh();
      this.onChange();
    };
    this.refresh();
    this.onChange();
  }

  toggleLoop(): void {
    this.player.loop = !this.player.loop;
    this.refresh();
  }

  toggleMute(): void {
    this.player.muted = !this.player.muted;
    this.refresh();
  }

  /** Frames of the take, or a second. */
  step(count: number): void {
    const fps = this.store.current?.take?.fps ?? 60;
    this.player.pause();
    this.player.seek((Math.round(this.player.time * fps) + count) / fps);
  }

  refresh(): void {
    const { player } = this;
    player.loopOf = this.store.range;
    dress(byId("play", HTMLButtonElement), player.playing ? "pause" : "play", player.playing ? "Pause" : "Play", "Space");
    const loop = byId("loop", HTMLButtonElement);
    dress(loop, "loop", this.store.range ? "Loop the range" : "Loop", "L");
    loop.setAttribute("aria-pressed", String(player.loop));
    dress(byId("mute", HTMLButtonElement), player.muted ? "muted" : "sound", player.muted ? "Sound on" : "Mute", "M");
    byId("total").textContent = ` / ${clockText(player.duration, player.duration)}`;
  }

  showTime(): void {
    this.now.textContent = clockText(this.player.time, this.player.duration);
  }
}
