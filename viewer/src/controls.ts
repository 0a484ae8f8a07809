// Buttons and keys.
import { byId, clockText, dress, make } from "./dom";
import type { Player } from "./player";
import type { Take } from "./take";

const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2];

export interface Actions {
  selectTake: (index: number) => void;
  stepFrames: (count: number) => void;
  zoom: (factor: number) => void;
  fit: () => void;
  resetView: () => void;
  toggleFocus: () => void;
  toggleTheme: () => void;
  /** What is drawn over a film, where there is one. */
  toggleMarks: () => void;
  about: () => void;
}

export class Controls {
  private readonly player: Player;
  private readonly actions: Actions;
  private readonly takeButtons: HTMLButtonElement[];
  private readonly now = document.createTextNode("");
  private readonly play = byId("play", HTMLButtonElement);
  private readonly poster = byId("poster", HTMLButtonElement);
  private readonly loop = byId("loop", HTMLButtonElement);
  private readonly mute = byId("mute", HTMLButtonElement);
  private current = 0;

  constructor(player: Player, takes: Take[], actions: Actions) {
    this.player = player;
    this.actions = actions;
    this.takeButtons = takes.map((take, index) => this.takeButton(take, index));
    byId("clock").append(this.now, make("span", "total", ` / ${clockText(player.duration, player.duration)}`));
    this.fillTakes();
    this.fillSpeeds();
    this.wire();
    dress(byId("zoom-in", HTMLButtonElement), "zoomIn", "Zoom in", "+");
    dress(byId("zoom-out", HTMLButtonElement), "zoomOut", "Zoom out", "−");
    document.addEventListener("keydown", (event) => {
      this.onKey(event);
    });
    // A click with the mouse must not leave the keyboard on the button: space plays.
    document.addEventListener("click", (event) => {
      const button = (event.target as Element).closest("button");
      if (event.detail > 0) button?.blur();
    });
    this.refresh();
  }

  private takeButton(take: Take, index: number): HTMLButtonElement {
    const button = make("button", "take", String(index + 1));
    button.type = "button";
    const seed = take.provenance.seed;
    button.setAttribute("aria-label", `Take ${index + 1}${seed === undefined ? "" : `, seed ${seed}`}`);
    button.title = `Take ${index + 1}${seed === undefined ? "" : `, seed ${seed}`}${index < 9 ? ` (${index + 1})` : ""}`;
    button.addEventListener("click", () => {
      this.actions.selectTake(index);
    });
    return button;
  }

  private fillTakes(): void {
    const holder = byId("takes");
    holder.hidden = this.takeButtons.length < 2;
    holder.append(make("span", "takes-label", "Take"), ...this.takeButtons);
  }

  private fillSpeeds(): void {
    const select = byId("speed", HTMLSelectElement);
    for (const speed of SPEEDS) select.append(new Option(`${speed}×`, String(speed), speed === 1, speed === 1));
    select.addEventListener("change", () => {
      this.player.rate = Number(select.value);
      select.blur();
    });
  }

  private wire(): void {
    const { player, actions } = this;
    const on = (id: string, action: () => void): void => {
      byId(id).addEventListener("click", action);
    };
    on("play", () => {
      player.toggle();
    });
    on("poster", () => {
      player.play();
    });
    on("loop", () => {
      this.toggleLoop();
    });
    on("mute", () => {
      player.muted = !player.muted;
    });
    on("zoom-in", () => {
      actions.zoom(1.6);
    });
    on("zoom-out", () => {
      actions.zoom(1 / 1.6);
    });
  }

  private toggleLoop(): void {
    this.player.loop = !this.player.loop;
    this.refresh();
  }

  showTake(index: number): void {
    this.current = index;
    this.takeButtons.forEach((button, i) => {
      button.setAttribute("aria-pressed", String(i === index));
    });
    const chosen = this.takeButtons[index];
    const holder = chosen?.parentElement;
    if (chosen && holder) holder.scrollLeft = chosen.offsetLeft - holder.offsetLeft - holder.clientWidth / 2;
  }

  /** Buttons after a change of the player's state. */
  refresh(): void {
    const { player } = this;
    dress(this.play, player.playing ? "pause" : "play", player.playing ? "Pause" : "Play", "Space");
    dress(this.poster, "play", "Play");
    if (player.playing) this.poster.classList.add("gone");
    dress(this.loop, "loop", "Loop", "L");
    this.loop.setAttribute("aria-pressed", String(player.loop));
    dress(this.mute, player.muted ? "muted" : "sound", player.muted ? "Sound on" : "Mute", "M");
    this.mute.hidden = !player.hasSound;
  }

  showTime(time: number): void {
    this.now.nodeValue = clockText(time, this.player.duration);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target as Element;
    if (target instanceof HTMLSelectElement) return;
    if ((event.key === " " || event.key === "Enter") && target instanceof HTMLButtonElement) return;
    const action = this.keyActions(event);
    if (!action) return;
    event.preventDefault();
    action();
  }

  private keyActions(event: KeyboardEvent): (() => void) | undefined {
    const { player, actions } = this;
    if (/^[1-9]$/.test(event.key)) {
      const index = Number(event.key) - 1;
      return index < this.takeButtons.length ? () => { actions.selectTake(index); } : undefined;
    }
    const step = (direction: number): void => {
      if (event.shiftKey) player.seek(player.time + direction);
      else actions.stepFrames(direction);
    };
    const turn = (direction: number): void => {
      actions.selectTake((this.current + direction + this.takeButtons.length) % this.takeButtons.length);
    };
    const table: Record<string, () => void> = {
      " ": () => { player.toggle(); },
      k: () => { player.toggle(); },
      ArrowLeft: () => { step(-1); },
      ArrowRight: () => { step(1); },
      Home: () => { player.seek(0); },
      End: () => { player.seek(player.duration); },
      "[": () => { turn(-1); },
      "]": () => { turn(1); },
      "+": () => { actions.zoom(1.6); },
      "=": () => { actions.zoom(1.6); },
      "-": () => { actions.zoom(1 / 1.6); },
      "0": actions.fit,
      l: () => { this.toggleLoop(); },
      m: () => { player.muted = !player.muted; },
      c: actions.resetView,
      f: actions.toggleFocus,
      t: actions.toggleTheme,
      o: actions.toggleMarks,
      "?": actions.about,
    };
    return table[event.key] ?? table[event.key.toLowerCase()];
  }
}
