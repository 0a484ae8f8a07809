// What the server tells, as it tells it.
import type { RigData } from "../payload";

export type Edit = Record<string, unknown> & { do: string };
export type Stretch = [from_s: number, to_s: number];

export interface Sound {
  path: string;
  sha256: string;
  channel: string | null;
  name: string;
  revision: number;
  duration_s: number | null;
  status: "ok" | "missing" | "changed" | "unreadable";
  error?: string;
}

export interface TakeEntry {
  sound: string;
  seed: number;
  settings: Record<string, unknown>;
  edits: Edit[];
  name: string;
  starred: boolean;
  revision: number;
}

export interface Project {
  folder: string;
  name: string;
  revision: number;
  sounds: Record<string, Sound>;
  takes: Record<string, TakeEntry>;
  targets: Record<string, unknown>;
  settings: Record<string, unknown>;
  undo: string | null;
  redo: string | null;
}

export interface ShiftEvent {
  id: string;
  at_s: number;
  lands_s: number;
  lasts_s: number;
  from_deg: [number, number];
  yaw_deg: number;
  pitch_deg: number;
  size_deg: number;
  distance_m: number;
  moves: boolean;
  directed: boolean;
}

export interface BlinkEvent {
  id: string;
  at_s: number;
  lasts_s: number;
  closure: number;
}

export interface Events {
  duration_s: number;
  shifts: ShiftEvent[];
  blinks: BlinkEvent[];
  changed?: string[];
  /** Edits by their number that do not apply to the take as it is now. */
  left_out?: { edit: number; why: string }[];
}

export interface SettingInfo {
  name: string;
  label: string;
  kind: "amount" | "choice" | "text" | "shares";
  min?: number;
  max?: number;
  default?: unknown;
  step?: number;
  choices?: string[];
  help?: string;
  /** What one may type. */
  example?: string;
}

export interface Preset {
  name: string;
  label: string;
  files?: string;
  help?: string;
}

export interface FieldSchema {
  type?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  enum?: string[];
  const?: string;
}

export interface Schema {
  edits: { properties?: { edits?: { items?: { oneOf?: { properties: Record<string, FieldSchema> }[] } } } };
  settings: SettingInfo[];
  moods: Record<string, Record<string, number>>;
  exports: Preset[];
  limits?: Record<string, number>;
  looks?: string[];
}

export interface SpeechInfo {
  duration_s: number;
  peak_rate_hz: number;
  turns: Stretch[];
  pauses: Stretch[];
  words?: { from_s: number; to_s: number; text: string }[];
  /** Why the file beside the recording tells no words. */
  words_problem?: string;
  peaks: string;
}

export interface Job {
  id: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  done: number;
  of: number;
  what: string;
  error?: string;
  files?: { name: string; bytes: number }[];
  losses?: string[];
}

export interface Avatar {
  look?: string;
  name?: string;
  rig: RigData;
  losses?: string[];
}

export interface FramesHeader {
  fps: number;
  frames: number;
  revision?: number;
  provenance?: Record<string, string>;
  stretches: { first: number; count: number; channels: { name: string; step: number }[]; bytes: number }[];
  changed_s?: Stretch[];
  events?: Events;
  /** Of a preview of amounts: the stretch that its events are of, and whether there is more to ask for. */
  part?: Stretch;
  more?: boolean;
}
