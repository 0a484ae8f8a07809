// The studio: puts its parts together and keeps what is shown in step with what is known.
import { byId, dress, make } from "../dom";
import { setUpTheme } from "../theme";
import { Actions } from "./actions";
import { Amounts } from "./amounts";
import type { Api, ApiError } from "./api";
import { Bring } from "./bring";
import { Commands } from "./commands";
import { commandsOf } from "./shortcuts";
import { Direct } from "./direct";
import { Editor } from "./editor";
import { Exports } from "./exports";
import { Inspector } from "./inspector";
import { Lines } from "./lines";
import { Loader } from "./loader";
import { Stages } from "./stages";
import type { Store, Topic } from "./store";
import { Tabs } from "./tabs";
import { Takes } from "./takes";
import { showJobs, tell } from "./toasts";
import { Transport } from "./transport";
import type { Job, Stretch } from "./types";

/** Seconds that an amount shows while its slider moves. */
const NEAR_S = 20;

export class StudioPage {
  readonly store: Store;
  readonly api: Api;
  readonly actions: Actions;
  readonly loader: Loader;
  readonly direct: Direct;
  readonly editor: Editor;
  readonly stages: Stages;
  readonly transport: Transport;
  readonly takes: Takes;
  readonly lines: Lines;
  readonly exports: Exports;
  readonly inspector: Inspector;
  readonly amounts: Amounts;
  readonly tabs = new Tabs();
  readonly commands: Commands;
  readonly toggleTheme: () => void;
  private opened: string | undefined;
  private openedFor = 0;
  private scheduled = false;
  private resume = false;

  constructor(store: Store, api: Api) {
    this.store = store;
    this.api = api;
    this.loader = new Loader(api, store);
    this.actions = new Actions(api, store, this.loader);
    this.transport = new Transport(store);
    this.direct = new Direct(store, this.actions);
    this.editor = this.makeEditor();
    this.stages = new Stages(api, store);
    this.takes = new Takes(store, this.actions);
    this.lines = new Lines(store, this.actions);
    this.exports = new Exports(store, this.actions);
    this.inspector = new Inspector(store, this.actions, this.direct);
    this.amounts = new Amounts(store, this.actions, () => this.near);
    this.commands = new Commands(commandsOf(this));
    this.toggleTheme = setUpTheme(() => { this.editor.recolor(); });
    new Bring(this.actions);
    this.wire();
    store.listen((topics) => { this.render(topics); });
  }

  get sight(): Stretch {
    return [this.editor.view.span.start, this.editor.view.span.end];
  }

  /** What is in sight, or, where that is long, the seconds of it about the playhead. */
  get near(): Stretch {
    const [from, to] = this.sight;
    if (to - from <= NEAR_S) return [from, to];
    const begin = Math.max(from, Math.min(this.transport.player.time - 2, to - NEAR_S));
    return [begin, begin + NEAR_S];
  }

  private makeEditor(): Editor {
    return new Editor(this.store, {
      onScrubStart: () => {
        this.resume = this.transport.player.playing;
        this.transport.player.pause();
      },
      onScrub: (time) => { this.transport.player.seek(time); },
      onScrubEnd: () => { if (this.resume) this.transport.player.play(); },
      onMove: (item, from_s, to_s, part, done) => { this.direct.drag(item, from_s, to_s, part, done); },
      onCancel: () => { this.actions.cancelPreview(); },
      onAdd: (lane, time) => { this.direct.add(lane, time).catch(tell); },
      onView: () => { this.schedule(); },
    });
  }

  private wire(): void {
    const { transport, direct, loader, inspector } = this;
    transport.onChange = () => { this.schedule(); };
    loader.focus = () => transport.player.time;
    direct.time = () => transport.player.time;
    direct.view = () => this.sight;
    direct.onSettled = () => { this.editor.release(); };
    inspector.view = () => this.sight;
    inspector.onGo = (time) => { transport.player.seek(time); };
    this.stages.onDirty = () => { this.schedule(); };
    this.stages.onLook = (yaw_deg, pitch_deg) => { direct.lookAt({ yaw_deg, pitch_deg }).catch(tell); };
    this.actions.onAvatar = () => { this.stages.load().catch(tell); };
    this.lines.onExport = (takes) => {
      this.exports.offer(takes);
      this.tabs.show("export");
    };
    this.tabs.onShow = () => { this.renderPanes(); };
    addEventListener("resize", () => { this.editor.redraw(); });
    this.wireButtons();
  }

  private wireButtons(): void {
    const on = (id: string, run: () => void): void => {
      byId(id).addEventListener("click", run);
    };
    on("undo", () => { void this.actions.step("undo"); });
    on("redo", () => { void this.actions.step("redo"); });
    on("zoom-in", () => { this.editor.zoom(1.6); });
    on("zoom-out", () => { this.editor.zoom(1 / 1.6); });
    on("snap", () => { this.toggleSnap(); });
    on("help-open", () => { this.commands.showHelp(); });
    on("scan", () => { void this.actions.scan(); });
    dress(byId("zoom-in", HTMLButtonElement), "zoomIn", "Zoom in", "+");
    dress(byId("zoom-out", HTMLButtonElement), "zoomOut", "Zoom out", "−");
    dress(byId("help-open", HTMLButtonElement), "info", "Keys and gestures", "?");
    this.showSnap();
    // A click with the mouse must not leave the keyboard on the button: space plays.
    document.addEventListener("click", (event) => {
      if (event.detail > 0 && event.target instanceof Element) event.target.closest<HTMLElement>(".icon, .take, .event, .line-open, .add")?.blur();
    });
  }

  toggleSnap(): void {
    this.editor.snapping = !this.editor.snapping;
    this.showSnap();
  }

  private showSnap(): void {
    const button = byId("snap", HTMLButtonElement);
    dress(button, "magnet", "Snap to words, pauses and turns", "J");
    button.setAttribute("aria-pressed", String(this.editor.snapping));
  }

  // -- what is shown --

  render(topics: ReadonlySet<Topic>): void {
    const has = (...names: Topic[]): boolean => names.some((name) => topics.has(name));
    if (has("project", "sound")) this.openSound();
    if (has("project")) this.lines.render();
    if (has("project", "take")) this.takes.render();
    if (has("take", "avatar")) void this.stages.arrange().catch(tell);
    if (has("project", "take", "selection")) {
      this.editor.refresh();
      this.renderPanes();
    }
    if (has("selection")) this.transport.refresh();
    if (has("jobs")) this.renderJobs();
    if (has("frames", "sound")) this.editor.redraw();
    if (has("frames")) this.stages.touch();
    if (has("link")) this.renderLink();
    this.renderTop();
    this.schedule();
  }

  private renderJobs(): void {
    showJobs(this.store.jobs.values(), (id) => { this.actions.cancelJob(id); });
    if (this.tabs.current === "export") this.exports.render();
  }

  private renderPanes(): void {
    if (this.tabs.current === "direct") this.inspector.render();
    else if (this.tabs.current === "amounts") this.amounts.render();
    else this.exports.render();
  }

  private renderTop(): void {
    const { project, avatar } = this.store;
    byId("project").textContent = project.name || "Studio";
    const undo = byId("undo", HTMLButtonElement);
    const redo = byId("redo", HTMLButtonElement);
    dress(undo, "undo", project.undo ? `Undo: ${project.undo}` : "Undo", "Ctrl Z");
    dress(redo, "redo", project.redo ? `Redo: ${project.redo}` : "Redo", "Ctrl Shift Z");
    undo.disabled = !project.undo;
    redo.disabled = !project.redo;
    byId("avatar-name").textContent = avatar?.name ?? avatar?.look ?? "…";
    byId("app").classList.toggle("started", Object.keys(project.sounds).length > 0);
    this.welcome();
  }

  /** What a newcomer does next. */
  private welcome(): void {
    const { store } = this;
    const holder = byId("welcome");
    const [title, text] = this.nextStep();
    holder.hidden = title === "";
    if (holder.dataset.said === title + text) return;
    holder.dataset.said = title + text;
    holder.replaceChildren(make("p", "welcome-title", title), make("p", "", text));
    if (store.sound !== undefined && store.takes.length === 0 && title) {
      const go = make("button", "primary", "Make 3 takes");
      go.type = "button";
      go.addEventListener("click", () => { this.takes.more(); });
      holder.append(go);
    }
  }

  private nextStep(): [string, string] {
    const { store } = this;
    if (store.sound === undefined) return ["Drop a recording here", "Any speech will do: wav, mp3, m4a, ogg, flac, or a video. Or press Record and say something."];
    const sound = store.project.sounds[store.sound];
    if (sound && sound.status !== "ok") return ["This recording cannot be opened", sound.error ?? "Put its file back into the folder, or remove it from the list."];
    if (store.takes.length === 0) return ["Now make takes", "Each take is another performance of the same voice. Keep the one you like, then direct it."];
    if (store.current?.error) return ["This take cannot be made", store.current.error];
    if (!store.current?.take) return ["Making the take…", "The eyes are being planned for this recording."];
    return ["", ""];
  }

  private renderLink(): void {
    const line = byId("link");
    const { link } = this.store;
    line.hidden = link === "up";
    line.textContent = link === "denied" ? "Not allowed: open the address that the server printed." : "The server does not answer; trying again…";
    line.classList.toggle("bad", link !== "up");
  }

  private openSound(): void {
    const { sound, project } = this.store;
    const entry = sound === undefined ? undefined : project.sounds[sound];
    if (sound === this.opened) {
      if (this.store.duration_s > 0 && this.openedFor === 0) this.reopen(undefined);
      return;
    }
    this.opened = sound;
    this.openedFor = 0;
    this.store.setRange(undefined);
    this.reopen(undefined);
    if (sound === undefined || entry?.status !== "ok") return;
    this.loader.sound(sound).then((audio) => {
      if (this.opened === sound) this.reopen(audio);
    }, (error: unknown) => {
      this.opened = undefined;
      tell(error);
    });
  }

  private reopen(audio: Blob | undefined): void {
    this.openedFor = this.store.duration_s;
    this.transport.open(this.openedFor, audio);
    this.editor.reset();
  }

  // -- the clock --

  schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame((now) => {
      this.scheduled = false;
      this.frame(now);
    });
  }

  frame(now: number): void {
    const { player } = this.transport;
    const { store } = this;
    player.tick(now);
    this.editor.update(player.time, player.playing);
    this.transport.showTime();
    const takes = [store.current?.take, store.other === undefined ? undefined : store.loaded.get(store.other)?.take];
    const more = this.stages.draw(player.time, takes, player.playing, now);
    this.label();
    if (this.tabs.current === "direct") this.inspector.list();
    if (player.playing || more) this.schedule();
  }

  private label(): void {
    const { store } = this;
    const name = (id: string | undefined): string => {
      const index = store.takes.findIndex(([take]) => take === id);
      const entry = store.takes[index]?.[1];
      return entry ? Takes.nameOf(entry, index) : "";
    };
    this.stages.label(0, store.other === undefined ? "" : name(store.take));
    this.stages.label(1, name(store.other));
  }

  // -- news of the server --

  listen(): void {
    const since = (): number => this.store.project.revision;
    void this.api.listen(since, (event) => { this.news(event); }, (up, error) => { this.linked(up, error); });
  }

  private news(event: Record<string, unknown>): void {
    if (event.type === "project" && typeof event.revision === "number" && event.revision > this.store.project.revision) this.actions.reload().catch(tell);
    else if (event.type === "job" && typeof event.id === "string" && this.store.jobs.has(event.id)) this.actions.showJob(event as unknown as Job);
  }

  private linked(up: boolean, error?: ApiError): void {
    const before = this.store.link;
    this.store.link = up ? "up" : error?.status === 401 ? "denied" : "down";
    if (before === this.store.link) return;
    this.store.changed("link");
    if (up) this.actions.reload().catch(tell);
  }
}
