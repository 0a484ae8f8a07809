// The microphone as a recording: what was said becomes a WAV, which every program reads.

const REFUSALS: Record<string, string> = {
  NotAllowedError: "The microphone is not allowed for this page. Allow it in the browser's address bar, then try again.",
  NotFoundError: "No microphone was found. Plug one in, or drop a recording.",
  NotReadableError: "The microphone is in use by another program, or switched off.",
};

export class Recorder {
  private readonly stream: MediaStream;
  private readonly recorder: MediaRecorder;
  private readonly parts: Blob[] = [];
  readonly began_ms = performance.now();

  private constructor(stream: MediaStream) {
    this.stream = stream;
    this.recorder = new MediaRecorder(stream);
    this.recorder.addEventListener("dataavailable", (event) => {
      this.parts.push(event.data);
    });
    this.recorder.start(1000);
  }

  /** Rejects with an Error whose message is for people. */
  static async start(): Promise<Recorder> {
    const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (!devices) throw new Error("A browser gives the microphone to https:// pages and to this machine's own address only.");
    try {
      return new Recorder(await devices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false } }));
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      throw new Error(REFUSALS[name] ?? `The microphone cannot be used (${name || "unknown reason"}).`, { cause: error });
    }
  }

  /** What was recorded, as WAV. */
  async stop(): Promise<Blob> {
    const ended = new Promise((resolve) => {
      this.recorder.addEventListener("stop", resolve);
    });
    this.recorder.stop();
    await ended;
    for (const track of this.stream.getTracks()) track.stop();
    const context = new AudioContext();
    try {
      const sound = await context.decodeAudioData(await new Blob(this.parts).arrayBuffer());
      return wavOf(sound.getChannelData(0), sound.sampleRate);
    } catch (error) {
      throw new Error("Nothing was recorded; speak a little longer.", { cause: error });
    } finally {
      await context.close();
    }
  }
}

/** 16 bit, one channel. */
export function wavOf(samples: Float32Array, rate_hz: number): Blob {
  const data = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at: number, letters: string): void => {
    for (let i = 0; i < letters.length; i++) data.setUint8(at + i, letters.charCodeAt(i));
  };
  text(0, "RIFF");
  data.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  data.setUint32(16, 16, true);
  data.setUint16(20, 1, true);
  data.setUint16(22, 1, true);
  data.setUint32(24, rate_hz, true);
  data.setUint32(28, 2 * rate_hz, true);
  data.setUint16(32, 2, true);
  data.setUint16(34, 16, true);
  text(36, "data");
  data.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, i) => {
    data.setInt16(44 + 2 * i, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true);
  });
  return new Blob([data.buffer], { type: "audio/wav" });
}
