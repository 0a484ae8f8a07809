// What the timeline draws: voice, gaze, lids and head, each in its own lane.
import type { SpeechData } from "./payload";
import type { Take } from "./take";

export interface Span {
  start: number;
  end: number;
}

export interface Voice extends SpeechData {
  peaks: Uint8Array;
}

export interface Curve {
  channel: string;
  label: string;
  color: string;
}

export interface Lane {
  id: string;
  label: string;
  hint: string;
  curves: Curve[];
  unit: "deg" | "closure" | "none";
}

const YAW = "--yaw";
const PITCH = "--pitch";
const ROLL = "--roll";

const LANES: Lane[] = [
  { id: "voice", label: "Voice", hint: "Loudness; bars mark turns, shading marks pauses", curves: [], unit: "none" },
  {
    id: "gaze",
    label: "Gaze",
    hint: "Where the eyes look in space; + is the character's left, and up",
   
    curves: [
      { channel: "gazeYaw", label: "yaw", color: YAW },
      { channel: "gazePitch", label: "pitch", color: PITCH },
    ],
    unit: "deg",
  },
  {
    id: "head",
    label: "Head",
    hint: "Rotation of the head; + is the character's left, up, and the left side up",
   
    curves: [
      { channel: "headYaw", label: "yaw", color: YAW },
      { channel: "headPitch", label: "pitch", color: PITCH },
      { channel: "headRoll", label: "roll", color: ROLL },
    ],
    unit: "deg",
  },
  {
    id: "lids",
    label: "Lids",
    hint: "How far blinks close the eyes",
   
    curves: [{ channel: "lids", label: "closed", color: "--lids" }],
    unit: "closure",
  },
];

export function lanesFor(takes: Take[], voice: Voice | undefined): Lane[] {
  const any = (channel: string): boolean => takes.some((take) => take.has(channel));
  const shown: Record<string, boolean> = {
    voice: voice !== undefined,
    gaze: any("leftEyeYaw"),
    head: any("headYaw"),
    lids: any("leftLid"),
  };
  return LANES.filter((lane) => shown[lane.id]);
}

/** Half the height of a lane in degrees, the same for all takes, so that switching compares like with like. */
export function rangeOf(lane: Lane, takes: Take[]): number {
  let widest = 0;
  for (const take of takes)
    for (const { channel } of lane.curves) {
      const sorted = take.curve(channel).map(Math.abs).sort();
      widest = Math.max(widest, sorted[Math.floor((sorted.length - 1) * 0.998)] ?? 0);
    }
  return Math.max(10, Math.ceil((widest * 1.08) / 5) * 5);
}

export interface Plot {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  ratio: number;
  view: Span;
  color: (variable: string) => string;
}

export const xOf = (plot: Plot, time: number): number => ((time - plot.view.start) / (plot.view.end - plot.view.start)) * plot.width;

export function drawShading(plot: Plot, voice: Voice | undefined): void {
  if (!voice) return;
  plot.context.fillStyle = plot.color("--pause");
  for (const [start, end] of voice.pauses) {
    if (end < plot.view.start || start > plot.view.end) continue;
    const x = xOf(plot, start);
    plot.context.fillRect(x, 0, Math.max(0.5, xOf(plot, end) - x), plot.height);
  }
}

const BAR = 2;
const BAR_PITCH = 3;

/** The waveform as fine bars, each as tall as the loudest moment it covers. */
export function drawVoice(plot: Plot, voice: Voice): void {
  const { context, width, height, view } = plot;
  const middle = height / 2 + 2;
  const reach = (height - 10) / 2 / 255;
  const covered = ((view.end - view.start) / width) * BAR_PITCH * voice.peak_rate_hz;
  const first = Math.floor((view.start * voice.peak_rate_hz) / covered);
  const last = Math.min(view.end, voice.duration_s) * voice.peak_rate_hz;
  context.fillStyle = plot.color("--wave");
  context.beginPath();
  for (let bar = first; bar * covered < last; bar++) {
    const half = Math.max(0.75, loudest(voice.peaks, bar * covered, covered) * reach);
    context.rect(xOf(plot, (bar * covered) / voice.peak_rate_hz), middle - half, BAR, 2 * half);
  }
  context.fill();
  context.fillStyle = plot.color("--turn");
  for (const [start, end] of voice.turns) {
    const x = xOf(plot, start);
    context.fillRect(x, 0, Math.max(1, xOf(plot, end) - x), 2);
  }
}

/** Loudest of `count` values from a position; between two values where it covers less than one. */
function loudest(peaks: Uint8Array, from: number, count: number): number {
  const low = Math.floor(from);
  const here = peaks[low] ?? 0;
  if (count < 1) return here + (from - low) * ((peaks[low + 1] ?? 0) - here);
  let peak = here;
  for (let i = low + 1; i < from + count; i++) peak = Math.max(peak, peaks[i] ?? 0);
  return peak;
}

/** Calls `to(x, lowest, highest)` along a curve: frame by frame, or pixel by pixel where a pixel holds many frames. */
export function trace(plot: Plot, take: Take, channel: string, to: (x: number, low: number, high: number) => void): void {
  const values = take.curve(channel);
  const first = Math.max(0, Math.floor(plot.view.start * take.fps) - 1);
  const last = Math.min(values.length - 1, Math.ceil(plot.view.end * take.fps) + 1);
  const perPixel = ((plot.view.end - plot.view.start) * take.fps) / (plot.width * plot.ratio);
  if (perPixel <= 1.5) {
    for (let i = first; i <= last; i++) to(xOf(plot, i / take.fps), values[i] ?? 0, values[i] ?? 0);
    return;
  }
  const extremes = take.extremes(channel);
  for (let from = Math.floor(first / perPixel) * perPixel; from <= last; from += perPixel) {
    const [low, high] = extremes.between(Math.max(0, Math.floor(from)), Math.min(Math.ceil(from + perPixel), last + 1));
    if (high >= low) to(xOf(plot, from / take.fps), low, high);
  }
}

export function drawAngles(plot: Plot, lane: Lane, take: Take, range: number): void {
  const { context, width, height } = plot;
  const middle = height / 2;
  const scale = (middle - 4) / range;
  context.fillStyle = plot.color("--grid");
  for (const value of [-range, 0, range]) context.fillRect(0, Math.round(middle - value * scale) - 0.5, width, value === 0 ? 1 : 0.5);
  for (const { channel, color } of [...lane.curves].reverse()) {
    if (!take.has(channel) && !channel.startsWith("gaze")) continue;
    context.beginPath();
    trace(plot, take, channel, (x, low, high) => {
      context.lineTo(x, middle - low * scale);
      if (high > low) context.lineTo(x, middle - high * scale);
    });
    context.strokeStyle = plot.color(color);
    context.lineWidth = 1.4;
    context.lineJoin = "round";
    context.stroke();
  }
}

/** Closure falls from the top like a lid. */
export function drawLids(plot: Plot, take: Take): void {
  const { context, width, height } = plot;
  const reach = height - 8;
  context.fillStyle = plot.color("--grid");
  context.fillRect(0, 3.5, width, 0.5);
  context.fillRect(0, 4 + reach - 0.5, width, 0.5);
  context.beginPath();
  context.moveTo(0, 4);
  let end = 0;
  trace(plot, take, "lids", (x, _, closed) => {
    context.lineTo(x, 4 + closed * reach);
    end = x;
  });
  context.lineTo(end, 4);
  context.fillStyle = plot.color("--lids");
  context.fill();
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

export function drawRuler(plot: Plot): void {
  const { context, width, height, view } = plot;
  const span = view.end - view.start;
  const wanted = (span / width) * 84;
  const step = STEPS.find((s) => s >= wanted) ?? 7200;
  context.font = "500 10.5px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (let i = Math.ceil(view.start / step - 1e-9); i * step <= view.end + 1e-9; i++) {
    const x = xOf(plot, i * step);
    context.fillStyle = plot.color("--grid");
    context.fillRect(Math.round(x), height - 5, 1, 5);
    context.fillStyle = plot.color("--faint");
    const text = tickText(i * step, step);
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(width - 2 * half, Math.max(0, x - half)), height / 2 - 2);
  }
}

function tickText(time: number, step: number): string {
  const whole = Math.floor(time + 1e-6);
  const pad = (value: number): string => String(value).padStart(2, "0");
  const fraction = step < 1 ? `.${String(Math.round((time - whole) * 10))}` : "";
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(whole % 60)}${fraction}`;
}
