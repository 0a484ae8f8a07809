// Brings sounds and takes to the page: events first, then frames, the ones in sight before the others.
import { bytesOfBase64 } from "../payload";
import { Take } from "../take";
import { type Api, ApiError } from "./api";
import { type Frames, putFrames, readFrames } from "./frames";
import { tellLeftOut } from "./leftout";
import type { Loaded, Store } from "./store";
import { toast } from "./toasts";
import type { Events, SpeechInfo, Stretch } from "./types";

const CHUNK_S = 30;
const WAIT_MS = 250;
/** Takes whose frames stay here; the others are asked for again. */
const MOST_TAKES = 6;

const pause = (wait_ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, wait_ms));

export class Loader {
  private readonly api: Api;
  private readonly store: Store;
  /** Where the eye is: its frames come first. */
  focus: () => number = () => 0;
  private readonly running = new Map<string, AbortController>();

  constructor(api: Api, store: Store) {
    this.api = api;
    this.store = store;
  }

  /** Voice of a recording, and its sound for the player. */
  async sound(id: string): Promise<Blob> {
    const [speech, audio] = await Promise.all([
      this.api.json<SpeechInfo>(`sounds/${id}/speech`),
      this.api.ask(`sounds/${id}/audio`).then((answer) => answer.blob()),
    ]);
    if (speech.words_problem) toast(speech.words_problem, "error");
    this.store.hear(id, { ...speech, peaks: bytesOfBase64(speech.peaks) }, speech.words ?? []);
    return audio;
  }

  /** Asks again until the take is planned. */
  private async patient<T>(path: string, signal: AbortSignal, read: (answer: Response) => Promise<T>): Promise<T> {
    for (let wait = 60; ; wait = Math.min(WAIT_MS, wait * 2)) {
      const answer = await this.api.ask(path, { signal });
      if (answer.status !== 202) return read(answer);
      await pause(wait);
      signal.throwIfAborted();
    }
  }

  /** Begins to load a take, or does nothing where it is here as it is now. */
  want(id: string): void {
    const entry = this.store.project.takes[id];
    const known = this.store.loaded.get(id);
    if (!entry || (known?.revision === entry.revision && known.error === undefined)) return;
    this.running.get(id)?.abort();
    const control = new AbortController();
    this.running.set(id, control);
    const loaded: Loaded = { revision: entry.revision, take: known?.take, events: known?.events, share: 0, stale: true };
    this.store.loaded.delete(id);
    this.store.loaded.set(id, loaded);
    for (const old of [...this.store.loaded.keys()].slice(0, -MOST_TAKES))
      if (old !== this.store.take && old !== this.store.other) this.store.loaded.delete(old);
    this.load(id, loaded, control.signal).catch((error: unknown) => {
      if (control.signal.aborted) return;
      loaded.error = error instanceof Error ? error.message : String(error);
      if (error instanceof ApiError && error.gone) loaded.revision = -1;
      this.store.changed("take");
    });
  }

  private async load(id: string, loaded: Loaded, signal: AbortSignal): Promise<void> {
    const events = await this.patient(`takes/${id}/events`, signal, (answer) => answer.json() as Promise<Events>);
    if (id === this.store.take) tellLeftOut(loaded.events, events, this.store.entry?.edits ?? []);
    loaded.events = events;
    loaded.stale = false;
    this.store.changed("take");
    const duration = loaded.events.duration_s;
    const chunks = Array.from({ length: Math.max(1, Math.ceil(duration / CHUNK_S)) }, (_, i) => i * CHUNK_S);
    const total = chunks.length;
    while (chunks.length > 0) {
      const focus = Math.floor(this.focus() / CHUNK_S) * CHUNK_S;
      const next = chunks.find((from) => from >= focus) ?? chunks[0] ?? 0;
      chunks.splice(chunks.indexOf(next), 1);
      const frames = await this.frames(id, [next, Math.min(duration, next + CHUNK_S)], signal);
      this.put(loaded, frames);
      loaded.share = 1 - chunks.length / total;
      this.store.changed("frames");
    }
    this.running.delete(id);
  }

  private frames(id: string, [from, to]: Stretch, signal: AbortSignal): Promise<Frames> {
    const path = `takes/${id}/frames?from=${from.toFixed(3)}&to=${to.toFixed(3)}`;
    return this.patient(path, signal, async (answer) => readFrames(new Uint8Array(await answer.arrayBuffer())));
  }

  /** Frames into a take, which is made by the first ones. */
  put(loaded: Loaded, frames: Frames): void {
    const { fps, frames: count, provenance } = frames.header;
    if (loaded.take?.frames !== count || loaded.take.fps !== fps)
      loaded.take = new Take({ fps, frames: count, provenance: provenance ?? {}, channels: [] });
    putFrames(loaded.take, frames);
  }

  /** What an edit changed; the rest of the take is as it was. */
  async refresh(id: string, stretches: readonly Stretch[]): Promise<void> {
    const loaded = this.store.loaded.get(id);
    if (!loaded?.take) return;
    const signal = new AbortController().signal;
    const parts = [...stretches].sort(([a], [b]) => Math.abs(a - this.focus()) - Math.abs(b - this.focus()));
    for (const [from, to] of parts.flatMap(inChunks)) {
      this.put(loaded, await this.frames(id, [from, to], signal));
      this.store.changed("frames");
    }
  }
}

function inChunks([from, to]: Stretch): Stretch[] {
  const parts: Stretch[] = [];
  for (let at = from; at < to; at += CHUNK_S) parts.push([at, Math.min(to, at + CHUNK_S)]);
  return parts;
}
