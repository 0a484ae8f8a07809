// Puts the page together: data, clock, stage, timeline, controls; and the small API that tests and scripts use.
import { setUpAbout, summaryOf } from "./about";
import { Controls } from "./controls";
import { byId, make } from "./dom";
import { Film } from "./film";
import type { Voice } from "./lanes";
import { type PageData, readBlob, readPacked, readPageData, type RigData } from "./payload";
import { Player } from "./player";
import type { ReadBack } from "./rig";
import { readSettings, type Settings } from "./settings";
import { Stage } from "./stage";
import { Take } from "./take";
import { setUpTheme, startTheme } from "./theme";
import { Timeline } from "./timeline";

export interface PageState {
  time: number;
  duration: number;
  /** Where the sound is; undefined without sound. */
  soundTime: number | undefined;
  playing: boolean;
  muted: boolean;
  take: number;
  takes: number;
}

export interface PageApi {
  /** Resolves when everything is loaded and the first picture is drawn. */
  ready: Promise<void>;
  /** Shows a time and reads the pose back from the avatar's bones and morph targets. */
  poseAt: (time: number) => ReadBack;
  seek: (time: number) => void;
  play: () => void;
  pause: () => void;
  setTake: (index: number) => void;
  state: () => PageState;
}

const NOTICE_MS = 8000;

declare global {
  interface Window {
    talkingeyes: PageApi;
  }
}

interface Shown {
  stage: Stage | undefined;
  film: Film | undefined;
}

class Page {
  private readonly takes: Take[];
  private readonly player: Player;
  private readonly controls: Controls;
  private readonly timeline: Timeline;
  private readonly stage: Stage | undefined;
  private readonly film: Film | undefined;
  private readonly subtitle = byId("subtitle");
  private current = 0;
  private scheduled = false;
  private lastFrame = 0;
  private resumeAfterScrub = false;

  constructor(data: PageData, takes: Take[], voice: Voice | undefined, shown: Shown, settings: Settings) {
    const { stage, film } = shown;
    this.takes = takes;
    this.stage = stage;
    this.film = film;
    const duration = Math.max(...takes.map((take) => take.duration));
    this.player = new Player(duration, data.audio && readBlob("te-audio", data.audio.mime));
    this.timeline = new Timeline(takes, voice, duration, {
      onScrubStart: () => {
        this.resumeAfterScrub = this.player.playing;
        this.player.pause();
      },
      onScrub: (time) => {
        this.player.seek(time);
      },
      onScrubEnd: () => {
        if (this.resumeAfterScrub) this.player.play();
      },
    });
    const redraw = (): void => {
      this.timeline.recolor();
      this.schedule();
    };
    const toggleTheme = setUpTheme(redraw);
    const about = setUpAbout(data.title || "TalkingEyes", () => ({ take: this.take, label: takes.length > 1 ? `Take ${this.current + 1}` : "Motion" }));
    this.controls = new Controls(this.player, takes, {
      selectTake: (index) => {
        this.selectTake(index);
      },
      stepFrames: (count) => {
        this.stepFrames(count);
      },
      zoom: (factor) => {
        this.timeline.zoom(factor, this.player.time);
        this.schedule();
      },
      fit: () => {
        this.timeline.fit();
        this.schedule();
      },
      resetView: () => stage?.resetView(),
      toggleFocus: () => {
        document.body.classList.toggle("focus");
      },
      toggleTheme,
      toggleMarks: () => film?.toggleMarks(),
      about,
    });
    this.player.onChange = () => {
      this.controls.refresh();
      this.schedule();
    };
    this.player.onSoundFailed = () => {
      notify("The sound cannot be played here; the motion plays without it.", NOTICE_MS);
    };
    for (const part of [stage, film]) if (part) part.onDirty = () => { this.schedule(); };
    this.listen();
    this.player.seek(settings.time);
    this.selectTake(Math.min(Math.floor(settings.take), takes.length - 1));
  }

  private get take(): Take {
    const take = this.takes[this.current];
    if (!take) throw new Error("no such take");
    return take;
  }

  private listen(): void {
    const view = byId("view");
    let down = { x: 0, y: 0 };
    view.addEventListener("pointerdown", (event) => {
      down = { x: event.clientX, y: event.clientY };
    });
    view.addEventListener("click", (event) => {
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) < 5) this.player.toggle();
    });
    for (const type of ["wheel", "pointermove", "pointerup"])
      byId("timeline").addEventListener(type, () => {
        this.schedule();
      });
    addEventListener("resize", () => {
      this.timeline.redraw();
      this.schedule();
    });
  }

  selectTake(index: number): void {
    if (index < 0 || index >= this.takes.length) return;
    this.current = index;
    this.timeline.setTake(this.take);
    this.controls.showTake(index);
    this.subtitle.textContent = summaryOf(this.take);
    this.schedule();
  }

  private stepFrames(count: number): void {
    this.player.pause();
    const { fps } = this.take;
    this.player.seek((Math.round(this.player.time * fps) + count) / fps);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame((now) => {
      this.scheduled = false;
      this.frame(now);
    });
  }

  private frame(now: number): void {
    const { player } = this;
    player.tick(now);
    this.film?.follow(player.time, player.playing, player.rate);
    const shown = this.film?.timeOf(player.time, player.playing) ?? player.time;
    this.film?.draw(shown);
    this.stage?.pose(this.take.poseAt(shown), this.take.partnerDistance_m);
    const gliding = this.stage?.draw() ?? false;
    this.timeline.update(player.time, player.playing);
    this.controls.showTime(player.time);
    if (player.playing) this.stage?.keepPace(now - this.lastFrame);
    this.lastFrame = now;
    if (player.playing || gliding) this.schedule();
  }

  api(): Omit<PageApi, "ready"> {
    const { player } = this;
    return {
      poseAt: (time) => {
        player.seek(time);
        this.frame(performance.now());
        if (!this.stage) throw new Error("this page shows no avatar");
        return this.stage.rig.readBack();
      },
      seek: (time) => {
        player.seek(time);
        this.frame(performance.now());
      },
      play: () => {
        player.play();
      },
      pause: () => {
        player.pause();
      },
      setTake: (index) => {
        this.selectTake(index);
      },
      state: () => {
        player.tick(performance.now()); // frames may be far apart on a slow machine
        return {
          time: player.time,
          duration: player.duration,
          soundTime: player.hasSound ? player.audio?.currentTime : undefined,
          playing: player.playing,
          muted: player.muted,
          take: this.current,
          takes: this.takes.length,
        };
      },
    };
  }
}

function notify(text: string, duration_ms?: number): void {
  const notice = byId("notice");
  if (!notice.hidden) return;
  notice.textContent = text;
  notice.hidden = false;
  if (duration_ms !== undefined)
    setTimeout(() => {
      notice.hidden = true;
    }, duration_ms);
}

async function makeStage(rig: RigData, settings: Settings): Promise<Stage | undefined> {
  const avatar = await readPacked("te-avatar");
  const still = settings.bare || matchMedia("(prefers-reduced-motion: reduce)").matches;
  try {
    return await Stage.create(byId("view", HTMLCanvasElement), avatar.buffer, rig, { ...settings, still });
  } catch (error) {
    console.error(error);
    notify("This browser cannot draw the avatar (WebGL 2 is needed); sound and curves work.");
    return undefined;
  }
}

async function load(settings: Settings): Promise<Page> {
  document.body.classList.toggle("bare", settings.bare);
  const data = readPageData();
  byId("title").textContent = data.title || "TalkingEyes";
  const takes = await Promise.all(data.takes.map(async (take, index) => new Take(take, await readPacked(`te-take-${index}`))));
  const voice = data.speech && { ...data.speech, peaks: await readPacked("te-peak") };
  byId("loading").remove();
  byId("app").hidden = false;
  const film = data.film && (await Film.create(data.film));
  return new Page(data, takes, voice, { stage: await makeStage(data.rig, settings), film }, settings);
}

export function startPage(): void {
  const settings = readSettings(location.hash);
  startTheme(settings.theme);
  const ready = load(settings).then(async (page) => {
    Object.assign(window.talkingeyes, page.api());
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    document.documentElement.dataset.ready = "true";
  });
  window.talkingeyes = { ready } as PageApi;
  ready.catch((error: unknown) => {
    document.body.replaceChildren(make("p", "broken", "This page is damaged and cannot be shown. Please write it again."));
    console.error(error);
  });
}
