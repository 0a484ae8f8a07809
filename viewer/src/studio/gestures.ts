// What lies under a pointer, and what a hand is doing.
import type { Span } from "../lanes";
import { type Row, ROWS } from "./draw";
import { between, type Item, type LaneId } from "./model";

export interface Hit {
  row: Row["id"] | undefined;
  lane: LaneId | undefined;
  item: Item | undefined;
  part: "all" | "first" | "last";
}

export type Gesture =
  | { kind: "scrub"; moved?: boolean; from_x?: number }
  | { kind: "move"; item: Item; part: Hit["part"]; from_x: number; at: number; moved: boolean }
  | { kind: "range"; from_x: number; at: number; moved: boolean };

const EDGE_PX = 6;
const REACH_PX = 6;

function rowAt(y: number): [Row | undefined, number] {
  let top = 0;
  for (const row of ROWS) {
    if (y >= top && y < top + row.height) return [row, y - top];
    top += row.height;
  }
  return [undefined, 0];
}

export function itemHit(lanes: Record<LaneId, readonly Item[]>, view: Span, width: number, x: number, y: number, selected?: string): Hit {
  const [row, inside] = rowAt(y);
  if (!row || row.id === "ruler" || row.id === "voice") return { row: row?.id, lane: undefined, item: undefined, part: "all" };
  const none: Hit = { row: row.id, lane: row.id, item: undefined, part: "all" };
  if (inside < row.height - row.strip) return none;
  const scale = (view.end - view.start) / Math.max(1, width);
  const at = view.start + x * scale;
  const near = between(lanes[row.id], at - REACH_PX * scale, at + REACH_PX * scale);
  const inLow = inside > row.height - 6;
  const apart = (item: Item): number => Math.max(item.from_s - at, at - item.to_s, 0) + (item.key === selected ? -0.001 * scale : 0);
  const candidates = near.filter((item) => item.kind !== "reroll" || inLow).sort((a, b) => apart(a) - apart(b) || a.to_s - a.from_s - (b.to_s - b.from_s));
  const item = candidates[0];
  return item ? { ...none, item, part: partOf(item, at, scale) } : none;
}

function partOf(item: Item, at: number, scale: number): Hit["part"] {
  const wide = (item.to_s - item.from_s) / scale > 3 * EDGE_PX;
  if (!wide || item.ends === "none") return "all";
  if (Math.abs(at - item.to_s) < EDGE_PX * scale) return "last";
  return item.ends === "both" && Math.abs(at - item.from_s) < EDGE_PX * scale ? "first" : "all";
}
