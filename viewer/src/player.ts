// The one clock of the page: the sound's own position while it plays, wall time where there is no sound.

const SNAP_S = 0.15;
const PULL = 0.08;
/** A difference nobody hears: not worth a seek when playing goes on. */
const HEARD_S = 0.02;

export class Player {
  readonly duration: number;
  readonly audio: HTMLAudioElement | undefined;
  loop = false;
  /** Where the loop is; the whole recording where nothing says otherwise. */
  loopOf: [from: number, to: number] | undefined;
  onChange: () => void = () => undefined;
  onSoundFailed: () => void = () => undefined;
  private position = 0;
  private stamp = 0;
  private running = false;
  private speed = 1;
  private soundFailed = false;

  constructor(duration: number, sound?: Blob) {
    this.duration = duration;
    if (!sound) return;
    this.audio = new Audio(URL.createObjectURL(sound));
    this.audio.preload = "auto";
    this.audio.addEventListener("error", () => {
      this.fail();
    });
  }

  get hasSound(): boolean {
    return this.audio !== undefined && !this.soundFailed;
  }

  private fail(): void {
    if (this.soundFailed) return;
    this.soundFailed = true;
    this.onSoundFailed();
    this.onChange();
  }

  get playing(): boolean {
    return this.running;
  }

  get time(): number {
    return this.position;
  }

  get rate(): number {
    return this.speed;
  }

  set rate(value: number) {
    this.speed = value;
    if (this.audio) this.audio.playbackRate = value;
    this.onChange();
  }

  get muted(): boolean {
    return this.audio?.muted ?? false;
  }

  set muted(value: boolean) {
    if (this.audio) this.audio.muted = value;
    this.onChange();
  }

  play(): void {
    if (this.running) return;
    if (this.position >= this.duration - 1e-3) this.seek(0);
    this.running = true;
    this.stamp = performance.now();
    this.startSound();
    this.onChange();
  }

  pause(): void {
    if (!this.running) return;
    this.running = false;
    this.audio?.pause();
    this.onChange();
  }

  toggle(): void {
    if (this.running) this.pause();
    else this.play();
  }

  /** Silent for good; another player takes over. */
  dispose(): void {
    this.pause();
    this.onChange = () => undefined;
    if (!this.audio) return;
    this.soundFailed = true;
    URL.revokeObjectURL(this.audio.src);
    this.audio.removeAttribute("src");
  }

  seek(time: number): void {
    this.position = Math.max(0, Math.min(time, this.duration));
    this.stamp = performance.now();
    if (this.hasSound && this.audio) this.audio.currentTime = this.position;
    if (this.running) this.startSound();
    this.onChange();
  }

  private startSound(): void {
    if (!this.audio || !this.hasSound) return;
    if (Math.abs(this.audio.currentTime - this.position) > HEARD_S) this.audio.currentTime = this.position;
    this.audio.playbackRate = this.speed;
    this.audio.play().catch((error: unknown) => {
      const name = error instanceof DOMException ? error.name : "";
      if (name === "NotAllowedError") this.pause();
      else if (name !== "AbortError") this.fail(); // a pause that follows at once aborts
    });
  }

  /** Moves the clock to now; call once per drawn frame while playing. */
  tick(now: number): void {
    if (!this.running) return;
    this.position += (Math.max(0, now - this.stamp) / 1000) * this.speed;
    this.stamp = now;
    this.followSound();
    const [from, to] = (this.loop ? this.loopOf : undefined) ?? [0, this.duration];
    if (this.position < Math.min(to, this.duration)) return;
    if (this.loop) {
      this.seek(from);
      return;
    }
    this.position = this.duration;
    this.pause();
  }

  /** The element's clock moves in small jumps: follow it softly, jump only when far off. */
  private followSound(): void {
    const audio = this.audio;
    if (!audio || !this.hasSound || audio.ended) return;
    if (audio.seeking || audio.paused || audio.readyState < 3) {
      this.position = Math.max(audio.currentTime, Math.min(this.position, audio.currentTime + SNAP_S));
      return;
    }
    const off = audio.currentTime - this.position;
    this.position += Math.abs(off) > SNAP_S ? off : off * PULL;
  }
}
