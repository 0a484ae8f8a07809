// Which audio time is shown now: as soon after the newest frame as their arrival allows without running dry.

const WINDOW = 60;
/** Frames that come at even times still wobble by so much. */
const SLACK_S = 0.012;
/** A delay that shrinks does so unseen: so many seconds in a second. */
const CATCH_UP = 0.04;
/** After a break, frames arrive for another time altogether: the clock jumps. */
const JUMP_S = 0.6;

export class Playhead {
  private readonly late: number[] = [];
  private delay: number | undefined;
  private newest: number | undefined;
  private lastNow = 0;
  private own: (() => number) | undefined;

  /** A clock of the caller's instead: seconds of audio time, as of the agent's voice that is being played. */
  follow(clock: (() => number) | undefined): void {
    this.own = clock;
    if (!clock) this.restart();
  }

  /** Frames came whose last shows `time_s`, at `now_s` of any steady clock. */
  arrived(time_s: number, now_s: number): void {
    const lateness = now_s - (this.newest ?? time_s); // until now, the frame before was the newest there is to show
    this.newest = time_s;
    if (this.delay !== undefined && Math.abs(lateness - this.delay) > JUMP_S) {
      this.restart();
      this.arrived(time_s, now_s);
      return;
    }
    this.late.push(lateness);
    if (this.late.length > WINDOW) this.late.shift();
    const wanted = Math.max(...this.late) + SLACK_S;
    if (this.delay === undefined) this.lastNow = now_s;
    this.delay = Math.max(this.delay ?? wanted, wanted);
  }

  /** The audio time to show; undefined before anything came. */
  timeAt(now_s: number): number | undefined {
    if (this.own) return this.own();
    if (this.delay === undefined) return undefined;
    const wanted = Math.max(...this.late) + SLACK_S;
    const passed = Math.max(0, now_s - this.lastNow);
    this.lastNow = now_s;
    this.delay = Math.max(wanted, this.delay - CATCH_UP * passed);
    return now_s - this.delay;
  }

  restart(): void {
    this.newest = undefined;
    this.late.length = 0;
    this.delay = undefined;
  }
}
