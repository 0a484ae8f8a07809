// The connection to `talkingeyes serve`: sound out, frames in, and on again where it broke off.
import { pcm16 } from "./resample";
import { type Frame, FrameTrack } from "./track";
import { parseMessage, readFrame } from "./wire";

export type Voice = "own" | "other";
export type Status = "connecting" | "live" | "waiting" | "closed";

/** What a session is made of, as `talkingeyes.Session` takes it; all optional. */
export interface SessionOptions {
  fps?: number;
  seed?: number;
  role?: "auto" | "speaking" | "listening";
  latency?: "low" | "relaxed";
  voices?: Voice[];
  character?: string;
  [amount: string]: unknown;
}

export interface LiveOptions {
  /** ws://host:port/v1/sessions */
  url: string;
  token?: string;
  /** Of a session that was made by POST /v1/sessions: in place of a token. */
  ticket?: string;
  session?: SessionOptions;
  /** Samples per second of what `send` gets, per voice; 16000 where it is not named. */
  rates_hz?: Partial<Record<Voice, number>>;
  /** Voices that are sent as they are spoken, as from a microphone; ["other"]. The others may come in bursts. */
  live?: Voice[];
  format?: "json" | "msgpack";
  /** Connect anew, from the last state, where the connection breaks; default true. */
  resume?: boolean;
  /** How often the server sends its state, seconds: what a crash may cost in work, not in frames. */
  stateEvery_s?: number;
}

/** The server's word on a session that began. */
export interface Accepted {
  type: "accept";
  session: string;
  fps: number;
  /** What the weights of every frame are called. */
  names: string[];
  latency_s: Record<string, number>;
  taken: Record<Voice, number>;
  [more: string]: unknown;
}

export interface LiveEvents {
  onAccept?: (accepted: Accepted) => void;
  /** Frames that are new, in order. */
  onFrames?: (frames: Frame[], track: FrameTrack) => void;
  onStatus?: (status: Status, message: string) => void;
  onError?: (message: string) => void;
  onMessage?: (message: Record<string, unknown>) => void;
}

const VOICES: readonly Voice[] = ["own", "other"];
const HEADER_BYTES = 2;
const BACK_OFF_S = [0.2, 0.5, 1, 2, 4];
/** Sound kept for a server that must be told again, seconds per voice. */
const KEPT_S = 30;
const IDLE = 4408;
/** Close codes after which trying again is of no use. */
const FINAL = new Set([1000, 1008, 1009, 4400, 4401, 4403, 4404, IDLE, 4409, 4429]);

/** Sound that the last state does not hold yet. */
class Kept {
  private chunks: { from: number; samples: Float32Array }[] = [];
  sent = 0;

  push(samples: Float32Array, rate_hz: number): void {
    this.chunks.push({ from: this.sent, samples });
    this.sent += samples.length;
    this.forget(this.sent - KEPT_S * rate_hz);
  }

  forget(taken: number): void {
    this.chunks = this.chunks.filter(({ from, samples }) => from + samples.length > taken);
  }

  from(taken: number): Float32Array[] {
    return this.chunks
      .filter(({ from, samples }) => from + samples.length > taken)
      .map(({ from, samples }) => (from >= taken ? samples : samples.subarray(taken - from)));
  }
}

export class LiveClient {
  readonly events: LiveEvents;
  track: FrameTrack | undefined;
  accepted: Accepted | undefined;
  private readonly options: LiveOptions;
  private readonly kept: Record<Voice, Kept> = { own: new Kept(), other: new Kept() };
  private socket: WebSocket | undefined;
  private state: unknown;
  private tries = 0;
  private wanted = true;
  private live = false;
  private idled = false;

  constructor(options: LiveOptions, events: LiveEvents = {}) {
    this.options = options;
    this.events = events;
    this.connect();
  }

  private connect(): void {
    this.say("connecting", "");
    const socket = new WebSocket(this.options.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      socket.send(JSON.stringify(this.hello()));
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      if (socket === this.socket) this.receive(event.data);
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.closed(event.code, event.reason);
    };
  }

  private hello(): Record<string, unknown> {
    const { token, ticket, session, rates_hz, live, format, stateEvery_s } = this.options;
    const said = { token, ticket, rates_hz, live, format: format ?? "msgpack", state_every_s: stateEvery_s ?? 2 };
    const begin = this.state === undefined ? { options: session ?? {} } : { state: this.state };
    return { type: "hello", version: 1, ...said, ...begin };
  }

  private receive(data: string | ArrayBuffer): void {
    const message = parseMessage(data);
    switch (message.type) {
      case "accept":
        this.accept(message as Accepted);
        break;
      case "frame": {
        if (!this.track) return;
        const fresh = this.track.add([readFrame(message)]);
        if (fresh.length > 0) this.events.onFrames?.(fresh, this.track);
        break;
      }
      case "state":
        this.state = message.state;
        for (const voice of VOICES) this.kept[voice].forget((message.taken as Accepted["taken"])[voice]);
        break;
      case "error":
        this.events.onError?.(String(message.message));
        break;
      default:
        break;
    }
    this.events.onMessage?.(message);
  }

  private accept(accepted: Accepted): void {
    const first = this.accepted === undefined;
    this.accepted = accepted;
    if (first) this.track = new FrameTrack(accepted.fps, accepted.names);
    this.live = true;
    this.tries = 0;
    for (const voice of VOICES) for (const samples of this.kept[voice].from(accepted.taken[voice])) this.transmit(samples, voice);
    this.say("live", "");
    this.events.onAccept?.(accepted);
  }

  private closed(code: number, reason: string): void {
    this.live = false;
    const again = this.wanted && this.options.resume !== false && !FINAL.has(code) && this.tries < 12;
    if (!again) {
      this.wanted = false;
      this.idled = code === IDLE;
      this.say("closed", reason || (code === 1006 ? "the server does not answer" : ""));
      return;
    }
    const wait_s = BACK_OFF_S[Math.min(this.tries++, BACK_OFF_S.length - 1)] ?? 1;
    this.say("waiting", reason);
    setTimeout(() => {
      if (this.wanted) this.connect();
    }, wait_s * 1000);
  }

  /** Whether it neither is connected nor will try to be. */
  get closedForGood(): boolean {
    return !this.wanted;
  }

  /** Whether it was ended because nothing was sent for long; another one may begin. */
  get endedIdle(): boolean {
    return this.idled;
  }

  private say(status: Status, message: string): void {
    this.events.onStatus?.(status, message);
  }

  /** Sound of a voice, mono, full scale 1, at the rate of `rates_hz`; kept while there is no connection. */
  send(samples: Float32Array, voice: Voice = "own"): void {
    this.kept[voice].push(samples, this.options.rates_hz?.[voice] ?? 16000);
    if (this.live) this.transmit(samples, voice);
  }

  private transmit(samples: Float32Array, voice: Voice): void {
    const bytes = pcm16(samples, HEADER_BYTES);
    bytes[0] = VOICES.indexOf(voice);
    this.socket?.send(bytes);
  }

  private command(message: Record<string, unknown>): void {
    if (this.live) this.socket?.send(JSON.stringify(message));
  }

  /** The gaze goes there, degrees: + to the character's left, + up; until `release` without a time. */
  look(yaw_deg: number, pitch_deg: number, hold_s?: number): void {
    this.command({ type: "look", yaw_deg, pitch_deg, ...(hold_s === undefined ? {} : { hold_s }) });
  }

  /** "camera" or a place in metres from the middle of the eyes. */
  lookAt(target: "camera" | [x: number, y: number, z: number]): void {
    this.command({ type: "look_at", target });
  }

  release(): void {
    this.command({ type: "release" });
  }

  /** The own voice is cut off: what was sent and not shown yet is dropped. */
  interrupt(): void {
    this.command({ type: "interrupt" });
  }

  /** Amounts from now on: eye_contact, gaze_activity, head_amount, blink_rate, .. */
  set(amounts: Record<string, number>): void {
    this.command({ type: "set", amounts });
  }

  /** The rest up to the last sample comes, then the session ends. */
  finish(): void {
    this.command({ type: "finish" });
  }

  close(): void {
    this.wanted = false;
    this.socket?.close(1000);
  }
}
