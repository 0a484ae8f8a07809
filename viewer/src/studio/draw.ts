// Draws the editor: ruler, voice, and lanes of curves with the items that can be taken in hand.
import { drawAngles, drawLids, drawRuler, drawShading, drawVoice, type Lane, lanesFor, type Plot, type Span, xOf } from "../lanes";
import { between, type Item, type LaneId } from "./model";
import type { Heard } from "./store";
import type { Take } from "../take";
import type { Stretch } from "./types";

export interface Row {
  id: "ruler" | "voice" | LaneId;
  label: string;
  hint: string;
  /** All of it, and the strip at its bottom where items lie. */
  height: number;
  strip: number;
  color: string;
}

export const ROWS: readonly Row[] = [
  { id: "ruler", label: "", hint: "Drag to move through the recording", height: 24, strip: 0, color: "--ink" },
  { id: "voice", label: "Voice", hint: "Loudness; bars mark turns, shading marks pauses. Drag to paint a range", height: 42, strip: 0, color: "--wave" },
  { id: "gaze", label: "Gaze", hint: "Where the eyes look in space. Double-click adds a glance; drag moves one, its end says how long it lasts", height: 74, strip: 24, color: "--yaw" },
  { id: "blinks", label: "Blinks", hint: "How far the lids close. Double-click adds a blink", height: 42, strip: 42, color: "--lids" },
  { id: "head", label: "Head", hint: "Rotation of the head. Double-click adds a nod", height: 66, strip: 22, color: "--roll" },
  { id: "face", label: "Face", hint: "Brows and smiles over a range. Double-click adds a smile", height: 28, strip: 28, color: "--pitch" },
];
export const TOTAL_HEIGHT = ROWS.reduce((sum, row) => sum + row.height, 0);
export const rowTop = (id: Row["id"]): number => ROWS.slice(0, ROWS.findIndex((row) => row.id === id)).reduce((sum, row) => sum + row.height, 0);

/** How an item lies while a hand holds it. */
export interface Held {
  key: string;
  from_s: number;
  to_s: number;
  snap_s?: number | undefined;
}

export interface Scene {
  width: number;
  ratio: number;
  view: Span;
  heard: Heard | undefined;
  take: Take | undefined;
  lanes: Record<LaneId, readonly Item[]>;
  selected: string | undefined;
  hovered: string | undefined;
  range: Stretch | undefined;
  held: Held | undefined;
  color: (name: string) => string;
}

const GAZE_RANGE = 30;
const HEAD_RANGE = 20;
const FONT = "500 11px system-ui, sans-serif";
const LEAST_PX = 3;
const TEXT_PX = 34;
const ARROW_PX = 17;
const BLINK_PX = 4;

const curveLane = (id: string): Lane | undefined => lanesFor([{ has: () => true } as unknown as Take], undefined).find((lane) => lane.id === id);
const CURVES = { gaze: curveLane("gaze"), head: curveLane("head") };

export function drawScene(context: CanvasRenderingContext2D, scene: Scene): void {
  context.clearRect(0, 0, scene.width, TOTAL_HEIGHT);
  let top = 0;
  for (const row of ROWS) {
    context.save();
    context.translate(0, top);
    context.beginPath();
    context.rect(0, 0, scene.width, row.height);
    context.clip();
    drawRow(context, scene, row);
    context.restore();
    top += row.height;
    context.fillStyle = scene.color("--line");
    if (row.id !== "face") context.fillRect(0, top - 0.5, scene.width, 0.5);
  }
  drawRange(context, scene);
  drawSnap(context, scene);
}

function drawRow(context: CanvasRenderingContext2D, scene: Scene, row: Row): void {
  const plot: Plot = { context, width: scene.width, height: row.height, ratio: scene.ratio, view: scene.view, color: scene.color };
  if (row.id === "ruler") {
    drawRuler(plot);
    return;
  }
  drawShading(plot, scene.heard?.voice);
  if (row.id === "voice") {
    if (scene.heard) drawVoice(plot, scene.heard.voice);
    drawWords(plot, scene.heard);
    return;
  }
  if (row.id !== "blinks") drawCurves(plot, scene, row);
  drawItems(plot, scene, row, scene.lanes[row.id]);
  if (row.id === "blinks" && scene.take) drawLids({ ...plot, color: (name) => scene.color(name === "--lids" ? "--lids-over" : name) }, scene.take);
}

function drawCurves(plot: Plot, scene: Scene, row: Row): void {
  if (!scene.take) return;
  const over = { ...plot, height: row.height - row.strip };
  if (row.id === "gaze" && CURVES.gaze) drawAngles(over, CURVES.gaze, scene.take, GAZE_RANGE);
  else if (row.id === "head" && CURVES.head) drawAngles(over, CURVES.head, scene.take, HEAD_RANGE);
}

/** Height of a word below the voice. */
const WORD_PX = 13;

function drawWords(plot: Plot, heard: Heard | undefined): void {
  const { context, view } = plot;
  if (!heard || view.end - view.start > 12) return;
  context.font = FONT;
  context.textBaseline = "bottom";
  let free = -Infinity;
  for (const { from_s, to_s, text } of heard.words) {
    const x = xOf(plot, from_s);
    if (to_s <= view.start || from_s >= view.end || x < free) continue; // no word over another one
    const width = context.measureText(text).width;
    context.fillStyle = plot.color("--panel");
    context.fillRect(x, plot.height - WORD_PX, width + 4, WORD_PX);
    context.fillStyle = plot.color("--ink");
    context.fillRect(x, plot.height - WORD_PX, 1, WORD_PX);
    context.fillText(text, x + 3, plot.height - 1);
    free = x + width + 6;
  }
}

/** Blocks, the one in hand last; where many share a pixel only one is drawn. */
function drawItems(plot: Plot, scene: Scene, row: Row, items: readonly Item[]): void {
  const { held, selected } = scene;
  const top = (item: Item): boolean => item.key === selected || item.key === held?.key;
  let filled = -Infinity;
  for (const item of between(items, plot.view.start, plot.view.end)) {
    const end = xOf(plot, item.to_s);
    const plain = item.kind === "shift" && !item.edited;
    if (top(item) || (plain && end < filled + 1.5)) continue;
    drawItem(plot, scene, row, item, item.from_s, item.to_s);
    if (plain) filled = end;
  }
  for (const item of items.filter(top)) {
    const { from_s, to_s } = item.key === held?.key ? held : item;
    drawItem(plot, scene, row, item, from_s, to_s);
  }
}

function drawItem(plot: Plot, scene: Scene, row: Row, item: Item, from_s: number, to_s: number): void {
  const x = xOf(plot, from_s);
  const width = Math.max(LEAST_PX, xOf(plot, to_s) - x - 1);
  if (item.kind === "reroll") drawReroll(plot, row, item, x, width, scene);
  else if (item.kind === "blink") drawBlink(plot, scene, row, item, x, width);
  else drawBlock(plot, scene, row, item, x, width);
}

function paint(plot: Plot, scene: Scene, row: Row, item: Item, path: () => void): void {
  const { context } = plot;
  const quiet = item.text === "viewer" && !item.edited;
  context.beginPath();
  path();
  context.fillStyle = plot.color("--panel");
  context.fill();
  context.fillStyle = plot.color(quiet ? "--ink" : row.color);
  context.globalAlpha = item.edited ? (item.kind === "blink" ? 0.6 : 0.92) : (quiet ? 0.07 : 0.2) + (item.key === scene.hovered ? 0.1 : 0);
  context.fill();
  context.globalAlpha = 1;
  if (item.key !== scene.selected) return;
  context.strokeStyle = plot.color("--ink");
  context.lineWidth = 2;
  context.stroke();
}

function drawBlock(plot: Plot, scene: Scene, row: Row, item: Item, x: number, width: number): void {
  const { context } = plot;
  const top = row.height - row.strip + 3;
  const height = row.strip - 6;
  paint(plot, scene, row, item, () => {
    context.roundRect(x + 0.5, top, width, height, Math.min(5, width / 2));
  });
  const text = width < TEXT_PX ? (/^[→↗↑↖←↙↓↘]/.exec(item.text)?.[0] ?? "") : item.text;
  if (text === "" || width < ARROW_PX) return;
  context.save();
  context.beginPath();
  context.rect(x, top, width - 2, height);
  context.clip();
  context.font = FONT;
  context.textBaseline = "middle";
  context.fillStyle = plot.color(item.edited ? "--panel" : "--ink");
  context.fillText(text, width < TEXT_PX ? x + width / 2 - 5 : Math.max(x, 0) + 7, top + height / 2 + 0.5);
  context.restore();
}

function drawBlink(plot: Plot, scene: Scene, row: Row, item: Item, x: number, width: number): void {
  const wide = Math.max(width, 2 * BLINK_PX);
  paint(plot, scene, row, { ...item, text: "" }, () => {
    plot.context.roundRect(x + (width - wide) / 2, 4, wide, row.height - 8, BLINK_PX);
  });
}

/** A bar under the lane that says: these seconds were rolled again. */
function drawReroll(plot: Plot, row: Row, item: Item, x: number, width: number, scene: Scene): void {
  const { context } = plot;
  context.fillStyle = plot.color(row.color);
  context.fillRect(x, row.height - (item.key === scene.selected ? 5 : 3), width, 5);
  context.globalAlpha = 0.06;
  context.fillRect(x, 0, width, row.height);
  context.globalAlpha = 1;
}

function drawRange(context: CanvasRenderingContext2D, scene: Scene): void {
  if (!scene.range) return;
  const x = (time: number): number => ((time - scene.view.start) / (scene.view.end - scene.view.start)) * scene.width;
  const [from, to] = scene.range.map(x) as [number, number];
  context.fillStyle = scene.color("--accent");
  context.globalAlpha = 0.12;
  context.fillRect(from, 0, to - from, TOTAL_HEIGHT);
  context.globalAlpha = 1;
  for (const edge of [from, to]) context.fillRect(edge - 0.5, 0, 1, TOTAL_HEIGHT);
  context.fillRect(from, 0, to - from, 3);
}

function drawSnap(context: CanvasRenderingContext2D, scene: Scene): void {
  if (scene.held?.snap_s === undefined) return;
  const x = ((scene.held.snap_s - scene.view.start) / (scene.view.end - scene.view.start)) * scene.width;
  context.strokeStyle = scene.color("--pitch");
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, TOTAL_HEIGHT);
  context.stroke();
  context.setLineDash([]);
}
