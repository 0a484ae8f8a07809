// Runs on the audio thread: what a microphone or a file plays becomes 16 kHz in pieces of 20 ms.
import { Resampler } from "./resample";

declare const sampleRate: number;
declare const registerProcessor: (name: string, type: unknown) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

const TARGET_HZ = 16_000;
const PIECE = TARGET_HZ / 50;

class Capture extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate, TARGET_HZ);
  private readonly piece = new Float32Array(PIECE);
  private filled = 0;

  process(inputs: Float32Array[][]): boolean {
    const input = inputs[0] ?? [];
    const first = input[0];
    if (!first) return true;
    const mono = first.map((_, i) => input.reduce((sum, channel) => sum + (channel[i] ?? 0), 0) / input.length);
    for (const sample of this.resampler.push(mono)) {
      this.piece[this.filled++] = sample;
      if (this.filled < PIECE) continue;
      this.port.postMessage(this.piece.slice());
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor("talkingeyes-capture", Capture);
