// Lowest and highest of a curve over any stretch, from blocks that are known beforehand: hours draw as fast as seconds.

const BLOCK = 32;

export class Extremes {
  private readonly values: Float32Array;
  private readonly low: Float32Array;
  private readonly high: Float32Array;

  constructor(values: Float32Array) {
    this.values = values;
    this.low = new Float32Array(Math.ceil(values.length / BLOCK));
    this.high = new Float32Array(this.low.length);
    this.update(0, values.length);
  }

  /** Values from `first` up to `last` have changed. */
  update(first: number, last: number): void {
    for (let block = Math.floor(first / BLOCK); block * BLOCK < last; block++) {
      const [low, high] = this.scan(block * BLOCK, Math.min((block + 1) * BLOCK, this.values.length), Infinity, -Infinity);
      this.low[block] = low;
      this.high[block] = high;
    }
  }

  private scan(from: number, to: number, low: number, high: number): [number, number] {
    for (let i = from; i < to; i++) {
      const value = this.values[i] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  }

  /** Of values `from` up to `to`; low is above high where there are none. */
  between(from: number, to: number): [number, number] {
    const first = Math.ceil(from / BLOCK);
    const last = Math.floor(to / BLOCK);
    if (last <= first) return this.scan(from, to, Infinity, -Infinity);
    let [low, high] = this.scan(from, first * BLOCK, Infinity, -Infinity);
    for (let block = first; block < last; block++) {
      low = Math.min(low, this.low[block] ?? low);
      high = Math.max(high, this.high[block] ?? high);
    }
    return this.scan(last * BLOCK, to, low, high);
  }
}
