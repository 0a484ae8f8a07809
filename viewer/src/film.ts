// The film that a motion was fitted to, beside the avatar: it follows the page's clock, and the fit is drawn over it.
import { byId, make } from "./dom";
import { type FilmData, readBlob, readPacked, unpackChannels } from "./payload";

const FAR_OFF_S = 0.12;
const NEAR_S = 0.015;
const CATCH_UP = 0.08;
const RIM_POINTS = 16;
const SIDES = ["left", "right"] as const;
const AXES = [["X", "#ff4646"], ["Y", "#46e646"], ["Z", "#5082ff"]] as const;

export class Film {
  private readonly video = make("video");
  private readonly canvas = make("canvas");
  private readonly data: FilmData;
  private readonly marks: Map<string, Float32Array>;
  private shown: number | undefined;
  private drawn = true;
  onDirty: () => void = () => undefined;

  static async create(data: FilmData): Promise<Film> {
    return new Film(data, await readPacked("te-marks"));
  }

  private constructor(data: FilmData, planes: Uint8Array) {
    this.data = data;
    this.marks = unpackChannels(data.marks, planes);
    this.video.src = URL.createObjectURL(readBlob("te-film", data.mime));
    this.video.muted = true; // the sound is the page's own
    this.video.playsInline = true;
    this.video.preload = "auto";
    const holder = byId("film");
    holder.append(this.video, this.canvas, this.findings());
    holder.hidden = false;
    document.body.classList.add("with-film");
    this.followFrames();
    new ResizeObserver(() => { this.onDirty(); }).observe(holder);
    this.video.addEventListener("seeked", () => { this.onDirty(); });
    this.video.addEventListener("loadeddata", () => { this.onDirty(); });
  }

  /** The browser says which picture is on the screen: avatar and marks are then exactly of that picture. */
  private followFrames(): void {
    if (!("requestVideoFrameCallback" in this.video)) return;
    const note = (_: number, picture: { mediaTime: number }): void => {
      this.shown = picture.mediaTime;
      this.onDirty();
      this.video.requestVideoFrameCallback(note);
    };
    this.video.requestVideoFrameCallback(note);
  }

  private findings(): HTMLElement {
    const list = make("ul", "findings");
    for (const text of this.data.findings) list.append(make("li", "", text));
    return list;
  }

  toggleMarks(): void {
    this.drawn = !this.drawn;
    this.onDirty();
  }

  /** Brings the film to a time of the page's clock. */
  follow(time: number, playing: boolean, rate: number): void {
    const { video } = this;
    const wanted = Math.min(time, (this.data.marks.frames - 0.5) / this.data.marks.fps);
    const off = wanted - video.currentTime;
    if (!playing) {
      if (!video.paused) video.pause();
      const middle = (Math.floor(wanted * this.data.marks.fps + 1e-6) + 0.5) / this.data.marks.fps;
      if (Math.abs(middle - video.currentTime) > 1e-3 && !video.seeking) video.currentTime = middle;
      return;
    }
    if (video.paused && !video.ended) void video.play().catch(() => undefined);
    if (Math.abs(off) > FAR_OFF_S && !video.seeking) video.currentTime = wanted;
    const pull = Math.abs(off) < NEAR_S ? 0 : Math.sign(off) * CATCH_UP;
    video.playbackRate = rate * (1 + pull);
  }

  /** The time of the picture that is on the screen while the film runs; the page's own otherwise. */
  timeOf(time: number, playing: boolean): number {
    return playing && this.shown !== undefined && Math.abs(this.shown - time) < FAR_OFF_S ? this.shown : time;
  }

  draw(time: number): void {
    const { canvas, video } = this;
    const scale = Math.min(devicePixelRatio, 2);
    canvas.width = Math.round(video.clientWidth * scale);
    canvas.height = Math.round(video.clientHeight * scale);
    const pen = canvas.getContext("2d");
    if (!pen || !this.drawn) return;
    const { fps, frames } = this.data.marks;
    const frame = Math.max(0, Math.min(frames - 1, Math.floor(time * fps + 1e-3)));
    const fit = Math.min(canvas.width / this.data.width, canvas.height / this.data.height);
    pen.translate((canvas.width - fit * this.data.width) / 2, (canvas.height - fit * this.data.height) / 2);
    pen.scale(fit * this.data.width, fit * this.data.width);
    pen.lineWidth = (2 * scale) / (fit * this.data.width);
    pen.lineCap = "round";
    this.drawHead(pen, frame);
    for (const side of SIDES) this.drawEye(pen, side, frame);
  }

  private at(name: string, frame: number): number {
    return this.marks.get(name)?.[frame] ?? 0;
  }

  private drawHead(pen: CanvasRenderingContext2D, frame: number): void {
    if (this.at("seen", frame) < 0.5) return;
    for (const [axis, colour] of AXES) {
      pen.strokeStyle = colour;
      pen.beginPath();
      pen.moveTo(this.at("noseX", frame), this.at("noseY", frame));
      pen.lineTo(this.at(`axis${axis}X`, frame), this.at(`axis${axis}Y`, frame));
      pen.stroke();
    }
  }

  private drawEye(pen: CanvasRenderingContext2D, side: "left" | "right", frame: number): void {
    const sure = this.at(`${side}Sure`, frame);
    const filled = this.at("filled", frame) > 0.5;
    pen.strokeStyle = filled ? "#969696" : `rgb(${250 - 190 * sure} ${70 + 160 * sure} ${40 + 50 * sure})`;
    pen.beginPath();
    for (let i = 0; i < RIM_POINTS; i++) pen.lineTo(this.at(`${side}Rim${i}X`, frame), this.at(`${side}Rim${i}Y`, frame));
    pen.closePath();
    pen.save();
    pen.globalAlpha = 0.7;
    pen.lineWidth /= 2;
    pen.stroke();
    pen.restore();
    const [x, y] = [this.at(`${side}IrisX`, frame), this.at(`${side}IrisY`, frame)];
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(this.at(`${side}RayX`, frame), this.at(`${side}RayY`, frame));
    pen.stroke();
    pen.beginPath();
    pen.arc(x, y, 1.5 * pen.lineWidth, 0, 2 * Math.PI);
    pen.fillStyle = pen.strokeStyle;
    pen.fill();
  }
}
