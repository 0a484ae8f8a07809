// Everything a person can do to the project. Each is one request, one step of the undo, and one line where it fails.
import { type Api, ApiError } from "./api";
import { tellLeftOut } from "./leftout";
import type { Loader } from "./loader";
import type { Store } from "./store";
import { tell, toast } from "./toasts";
import { Trials, type Wish } from "./trials";
import type { Avatar, Edit, Events, Job, Preset, Project, Stretch } from "./types";

interface Answer {
  project: Project;
  id?: string;
  /** Of the take that was changed, as this change left it. */
  revision?: number;
  ids?: string[];
  job?: string;
  changed_s?: Stretch[];
  events?: Events;
  what?: string | null;
  changed?: Record<string, Stretch[]>;
}

/** Changes of one take that follow each other. Each is of what the one before it left: what another window did in between is seen by the server. */
interface Chain {
  revision: number | undefined;
  edits: Edit[] | undefined;
  waiting: number;
  broken: boolean;
}

export class Actions {
  private readonly api: Api;
  private readonly store: Store;
  private readonly loader: Loader;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly trials: Trials;
  /** Changes on their way to the server, by take: the next gesture builds on them. */
  private readonly coming = new Map<string, Chain>();
  onAvatar: () => void = () => undefined;

  constructor(api: Api, store: Store, loader: Loader) {
    this.api = api;
    this.store = store;
    this.loader = loader;
    this.trials = new Trials(api, store, loader);
  }

  /** One after the other, so that each knows the revision that the last one left. */
  private act<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.queue.then(work).catch(async (error: unknown) => {
      tell(error);
      if (error instanceof ApiError && (error.status === 409 || error.status === 404)) await this.reload().catch(tell);
      return undefined;
    });
    this.queue = done;
    return done;
  }

  /** Of a project that has moved on, here or in another window. */
  adopt(project: Project): void {
    const { store } = this;
    if (project.revision < store.project.revision) return;
    this.retarget(project);
    store.project = project;
    if (store.sound === undefined || !(store.sound in project.sounds)) store.sound = Object.keys(project.sounds)[0];
    const takes = store.takes.map(([id]) => id);
    if (store.take === undefined || !takes.includes(store.take)) store.take = takes[0];
    if (store.other !== undefined && (!takes.includes(store.other) || store.other === store.take)) store.other = undefined;
    for (const id of [store.take, store.other]) if (id !== undefined) this.loader.want(id);
    store.changed("project", "take");
  }

  /** Where targets are others now, what looks at them looks elsewhere. */
  private retarget(project: Project): void {
    if (JSON.stringify(project.targets) === JSON.stringify(this.store.project.targets)) return;
    for (const loaded of this.store.loaded.values()) loaded.revision = -1;
  }

  async reload(): Promise<void> {
    this.adopt(await this.api.json<Project>("project"));
  }

  choose(sound: string | undefined, take?: string): void {
    const { store } = this;
    if (sound !== store.sound) {
      store.sound = sound;
      store.other = undefined;
      store.take = undefined;
      store.range = undefined;
    }
    const wanted = take ?? store.take ?? store.takes[0]?.[0];
    if (wanted !== store.take) store.selected = undefined;
    if (wanted === store.other) store.other = undefined;
    store.take = wanted;
    if (wanted !== undefined) this.loader.want(wanted);
    store.changed("project", "take", "selection");
  }

  compare(take: string | undefined): void {
    this.store.other = take === this.store.take ? undefined : take;
    if (this.store.other !== undefined) this.loader.want(this.store.other);
    this.store.changed("take");
  }

  addSound(file: Blob, name: string): Promise<string | undefined> {
    return this.act(async () => {
      const job: Job = { id: `upload ${name}`, state: "running", done: 0, of: 0, what: `Adding ${name}` };
      this.showJob(job);
      try {
        const answer = await this.api.json<Answer>(`sounds?name=${encodeURIComponent(name)}`, { body: file });
        this.adopt(answer.project);
        this.choose(answer.id);
        return answer.id;
      } finally {
        this.showJob({ ...job, state: "done" });
      }
    });
  }

  scan(): Promise<unknown> {
    return this.act(async () => {
      const before = Object.keys(this.store.project.sounds).length;
      this.adopt((await this.api.json<Answer>("sounds/scan", { method: "POST" })).project);
      const found = Object.keys(this.store.project.sounds).length - before;
      toast(found === 0 ? "The folder holds no new recordings." : `${found} new recording${found === 1 ? "" : "s"}.`);
    });
  }

  changeSound(id: string, fields: Record<string, unknown>): Promise<unknown> {
    return this.act(async () => {
      this.adopt((await this.api.json<Answer>(`sounds/${id}`, { method: "PATCH", json: fields })).project);
    });
  }

  removeSound(id: string): Promise<unknown> {
    return this.act(async () => {
      this.adopt((await this.api.json<Answer>(`sounds/${id}`, { method: "DELETE" })).project);
    });
  }

  /** New takes of one recording or of many. */
  makeTakes(sounds: readonly string[], count: number): Promise<unknown> {
    const [only] = sounds;
    const asked = sounds.length === 1 ? { sound: only, count } : { sounds, count };
    return this.act(async () => {
      const answer = await this.api.json<Answer>("takes", { json: asked });
      this.adopt(answer.project);
      if (answer.job !== undefined) this.watch(answer.job, `Making ${answer.ids?.length ?? count} takes`);
      const first = answer.ids?.find((id) => answer.project.takes[id]?.sound === this.store.sound);
      if (first !== undefined) this.choose(this.store.sound, first);
    });
  }

  /** Changes a take; `group` makes one step of what one movement of the hand did. */
  async change(id: string, what: string, fields: Record<string, unknown>, group?: string): Promise<boolean> {
    const chain = this.coming.get(id) ?? { revision: this.store.project.takes[id]?.revision, edits: undefined, waiting: 0, broken: false };
    if (fields.edits !== undefined) chain.edits = fields.edits as Edit[];
    chain.waiting += 1;
    this.coming.set(id, chain);
    const done = await this.act(() => this.send(id, chain, { what, ...(group ? { group } : {}), ...fields }));
    chain.waiting -= 1;
    if (chain.waiting === 0) this.leave(id, chain);
    return done === true;
  }

  private async send(id: string, chain: Chain, fields: Record<string, unknown>): Promise<boolean> {
    if (chain.broken) {
      toast("What came before it was refused, so this was not done either.", "error");
      return false;
    }
    const restore = this.trials.end();
    try {
      const answer = await this.api.json<Answer>(`takes/${id}`, { method: "PATCH", json: { revision: chain.revision, ...fields } });
      chain.revision = answer.revision;
      if (answer.job !== undefined) { // all of it is planned anew; what is here stays until then
        this.watch(answer.job, "Planning the take");
        this.adopt(answer.project);
        return true;
      }
      this.settle(id, answer);
      void this.loader.refresh(id, [...(answer.changed_s ?? []), ...restore]).catch(tell);
      return true;
    } catch (error) {
      chain.broken = true;
      this.leave(id, chain);
      await this.restore(id, restore);
      throw error;
    }
  }

  /** The next gesture builds on what the server has. */
  private leave(id: string, chain: Chain): void {
    if (this.coming.get(id) === chain) this.coming.delete(id);
  }

  /** Edits of the take as they will be once all that was asked is done. */
  get edits(): Edit[] {
    return this.coming.get(this.store.take ?? "")?.edits ?? this.store.entry?.edits ?? [];
  }

  async edit(what: string, edits: Edit[], group?: string): Promise<boolean> {
    const id = this.store.take;
    if (id === undefined) return false;
    if (this.store.current?.stale) {
      toast("The take is being planned with its new amounts; edit it in a moment.");
      return false;
    }
    return this.change(id, what, { edits }, group);
  }

  /** Takes in what the server made of a change, without asking for the whole take again. */
  private settle(id: string, answer: Answer): void {
    const loaded = this.store.loaded.get(id);
    const entry = answer.project.takes[id];
    if (loaded && entry && entry.revision === answer.revision) {
      loaded.revision = entry.revision;
      if (answer.events) {
        tellLeftOut(loaded.events, answer.events, entry.edits);
        loaded.events = answer.events;
      }
    }
    this.adopt(answer.project);
  }

  private async restore(id: string, stretches: Stretch[]): Promise<void> {
    if (stretches.length === 0) return;
    const loaded = this.store.loaded.get(id);
    if (!loaded) return;
    loaded.events = await this.api.json<Events>(`takes/${id}/events`);
    this.store.changed("take");
    await this.loader.refresh(id, stretches);
  }

  /** Shows a wish without saving it; the newest one wins. */
  preview(wish: Wish, view: Stretch): void {
    this.trials.show(wish, view);
  }

  /** The hand let go without a wish. */
  cancelPreview(): void {
    const id = this.store.take;
    const stretches = this.trials.end();
    if (id !== undefined) void this.restore(id, stretches).catch(tell);
  }

  removeTake(id: string): Promise<unknown> {
    return this.act(async () => {
      this.adopt((await this.api.json<Answer>(`takes/${id}`, { method: "DELETE" })).project);
    });
  }

  step(way: "undo" | "redo"): Promise<unknown> {
    return this.act(async () => {
      const answer = await this.api.json<Answer>(way, { method: "POST" });
      const changed = answer.changed ?? {};
      for (const [id, stretches] of Object.entries(changed)) await this.keepRest(id, answer.project, stretches);
      this.adopt(answer.project);
      if (answer.what) toast(`${way === "undo" ? "Undone" : "Done again"}: ${answer.what}`);
    });
  }

  /** A take of which only some seconds differ from what is here. */
  private async keepRest(id: string, project: Project, stretches: Stretch[]): Promise<void> {
    const loaded = this.store.loaded.get(id);
    const entry = project.takes[id];
    if (!loaded?.events || !entry || loaded.share < 1) return;
    const answer = await this.api.ask(`takes/${id}/events`);
    if (answer.status !== 200) return;
    loaded.events = (await answer.json()) as Events;
    loaded.revision = entry.revision;
    void this.loader.refresh(id, stretches).catch(tell);
  }

  setting(name: string, value: unknown): Promise<unknown> {
    return this.act(async () => {
      this.adopt((await this.api.json<Answer>(`settings/${name}`, { method: "PUT", json: { value } })).project);
    });
  }

  target(name: string, place: number[] | undefined): Promise<unknown> {
    const ask = place ? { method: "PUT", json: { place } } : { method: "DELETE" };
    return this.act(async () => {
      this.adopt((await this.api.json<Answer>(`targets/${encodeURIComponent(name)}`, ask)).project);
    });
  }

  setAvatar(file: Blob, name: string): Promise<unknown> {
    return this.act(async () => {
      const { avatar } = await this.api.json<{ avatar: Avatar }>(`avatar?name=${encodeURIComponent(name)}`, { body: file });
      this.store.avatar = avatar;
      for (const line of avatar.losses ?? []) toast(line);
      await this.reload();
      for (const loaded of this.store.loaded.values()) loaded.revision = -1; // its own morph targets have weights of their own
      this.onAvatar();
      this.choose(this.store.sound, this.store.take);
    });
  }

  async losses(preset: Preset): Promise<string[]> {
    return (await this.api.json<{ losses: string[] }>("exports/losses", { json: { preset: preset.name } })).losses;
  }

  exportTakes(takes: readonly string[], preset: string, range?: Stretch): Promise<string | undefined> {
    return this.act(async () => {
      const asked = { takes, preset, ...(range ? { range } : {}) };
      const { job } = await this.api.json<{ job: string }>("exports", { json: asked });
      this.watch(job, `Exporting ${takes.length === 1 ? "a take" : `${takes.length} takes`}`);
      return job;
    });
  }

  async download(job: string, name: string): Promise<void> {
    const answer = await this.api.ask(`exports/${job}/${encodeURIComponent(name)}`);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name;
    link.click();
    setTimeout(() => {
      URL.revokeObjectURL(link.href);
    }, 60_000);
  }

  // -- jobs --

  showJob(job: Job): void {
    const known = this.store.jobs.get(job.id);
    this.store.jobs.set(job.id, { ...known, ...job });
    this.store.changed("jobs");
  }

  /** Asks for a job until it has ended; the stream of events may tell of it earlier. */
  private watch(id: string, what: string): void {
    if (!this.store.jobs.has(id)) this.showJob({ id, state: "waiting", done: 0, of: 0, what });
    const look = async (): Promise<void> => {
      const job = await this.api.json<Job>(`jobs/${id}`);
      this.showJob({ ...job, id });
      if (job.state === "failed") toast(job.error ?? `${job.what} failed.`, "error");
      if (job.state === "running" || job.state === "waiting") setTimeout(() => void look().catch(tell), 300);
      else if (job.state === "done") await this.reload();
    };
    void look().catch(tell);
  }

  cancelJob(id: string): void {
    void this.api.ask(`jobs/${encodeURIComponent(id)}`, { method: "DELETE" }).catch(tell);
  }
}
