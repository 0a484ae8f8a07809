// What a take would be, while a hand moves a block or a slider: shown without being saved, the newest wish first.
import type { Api } from "./api";
import { type Frames, readFrames } from "./frames";
import type { Loader } from "./loader";
import type { Loaded, Store } from "./store";
import { tell } from "./toasts";
import type { Edit, Events, FramesHeader, Stretch } from "./types";

export interface Wish {
  edits?: Edit[];
  settings?: Record<string, unknown>;
}

/** Events with those of a stretch in the place of its own. */
function withPart(whole: Events, part: Events, [from, to]: Stretch): Events {
  const put = <T extends { at_s: number }>(own: T[], fresh: T[]): T[] => [...own.filter(({ at_s }) => at_s < from), ...fresh, ...own.filter(({ at_s }) => at_s >= to)];
  return { ...whole, shifts: put(whole.shifts, part.shifts), blinks: put(whole.blinks, part.blinks) };
}

export class Trials {
  private readonly api: Api;
  private readonly store: Store;
  private readonly loader: Loader;
  private next: { wish: Wish; view: Stretch } | undefined;
  private busy = false;
  private shown: Stretch[] = [];

  constructor(api: Api, store: Store, loader: Loader) {
    this.api = api;
    this.store = store;
    this.loader = loader;
  }

  show(wish: Wish, view: Stretch): void {
    this.next = { wish, view };
    if (!this.busy) void this.work().catch(tell);
  }

  /** Nothing is tried any more: the stretches that show what was tried. */
  end(): Stretch[] {
    this.next = undefined;
    const shown = this.shown;
    this.shown = [];
    return shown;
  }

  private async work(): Promise<void> {
    this.busy = true;
    try {
      while (this.next) {
        const { wish, view } = this.next;
        this.next = undefined;
        await this.one(wish, view);
      }
    } finally {
      this.busy = false;
    }
  }

  private async one(wish: Wish, view: Stretch): Promise<void> {
    const id = this.store.take;
    const loaded = id === undefined ? undefined : this.store.loaded.get(id);
    if (id === undefined || !loaded || (loaded.stale && wish.edits)) return;
    const revision = this.store.project.takes[id]?.revision;
    const frames = await readFrames(await this.api.bytes(`takes/${id}/preview`, { json: { ...wish, view } }));
    if (revision === this.store.project.takes[id]?.revision) this.put(loaded, frames, wish, view);
  }

  private put(loaded: Loaded, frames: Frames, wish: Wish, view: Stretch): void {
    const { changed_s, more, part } = frames.header;
    this.shown.push(...(changed_s ?? []));
    this.loader.put(loaded, frames);
    if (wish.edits === undefined) this.events(loaded, frames.header);
    if (more && part) this.next ??= { wish, view: [part[1], view[1]] };
    this.store.changed("frames", "take");
  }

  private events(loaded: Loaded, { events, part }: FramesHeader): void {
    if (events) loaded.events = part && loaded.events ? withPart(loaded.events, events, part) : { ...loaded.events, ...events, left_out: loaded.events?.left_out ?? [] };
  }
}
