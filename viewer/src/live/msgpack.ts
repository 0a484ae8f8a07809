// Reads MessagePack: what the server sends, and nothing that could run. Extensions are refused.

const text = new TextDecoder();

class Reader {
  private at = 0;
  private readonly view: DataView;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }

  private skip(count: number): number {
    const from = this.at;
    if (count > this.bytes.length - from) throw new Error("a message ends too early");
    this.at += count;
    return from;
  }

  private unsigned(size: 1 | 2 | 4): number {
    const from = this.skip(size);
    if (size === 1) return this.view.getUint8(from);
    return size === 2 ? this.view.getUint16(from) : this.view.getUint32(from);
  }

  private take(count: number): Uint8Array {
    const from = this.skip(count);
    return this.bytes.slice(from, from + count);
  }

  private list(count: number): unknown[] {
    if (count > this.bytes.length - this.at) throw new Error("a message ends too early");
    return Array.from({ length: count }, () => this.value());
  }

  private map(count: number): Record<string, unknown> {
    const found: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (let i = 0; i < count; i++) found[String(this.value())] = this.value();
    return found;
  }

  value(): unknown {
    const tag = this.unsigned(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.map(tag & 15);
    if (tag < 0xa0) return this.list(tag & 15);
    if (tag < 0xc0) return text.decode(this.take(tag & 31));
    if (tag >= 0xe0) return tag - 256;
    return this.long(tag);
  }

  private long(tag: number): unknown {
    if (tag === 0xc0) return null;
    if (tag === 0xc2 || tag === 0xc3) return tag === 0xc3;
    if (tag >= 0xc4 && tag <= 0xc6) return this.take(this.size(tag - 0xc4));
    if (tag >= 0xd9 && tag <= 0xdb) return text.decode(this.take(this.size(tag - 0xd9)));
    if (tag === 0xdc || tag === 0xdd) return this.list(this.size(tag - 0xdb));
    if (tag === 0xde || tag === 0xdf) return this.map(this.size(tag - 0xdd));
    return this.number(tag);
  }

  /** A length of one, two or four bytes. */
  private size(kind: number): number {
    return this.unsigned(kind === 0 ? 1 : kind === 1 ? 2 : 4);
  }

  private number(tag: number): number {
    switch (tag) {
      case 0xca: return this.view.getFloat32(this.skip(4));
      case 0xcb: return this.view.getFloat64(this.skip(8));
      case 0xcc: return this.unsigned(1);
      case 0xcd: return this.unsigned(2);
      case 0xce: return this.unsigned(4);
      case 0xcf: return Number(this.view.getBigUint64(this.skip(8)));
      case 0xd0: return this.view.getInt8(this.skip(1));
      case 0xd1: return this.view.getInt16(this.skip(2));
      case 0xd2: return this.view.getInt32(this.skip(4));
      case 0xd3: return Number(this.view.getBigInt64(this.skip(8)));
      default: throw new Error(`a message holds 0x${tag.toString(16)}, which is not read here`);
    }
  }
}

export function readMessagePack(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value();
  if (!reader.atEnd) throw new Error("a message goes on after its end");
  return value;
}
