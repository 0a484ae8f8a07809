// The page of `talkingeyes serve`: an avatar that the microphone, or a file, brings to life.
import { Quaternion } from "three";
import { quaternionOf } from "../angles";
import { byId, make } from "../dom";
import type { Voice } from "../live/client";
import type { Sample } from "../live/track";
import type { RigData } from "../payload";
import type { Pose } from "../take";
import { setUpTheme, startTheme } from "../theme";
import { readSettings } from "../settings";
import { Stage } from "../stage";
import type { ReadBack } from "../rig";
import { LiveSession } from "./session";

/** page.json of the server. */
interface PageConfig {
  avatars: string[];
  rig: RigData;
  /** Name -> lowest, highest, as it is. */
  amounts: Record<string, [number, number, number]>;
}

interface LiveApi {
  ready: Promise<void>;
  pose: () => ReadBack | undefined;
  frames: () => number;
  status: () => string;
}

declare global {
  interface Window {
    talkingeyesLive: LiveApi;
  }
}

const SLIDERS: Record<string, string> = {
  eye_contact: "Eye contact",
  gaze_activity: "Gaze activity",
  head_amount: "Head",
  blink_rate: "Blinks",
};
/** A click at the picture's edge looks so far aside, degrees. */
const EDGE_DEG = 32;
const MESSAGE_MS = 8000;
const SILENT_DB = -60;

function poseOf(sample: Sample): Pose {
  return {
    head: new Quaternion(...sample.head),
    eyes: [quaternionOf(...sample.eyes[0], 0), quaternionOf(...sample.eyes[1], 0)],
    eyeAngles: sample.eyes,
    lids: sample.lids,
    face: sample.face,
    weights: new Map(),
  };
}

class DemoPage {
  stage: Stage | undefined;
  statusText = "";
  private readonly config: PageConfig;
  private readonly session: LiveSession;
  private readonly level = byId("level");
  private readonly mic = byId("mic", HTMLButtonElement);
  private loud = 0;
  private framesSeen = 0;
  private framesAt = performance.now();
  private hide = 0;

  constructor(config: PageConfig, url: string, token: string) {
    this.config = config;
    this.session = new LiveSession(url, token, { role: "auto" }, {
      onAccept: (accepted) => {
        byId("latency").textContent = `${Math.round(1000 * (accepted.latency_s.mouth ?? 0))} ms`;
        this.sendAmounts();
      },
      onFrames: (frames) => {
        this.framesSeen += frames.length;
      },
      onMessage: (message) => {
        if (typeof message.role === "string") byId("role").textContent = message.role;
      },
      onStatus: (status, message) => {
        this.showStatus(status, message);
      },
      onError: (message) => {
        this.say(message);
      },
      onLevel: (level) => {
        this.showLevel(level);
      },
    });
    this.wire();
    this.addSliders();
    setInterval(() => { this.count(); }, 1000);
    requestAnimationFrame((now) => { this.draw(now); });
  }

  get frames(): number {
    return this.framesSeen + this.counted;
  }

  private counted = 0;

  private count(): void {
    const now = performance.now();
    const rate = (1000 * this.framesSeen) / (now - this.framesAt);
    byId("frames").textContent = `${Math.round(rate)} / s`;
    this.counted += this.framesSeen;
    this.framesSeen = 0;
    this.framesAt = now;
  }

  private showStatus(status: string, message: string): void {
    const words: Record<string, string> = { connecting: "Connecting…", live: "Live", waiting: "The connection broke; trying again…" };
    this.statusText = words[status] ?? (message || "The session has ended.");
    byId("status").textContent = this.statusText;
    if (status === "closed") this.say(this.statusText, true);
  }

  say(message: string, stays = false): void {
    const notice = byId("notice");
    notice.textContent = message;
    notice.hidden = false;
    clearTimeout(this.hide);
    if (!stays) this.hide = setTimeout(() => { notice.hidden = true; }, MESSAGE_MS);
  }

  private showLevel(level: number): void {
    const decibels = 20 * Math.log10(Math.max(level, 1e-6));
    const share = Math.max(0, Math.min(1, 1 - decibels / SILENT_DB));
    this.loud = Math.max(share, this.loud * 0.9);
    this.level.style.transform = `scaleX(${this.loud.toFixed(3)})`;
    this.level.classList.toggle("loud", this.loud > 0.95);
    this.level.parentElement?.setAttribute("aria-valuenow", String(Math.round(100 * this.loud)));
  }

  private wire(): void {
    const on = (id: string, action: () => void): void => {
      byId(id).addEventListener("click", action);
    };
    on("mic", () => { void this.toggleMicrophone(); });
    on("look", () => {
      this.session.wake();
      this.session.client.lookAt("camera");
    });
    on("release", () => { this.session.client.release(); });
    on("interrupt", () => { this.session.interrupt(); });
    for (const choice of document.querySelectorAll<HTMLInputElement>('input[name="voice"]'))
      choice.addEventListener("change", () => { this.session.micVoice = choice.value as Voice; });
    const file = byId("file", HTMLInputElement);
    file.addEventListener("change", () => {
      if (file.files?.[0]) void this.speak(file.files[0]);
      file.value = "";
    });
    this.wireDrop();
    this.wireStage();
  }

  private wireDrop(): void {
    const drop = byId("drop");
    addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.hidden = false;
    });
    addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) drop.hidden = true;
    });
    addEventListener("drop", (event) => {
      event.preventDefault();
      drop.hidden = true;
      const file = event.dataTransfer?.files[0];
      if (file) void this.speak(file);
    });
  }

  /** A click beside the avatar is where it looks. */
  private wireStage(): void {
    const view = byId("view");
    let down = { x: 0, y: 0 };
    view.addEventListener("pointerdown", (event) => { down = { x: event.clientX, y: event.clientY }; });
    view.addEventListener("click", (event) => {
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > 5) return;
      const box = view.getBoundingClientRect();
      const across = (2 * (event.clientX - box.left)) / box.width - 1;
      const up = 1 - (2 * (event.clientY - box.top)) / box.height;
      this.session.client.look(EDGE_DEG * across, 0.6 * EDGE_DEG * up, 2);
    });
  }

  private async toggleMicrophone(): Promise<void> {
    if (this.session.hearsMicrophone) this.session.closeMicrophone();
    else {
      try {
        await this.session.openMicrophone();
        byId("notice").hidden = true;
      } catch (error) {
        this.say(error instanceof Error ? error.message : String(error), true);
      }
    }
    const open = this.session.hearsMicrophone;
    this.mic.setAttribute("aria-pressed", String(open));
    this.mic.textContent = open ? "Stop the microphone" : "Use the microphone";
  }

  private async speak(file: File): Promise<void> {
    try {
      await this.session.speak(file, () => { this.say(`${file.name} has ended.`); });
      this.say(`The avatar speaks: ${file.name}`);
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  private addSliders(): void {
    for (const [name, label] of Object.entries(SLIDERS)) {
      const range = this.config.amounts[name];
      if (!range) continue;
      const row = make("label", "slider");
      const input = make("input");
      const output = make("output", "", range[2].toFixed(1));
      Object.assign(input, { type: "range", min: String(range[0]), max: String(range[1]), step: "0.05", value: String(range[2]), name });
      input.addEventListener("input", () => { output.textContent = Number(input.value).toFixed(1); });
      input.addEventListener("change", () => { this.session.client.set({ [name]: Number(input.value) }); });
      row.append(make("span", "", label), output, input);
      byId("sliders").append(row);
    }
  }

  /** What the sliders say, to a session that has just begun. */
  private sendAmounts(): void {
    const inputs = [...byId("sliders").querySelectorAll("input")];
    const moved = inputs.filter((input) => input.value !== input.defaultValue && Number(input.value) !== this.config.amounts[input.name]?.[2]);
    if (moved.length > 0) this.session.client.set(Object.fromEntries(moved.map((input) => [input.name, Number(input.value)])));
  }

  private shownAt = -1;
  private dirty = true;
  private lastFrame = 0;

  private draw(now: number): void {
    const sample = this.session.sampleNow();
    if (sample && sample.time_s !== this.shownAt) {
      this.stage?.pose(poseOf(sample));
      this.shownAt = sample.time_s;
      this.dirty = true;
    }
    if (this.dirty && this.stage) {
      this.dirty = this.stage.draw();
      this.stage.keepPace(now - this.lastFrame);
    }
    this.lastFrame = now;
    requestAnimationFrame((next) => { this.draw(next); });
  }

  setStage(stage: Stage): void {
    this.stage = stage;
    stage.onDirty = () => { this.dirty = true; };
    this.dirty = true;
  }
}

async function loadStage(config: PageConfig, name: string): Promise<Stage> {
  const answer = await fetch(`avatars/${name}.glb`);
  const canvas = byId("view", HTMLCanvasElement);
  return Stage.create(canvas, await answer.arrayBuffer(), config.rig, { ...readSettings(location.hash), still: false, bare: false });
}

async function start(): Promise<void> {
  const given = new URLSearchParams(location.hash.slice(1));
  const asked = given.get("theme");
  startTheme(asked === "light" || asked === "dark" ? asked : undefined);
  const config = (await (await fetch("page.json")).json()) as PageConfig;
  const choice = byId("avatar", HTMLSelectElement);
  for (const name of config.avatars) choice.append(new Option(name, name));
  choice.value = config.avatars.find((name) => name === given.get("avatar")) ?? config.avatars[0] ?? "";
  choice.addEventListener("change", () => {
    given.set("avatar", choice.value); // one graphics context, one avatar: the page begins anew
    location.hash = given.toString();
    location.reload();
  });
  byId("loading").remove();
  byId("app").hidden = false;
  setUpTheme(() => undefined);
  const url = new URL("v1/sessions", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  const page = new DemoPage(config, url.href, given.get("token") ?? "");
  Object.assign(window.talkingeyesLive, {
    pose: () => page.stage?.rig.readBack(),
    frames: () => page.frames,
    status: () => page.statusText,
  });
  try {
    page.setStage(await loadStage(config, choice.value));
  } catch (error) {
    console.error(error);
    page.say("This browser cannot draw the avatar (WebGL 2 is needed).", true);
  }
}

window.talkingeyesLive = { ready: start() } as LiveApi;
