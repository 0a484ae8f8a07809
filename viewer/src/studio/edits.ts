// Gestures as changes of a take's list of edits; pure, so that they can be tried without a page.
import type { Item } from "./model";
import type { Edit } from "./types";

export type Place = { yaw_deg: number; pitch_deg: number } | { target: string };

const PLACE = ["yaw_deg", "pitch_deg", "target", "distance_m"];

export const ms = (value: number): number => Math.round(value * 1000) / 1000;
const tenth = (value: number): number => Math.round(value * 100) / 100;
const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** Within what marks accept (docs/directing.md): the ellipse of 60 degrees yaw and 35 degrees pitch. */
export function reachable(yaw_deg: number, pitch_deg: number): { yaw_deg: number; pitch_deg: number } {
  const out = Math.hypot(yaw_deg / 59.5, pitch_deg / 34.5);
  const share = out > 1 ? 1 / out : 1;
  return { yaw_deg: tenth(clamp(yaw_deg * share, 60)), pitch_deg: tenth(clamp(pitch_deg * share, 35)) };
}

/** The edit that made an event, if an edit did. */
function maker(edits: readonly Edit[], event: string): number {
  const [kind, at] = event.split("@");
  return edits.findIndex((edit) => edit.do === `${kind ?? ""}.add` && typeof edit.at_s === "number" && edit.at_s.toFixed(3) === at);
}

function replaced(edits: readonly Edit[], index: number, edit: Edit): Edit[] {
  return edits.map((old, i) => (i === index ? edit : old));
}

/** One edit of its kind for an event: a later wish takes the place of the earlier one. */
function upserted(edits: readonly Edit[], edit: Edit): Edit[] {
  const index = edits.findIndex((old) => old.do === edit.do && old.event === edit.event);
  return index < 0 ? [...edits, edit] : replaced(edits, index, edit);
}

function changed(edits: readonly Edit[], index: number, fields: Record<string, unknown>): Edit[] {
  const old = edits[index];
  return old ? replaced(edits, index, { ...old, ...fields }) : [...edits];
}

export function moved(edits: readonly Edit[], item: Item, from_s: number): Edit[] {
  const by = from_s - item.from_s;
  if (item.event !== undefined) return upserted(edits, { do: `${item.kind}.move`, event: item.event, to_s: ms(Math.max(0, from_s)) });
  const edit = edits[item.edit ?? -1];
  if (!edit) return [...edits];
  const shifted: Record<string, unknown> = {};
  for (const name of ["at_s", "from_s", "to_s"]) {
    const value = edit[name];
    if (typeof value === "number") shifted[name] = ms(Math.max(0, value + by));
  }
  return changed(edits, item.edit ?? -1, shifted);
}

/** Other ends; a look of the generator's lasts longer or shorter. */
export function stretched(edits: readonly Edit[], item: Item, from_s: number, to_s: number): Edit[] {
  if (item.kind === "shift" && item.event !== undefined)
    return upserted(edits, { do: "stay", event: item.event, lasts_s: ms(Math.max(0.05, to_s - (item.lands_s ?? item.from_s))) });
  return changed(edits, item.edit ?? -1, { from_s: ms(Math.max(0, from_s)), to_s: ms(to_s) });
}

export function retargeted(edits: readonly Edit[], item: Item, place: Place): Edit[] {
  const bare = (edit: Edit): Edit => Object.fromEntries(Object.entries(edit).filter(([name]) => !PLACE.includes(name))) as Edit;
  const own = item.event === undefined ? (item.edit ?? -1) : maker(edits, item.event);
  const old = edits[own];
  if (old) return replaced(edits, own, { ...bare(old), ...place });
  return upserted(edits, { do: "shift.retarget", event: item.event, ...place });
}

export function removed(edits: readonly Edit[], item: Item): Edit[] {
  if (item.event === undefined) return edits.filter((_, index) => index !== item.edit);
  const own = maker(edits, item.event);
  const rest = edits.filter((edit, index) => index !== own && edit.event !== item.event);
  return own >= 0 ? rest : [...rest, { do: `${item.kind}.delete`, event: item.event }];
}

/** A field of an item's: of its own edit, or a wish about its event. */
export function withField(edits: readonly Edit[], item: Item, name: string, value: unknown): Edit[] {
  if (item.event === undefined) return changed(edits, item.edit ?? -1, { [name]: value });
  const own = maker(edits, item.event);
  if (own >= 0) return changed(edits, own, { [name]: value });
  return edits.slice();
}

/** A blink as deep as asked for: its own edit says so, or one that scales it from what it was. */
export function deepened(edits: readonly Edit[], item: Item, was: number, closure: number): Edit[] {
  if (item.event === undefined) return [...edits];
  const own = maker(edits, item.event);
  if (own >= 0) return changed(edits, own, { closure });
  const before = edits.find((edit) => edit.do === "blink.scale" && edit.event === item.event)?.by;
  const by = (closure / Math.max(0.01, was)) * (typeof before === "number" ? before : 1);
  return upserted(edits, { do: "blink.scale", event: item.event, by: Math.min(10, Math.round(by * 1000) / 1000) });
}

export function added(edits: readonly Edit[], edit: Edit): Edit[] {
  return [...edits, edit];
}

/** New motion of channels for a range; what was rolled there before is rolled again, not piled up. */
export function rerolled(edits: readonly Edit[], channels: readonly string[], from_s: number, to_s: number, seed: number): Edit[] {
  const same = (edit: Edit): boolean =>
    edit.do === "reroll" && channels.includes(String(edit.channel)) && edit.from_s === ms(from_s) && edit.to_s === ms(to_s);
  const rest = edits.filter((edit) => !same(edit));
  return [...rest, ...channels.map((channel) => ({ do: "reroll", channel, from_s: ms(from_s), to_s: ms(to_s), seed }))];
}

const NAMES: Record<string, string> = { shift: "a glance", look: "a look", blink: "a blink", hold: "a held head", reroll: "a re-roll", brows: "brows", smile: "a smile", nod: "a nod", tilt: "a tilt", offset: "an offset" };
/** For the undo: "move a glance". */
export const called = (verb: string, item: Item): string => `${verb} ${NAMES[item.kind] ?? item.kind}`;
