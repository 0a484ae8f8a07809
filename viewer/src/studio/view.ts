// Which seconds the editor shows.
import type { Span } from "../lanes";

const SHORTEST_S = 0.5;
const FIRST_S = 20;

export class View {
  span: Span = { start: 0, end: 1 };
  private duration = 1;

  get length(): number {
    return this.span.end - this.span.start;
  }

  get zoomed(): boolean {
    return this.length < this.duration - 1e-6;
  }

  get whole(): number {
    return this.duration;
  }

  /** Another recording: its beginning, or all of a short one. */
  reset(duration: number): void {
    this.duration = Math.max(0.1, duration);
    this.span = { start: 0, end: Math.min(this.duration, FIRST_S) };
  }

  show(start: number, length: number): void {
    const span = Math.min(this.duration, Math.max(Math.min(SHORTEST_S, this.duration), length));
    const from = Math.max(0, Math.min(start, this.duration - span));
    this.span = { start: from, end: from + span };
  }

  zoom(factor: number, around: number): void {
    const length = Math.max(SHORTEST_S, this.length / factor);
    this.show(around - ((around - this.span.start) / this.length) * length, length);
  }

  fit(stretch?: [number, number]): void {
    if (stretch) this.show(stretch[0] - 0.1 * (stretch[1] - stretch[0]), 1.2 * (stretch[1] - stretch[0]));
    else this.show(0, this.duration);
  }

  /** Keeps a time in sight: turns the page where it plays, jumps where it was sent. */
  follow(time: number, playing: boolean): boolean {
    const { start, end } = this.span;
    const outside = time < start - 1e-6 || time > end + 1e-6;
    if (!outside && !(playing && end < this.duration - 1e-6 && time > start + 0.94 * (end - start))) return false;
    this.show(time - 0.06 * (end - start), end - start);
    return true;
  }
}
