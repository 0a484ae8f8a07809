// Snapping: the times of a recording that a hand means when it lets go near them.
import type { SpeechInfo } from "./types";

export interface SnapPoint {
  time_s: number;
  what: string;
}

/** Begins and ends of words, pauses and turns, in order. */
export function pointsOf(speech: Pick<SpeechInfo, "turns" | "pauses" | "words">): SnapPoint[] {
  const points: SnapPoint[] = [];
  for (const [from, to] of speech.turns) points.push({ time_s: from, what: "turn" }, { time_s: to, what: "end of turn" });
  for (const [from, to] of speech.pauses) points.push({ time_s: from, what: "pause" }, { time_s: to, what: "end of pause" });
  for (const { from_s, to_s, text } of speech.words ?? []) points.push({ time_s: from_s, what: text }, { time_s: to_s, what: `end of ${text}` });
  return points.sort((a, b) => a.time_s - b.time_s);
}

/** The point nearest to a time within a tolerance, by bisection. */
export function snapped(points: readonly SnapPoint[], time_s: number, within_s: number): SnapPoint | undefined {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.time_s ?? 0) < time_s) low = middle + 1;
    else high = middle;
  }
  const near = [points[low - 1], points[low]].filter((point) => point !== undefined);
  const best = near.sort((a, b) => Math.abs(a.time_s - time_s) - Math.abs(b.time_s - time_s))[0];
  return best && Math.abs(best.time_s - time_s) <= within_s ? best : undefined;
}
