// What the page knows, and who wants to hear of changes.
import type { Voice } from "../lanes";
import type { Take } from "../take";
import { type Item, itemsOf } from "./model";
import { pointsOf, type SnapPoint } from "./snap";
import type { Avatar, Edit, Events, Job, Project, Schema, Stretch, TakeEntry } from "./types";

/** A take as far as it is here. */
export interface Loaded {
  revision: number;
  take: Take | undefined;
  events: Events | undefined;
  /** Share of its frames that are here, 0 to 1. */
  share: number;
  error?: string;
  /** What is here is of the take before a change; what it is now is on its way. */
  stale: boolean;
}

export interface Heard {
  voice: Voice;
  points: SnapPoint[];
  words: { from_s: number; to_s: number; text: string }[];
}

export type Link = "up" | "down" | "denied";
export type Topic = "project" | "take" | "frames" | "selection" | "jobs" | "link" | "avatar" | "sound";

export class Store {
  project: Project;
  readonly schema: Schema;
  avatar: Avatar | undefined;
  link: Link = "up";
  sound: string | undefined;
  take: string | undefined;
  /** The take beside it, for comparison. */
  other: string | undefined;
  selected: string | undefined;
  range: Stretch | undefined;
  readonly jobs = new Map<string, Job>();
  readonly loaded = new Map<string, Loaded>();
  readonly heard = new Map<string, Heard>();
  private readonly listeners: ((topics: ReadonlySet<Topic>) => void)[] = [];
  private readonly pending = new Set<Topic>();
  private known: { events: Events; edits: readonly Edit[]; items: Item[] } | undefined;

  constructor(project: Project, schema: Schema) {
    this.project = project;
    this.schema = schema;
  }

  /** Calls back once for all changes of one moment. */
  listen(listener: (topics: ReadonlySet<Topic>) => void): void {
    this.listeners.push(listener);
  }

  changed(...topics: Topic[]): void {
    if (this.pending.size === 0)
      queueMicrotask(() => {
        const all = new Set(this.pending);
        this.pending.clear();
        for (const listener of this.listeners) listener(all);
      });
    for (const topic of topics) this.pending.add(topic);
  }

  get entry(): TakeEntry | undefined {
    return this.take === undefined ? undefined : this.project.takes[this.take];
  }

  get current(): Loaded | undefined {
    return this.take === undefined ? undefined : this.loaded.get(this.take);
  }

  /** Takes of the chosen recording, oldest first. */
  get takes(): [string, TakeEntry][] {
    return Object.entries(this.project.takes).filter(([, entry]) => entry.sound === this.sound);
  }

  get items(): Item[] {
    const events = this.current?.events;
    const edits = this.entry?.edits;
    if (!events || !edits) return [];
    if (this.known?.events !== events || this.known.edits !== edits) this.known = { events, edits, items: itemsOf(events, edits) };
    return this.known.items;
  }

  get item(): Item | undefined {
    return this.selected === undefined ? undefined : this.items.find((item) => item.key === this.selected);
  }

  get duration_s(): number {
    const sound = this.sound === undefined ? undefined : this.heard.get(this.sound)?.voice.duration_s;
    return this.current?.events?.duration_s ?? sound ?? this.project.sounds[this.sound ?? ""]?.duration_s ?? 0;
  }

  select(key: string | undefined): void {
    if (this.selected === key) return;
    this.selected = key;
    this.changed("selection");
  }

  setRange(range: Stretch | undefined): void {
    this.range = range;
    this.changed("selection");
  }

  hear(sound: string, voice: Voice, words: Heard["words"]): void {
    this.heard.set(sound, { voice, words, points: pointsOf({ ...voice, words }) });
    this.changed("sound");
  }
}
