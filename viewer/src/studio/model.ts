// What stands on the editor's lanes: events of the take and the edits that stretch over a range, as items in order.
import type { Edit, Events } from "./types";

export const LANES = ["gaze", "blinks", "head", "face"] as const;
export type LaneId = (typeof LANES)[number];
export type Kind = "shift" | "look" | "blink" | "nod" | "tilt" | "hold" | "brows" | "smile" | "reroll" | "offset";

export interface Item {
  /** Stays while it is moved: the event's id, or the edit's number. */
  key: string;
  kind: Kind;
  lane: LaneId;
  from_s: number;
  to_s: number;
  /** On the block. */
  text: string;
  /** For people who do not see the block. */
  said: string;
  /** Somebody directed it; the rest was generated. */
  edited: boolean;
  /** Which ends can be drawn. */
  ends: "none" | "last" | "both";
  event?: string;
  edit?: number;
  yaw_deg?: number;
  pitch_deg?: number;
  lands_s?: number;
}

const NEAR_DEG = 4;
/** A shift so close to the start of a directed look is how the gaze gets there. */
const ARRIVES_S = 0.35;
const ARROWS = ["→", "↗", "↑", "↖", "←", "↙", "↓", "↘"];

const number = (edit: Edit, name: string, fallback: number): number => {
  const value = edit[name];
  return typeof value === "number" ? value : fallback;
};

export const seconds = (value: number): string => `${value.toFixed(2)} s`;

/** As one sees it on the screen: + yaw is right there. */
export function placeText(yaw: number, pitch: number): string {
  const away = Math.hypot(yaw, pitch);
  if (away < NEAR_DEG) return "viewer";
  const arrow = ARROWS[(Math.round(Math.atan2(pitch, yaw) / (Math.PI / 4)) + 8) % 8] ?? "";
  return `${arrow} ${Math.round(away)}°`;
}

export function placeSaid(yaw: number, pitch: number): string {
  if (Math.hypot(yaw, pitch) < NEAR_DEG) return "at the viewer";
  const across = Math.abs(yaw) < 1 ? "" : `${Math.round(Math.abs(yaw))} degrees to the character's ${yaw > 0 ? "left" : "right"}`;
  const up = Math.abs(pitch) < 1 ? "" : `${Math.round(Math.abs(pitch))} degrees ${pitch > 0 ? "up" : "down"}`;
  return [across, up].filter(Boolean).join(", ");
}

function placeOf(edit: Edit): string {
  if (typeof edit.target === "string") return `@${edit.target}`;
  return placeText(number(edit, "yaw_deg", 0), number(edit, "pitch_deg", 0));
}

interface RangeKind {
  kind: Kind;
  lane: LaneId;
  text: (edit: Edit) => string;
}

const CHANNEL_LANES: Record<string, LaneId> = { gaze: "gaze", head: "head", blinks: "blinks", lids: "blinks", mouth: "face" };
const laneOf = (edit: Edit): LaneId => CHANNEL_LANES[String(edit.channel)] ?? "gaze";
const percent = (edit: Edit, fallback: number): string => `${Math.round(100 * number(edit, "amount", fallback))} %`;

const RANGES: Record<string, RangeKind> = {
  look: { kind: "look", lane: "gaze", text: placeOf },
  tilt: { kind: "tilt", lane: "head", text: (edit) => `tilt ${number(edit, "roll_deg", 0)}°` },
  "head.hold": { kind: "hold", lane: "head", text: () => "hold" },
  brows: { kind: "brows", lane: "face", text: (edit) => `brows ${percent(edit, 0.5)}` },
  smile: { kind: "smile", lane: "face", text: (edit) => `smile ${percent(edit, 0)}` },
  reroll: { kind: "reroll", lane: "gaze", text: (edit) => `new ${String(edit.channel)}` },
  offset: { kind: "offset", lane: "gaze", text: (edit) => `offset ${String(edit.channel)}` },
};

function rangeItem(edit: Edit, index: number, duration_s: number): Item | undefined {
  const known = RANGES[edit.do];
  if (!known) return undefined;
  const from_s = number(edit, "from_s", 0);
  const to_s = number(edit, "to_s", duration_s);
  const text = known.text(edit);
  const lane = edit.channel === undefined ? known.lane : laneOf(edit);
  const look = known.kind === "look";
  const where = look && edit.target === undefined ? placeSaid(number(edit, "yaw_deg", 0), number(edit, "pitch_deg", 0)) : text;
  return {
    key: `edit:${index}`, kind: known.kind, lane, from_s, to_s, text, edited: true, ends: "both", edit: index,
    said: `${look ? "Look " : ""}${where}, ${seconds(from_s)} to ${seconds(to_s)}`,
    ...(look && edit.target === undefined ? { yaw_deg: number(edit, "yaw_deg", 0), pitch_deg: number(edit, "pitch_deg", 0) } : {}),
  };
}

function nodItem(edit: Edit, index: number): Item {
  const period = number(edit, "period_s", 0.45);
  const count = number(edit, "count", 1);
  const at = number(edit, "at_s", 0);
  const size = number(edit, "size_deg", 5);
  return {
    key: `edit:${index}`, kind: "nod", lane: "head", from_s: at - period / 2, to_s: at + period * (count - 0.5),
    text: count > 1 ? `nod ×${count}` : "nod", said: `Nod of ${size} degrees at ${seconds(at)}`, edited: true, ends: "none", edit: index,
  };
}

function shiftItems(events: Events, looks: Item[]): Item[] {
  const covered = (at: number): boolean => looks.some((look) => at > look.from_s - ARRIVES_S && at < look.to_s - 0.02);
  return events.shifts.flatMap((shift, index) => {
    if (shift.directed && covered(shift.at_s)) return [];
    const next = events.shifts[index + 1];
    const to_s = next ? next.at_s : events.duration_s;
    const item: Item = {
      key: shift.id, event: shift.id, kind: "shift", lane: "gaze", from_s: shift.at_s, to_s, lands_s: shift.lands_s,
      text: placeText(shift.yaw_deg, shift.pitch_deg), edited: shift.directed, ends: "last",
      said: `Look ${placeSaid(shift.yaw_deg, shift.pitch_deg)}, ${seconds(Math.max(0, shift.at_s))} to ${seconds(to_s)}`,
      yaw_deg: shift.yaw_deg, pitch_deg: shift.pitch_deg,
    };
    return [item];
  });
}

/** Everything on the lanes, each lane in the order of time. */
export function itemsOf(events: Events, edits: readonly Edit[]): Item[] {
  const touched = new Set(edits.map((edit) => edit.event));
  const added = new Set(edits.filter((e) => e.do === "blink.add").map((e) => `blink@${number(e, "at_s", 0).toFixed(3)}`));
  const idle = new Set((events.left_out ?? []).map(({ edit }) => edit));
  const ranges = edits.flatMap((edit, index) => (idle.has(index) ? [] : (rangeItem(edit, index, events.duration_s) ?? [])));
  const nods = edits.flatMap((edit, index) => (edit.do === "nod" ? [nodItem(edit, index)] : []));
  const blinks = events.blinks.map((blink): Item => ({
    key: blink.id, event: blink.id, kind: "blink", lane: "blinks", from_s: blink.at_s, to_s: blink.at_s + blink.lasts_s,
    text: `${Math.round(100 * blink.closure)} %`, said: `Blink of ${Math.round(100 * blink.closure)} percent at ${seconds(blink.at_s)}`,
    edited: touched.has(blink.id) || added.has(blink.id), ends: "none",
  }));
  const shifts = shiftItems(events, ranges.filter((item) => item.kind === "look"));
  return [...shifts, ...blinks, ...ranges, ...nods].sort((a, b) => a.from_s - b.from_s || (a.kind === "reroll" ? -1 : 1));
}

/** Items of a lane that a stretch of time shows, without those that end before it. */
export function between(items: readonly Item[], from_s: number, to_s: number): Item[] {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.from_s ?? 0) < to_s) low = middle + 1;
    else high = middle;
  }
  return items.slice(0, low).filter((item) => item.to_s > from_s);
}
