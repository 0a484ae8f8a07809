// The page's connection: sound in, the pose to show out, and what is said about both.
import { LiveClient, type LiveEvents, type Voice } from "../live/client";
import { Playhead } from "../live/playhead";
import { CAPTURE_HZ, Microphone, Spoken } from "../live/sound";
import type { Sample } from "../live/track";

export interface SessionView extends LiveEvents {
  onLevel: (level: number, voice: Voice) => void;
}

/** Heard so much after the face shows it, the picture's own delay taken in. */
const PICTURE_S = 0.03;

export class LiveSession {
  client: LiveClient;
  micVoice: Voice = "own";
  private readonly playhead = new Playhead();
  private readonly connect: () => LiveClient;
  private readonly view: SessionView;
  private context: Promise<AudioContext> | undefined;
  private mic: Microphone | undefined;
  private spoken: Spoken | undefined;

  constructor(url: string, token: string, options: Record<string, unknown>, view: SessionView) {
    this.view = view;
    this.connect = () =>
      new LiveClient(
        { url, token, session: options, format: "msgpack", live: ["own", "other"], rates_hz: { own: CAPTURE_HZ, other: CAPTURE_HZ } },
        {
          ...view,
          onAccept: (accepted) => {
            this.playhead.restart();
            view.onAccept?.(accepted);
          },
          onFrames: (frames, track) => {
            const last = frames[frames.length - 1];
            if (last) this.playhead.arrived(last.number / track.fps, performance.now() / 1000);
            view.onFrames?.(frames, track);
          },
        },
      );
    this.client = this.connect();
  }

  /** After the server ended a session that lay idle: another one. */
  wake(): void {
    if (this.client.closedForGood) this.client = this.connect();
  }

  sampleNow(): Sample | undefined {
    const time = this.playhead.timeAt(performance.now() / 1000);
    return time === undefined ? undefined : this.client.track?.sampleAt(time);
  }

  private audio(): Promise<AudioContext> {
    this.context ??= (async () => {
      const context = new AudioContext({ latencyHint: "interactive" });
      await context.audioWorklet.addModule("worklet.js");
      return context;
    })();
    return this.context;
  }

  private send(samples: Float32Array, voice: Voice): void {
    if (this.client.endedIdle) this.wake(); // while the browser asked for the microphone, say
    this.client.send(samples, voice);
    this.view.onLevel(Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length), voice);
  }

  get hearsMicrophone(): boolean {
    return this.mic !== undefined;
  }

  get speaks(): boolean {
    return this.spoken !== undefined;
  }

  async openMicrophone(): Promise<void> {
    this.wake();
    const context = await this.audio();
    await context.resume();
    this.mic = await Microphone.open(context, (samples) => {
      this.send(samples, this.spoken ? "other" : this.micVoice);
    });
  }

  closeMicrophone(): void {
    this.mic?.close();
    this.mic = undefined;
  }

  /** A file becomes the avatar's voice; resolves when it begins. */
  async speak(file: Blob, onEnd: () => void): Promise<void> {
    this.stopSpeaking();
    this.wake();
    const context = await this.audio();
    await context.resume();
    let buffer: AudioBuffer;
    try {
      buffer = await context.decodeAudioData(await file.arrayBuffer());
    } catch {
      throw new Error("This file holds no sound that the browser can play. Try a .wav, .mp3, .ogg or .m4a file.");
    }
    const mouth_s = this.client.accepted?.latency_s.mouth ?? 0.15;
    const spoken = new Spoken(context, buffer, mouth_s + PICTURE_S, (samples) => { this.send(samples, "own"); }, () => {
      if (this.spoken !== spoken) return; // another file, or an interruption, ended it before
      this.spoken = undefined;
      onEnd();
    });
    this.spoken = spoken;
  }

  stopSpeaking(): void {
    this.spoken?.stop();
    this.spoken = undefined;
  }

  interrupt(): void {
    this.stopSpeaking();
    this.client.interrupt();
  }
}
