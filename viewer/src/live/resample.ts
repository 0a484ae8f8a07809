// Any rate down (or up) to the rate that is sent: a windowed sinc in as many phases as the two rates need.

const ZERO_CROSSINGS = 12;
/** Where the pass band ends, as a share of the lower rate's half: the rest is the filter's slope. */
const CUTOFF = 0.92;

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

/** Mono sound as a stream of chunks of any length; the same sound in other chunks gives the same samples. */
export class Resampler {
  private readonly up: number;
  private readonly down: number;
  private readonly taps: number;
  private readonly phases: Float32Array[];
  private held: Float32Array;
  /** The next output's place in units of 1 / up input samples, from the start of `held`. */
  private at = 0;

  constructor(from_hz: number, to_hz: number) {
    const divisor = commonDivisor(from_hz, to_hz);
    this.up = to_hz / divisor;
    this.down = from_hz / divisor;
    const width = Math.max(1, from_hz / to_hz);
    this.taps = 2 * Math.ceil(ZERO_CROSSINGS * width);
    this.phases = Array.from({ length: this.up }, (_, phase) => filter(this.taps, phase / this.up, CUTOFF / width));
    this.held = new Float32Array(this.taps / 2 - 1);
  }

  push(chunk: Float32Array): Float32Array {
    const input = new Float32Array(this.held.length + chunk.length);
    input.set(this.held);
    input.set(chunk, this.held.length);
    const most = Math.max(0, Math.floor(((input.length - this.taps) * this.up - this.at) / this.down) + 1);
    const output = new Float32Array(most);
    for (let i = 0; i < most; i++, this.at += this.down) {
      const from = Math.floor(this.at / this.up);
      const phase = this.phases[this.at % this.up];
      let sum = 0;
      for (let k = 0; k < this.taps; k++) sum += (input[from + k] ?? 0) * (phase?.[k] ?? 0);
      output[i] = sum;
    }
    const used = Math.min(Math.floor(this.at / this.up), input.length);
    this.at -= used * this.up;
    this.held = input.slice(used);
    return output;
  }
}

/** Weights for a sample that lies `fraction` after the middle pair's first; their sum is 1. */
function filter(taps: number, fraction: number, cutoff: number): Float32Array {
  const half = taps / 2;
  const weights = Float32Array.from({ length: taps }, (_, k) => {
    const x = k - (half - 1) - fraction;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / half);
    const angle = Math.PI * x * cutoff;
    return (angle === 0 ? 1 : Math.sin(angle) / angle) * Math.max(0, window);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** 16 bit, little-endian, after `header` bytes that stay free. */
export function pcm16(samples: Float32Array, header = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(header + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, i) => {
    view.setInt16(header + 2 * i, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true);
  });
  return bytes;
}
