// What the hands mean: every way to add, move and take out, by button, key, click on the stage or drag.
import type { Actions } from "./actions";
import type { Hit } from "./gestures";
import { added, called, deepened, moved, ms, type Place, removed, rerolled, retargeted, stretched, withField } from "./edits";
import type { Item, LaneId } from "./model";
import type { Store } from "./store";
import { toast } from "./toasts";
import type { Edit, Stretch } from "./types";

const GLANCE_DEG = 15;
const RANGE_S = 1;

export class Direct {
  private readonly store: Store;
  private readonly actions: Actions;
  /** Where the playhead is, and what is in sight. */
  time: () => number = () => 0;
  view: () => Stretch = () => [0, 1];
  onSettled: () => void = () => undefined;

  constructor(store: Store, actions: Actions) {
    this.store = store;
    this.actions = actions;
  }

  private get edits(): Edit[] {
    return this.actions.edits;
  }

  private save(what: string, edits: Edit[], group?: string): Promise<boolean> {
    return this.actions.edit(what, edits, group).finally(() => { this.onSettled(); });
  }

  /** Adds and selects what was added, once the server has it. */
  private async insert(what: string, edit: Edit): Promise<void> {
    if (this.store.take === undefined) {
      toast("Make a take first.", "error");
      return;
    }
    const edits = added(this.edits, edit);
    if (!(await this.save(what, edits))) return;
    const at = typeof edit.at_s === "number" ? edit.at_s : 0;
    const kind = edit.do.split(".")[0] ?? "";
    const born = edit.do.endsWith(".add") ? `${kind}@${at.toFixed(3)}` : `edit:${edits.length - 1}`;
    const near = this.store.items.find((item) => item.key === born) ?? this.store.items.find((item) => item.kind === kind && Math.abs(item.from_s - at) < 0.05);
    this.store.select(near?.key);
  }

  /** One more item on a lane. */
  add(lane: LaneId, at: number): Promise<void> {
    const at_s = ms(at);
    if (lane === "blinks") return this.insert("add a blink", { do: "blink.add", at_s });
    if (lane === "head") return this.insert("add a nod", { do: "nod", at_s });
    if (lane === "face") return this.insert("add a smile", { do: "smile", ...this.stretch(at), amount: 0.4 });
    const now = this.store.items.filter((item) => item.lane === "gaze" && item.from_s <= at && item.to_s > at).pop();
    const away = now === undefined || now.text === "viewer";
    return this.insert("add a glance", { do: "shift.add", at_s, yaw_deg: away ? GLANCE_DEG : 0, pitch_deg: away ? -3 : 0 });
  }

  /** The painted range, or a second from a time on. */
  private stretch(at: number): { from_s: number; to_s: number } {
    const [from, to] = this.store.range ?? [at, at + RANGE_S];
    return { from_s: ms(from), to_s: ms(Math.min(to, this.store.duration_s)) };
  }

  addRange(kind: "brows" | "smile" | "tilt" | "head.hold"): Promise<void> {
    const more = { brows: { amount: 0.5 }, smile: { amount: 0.4 }, tilt: { roll_deg: 6 }, "head.hold": {} }[kind];
    return this.insert(`add ${kind === "head.hold" ? "a held head" : kind}`, { do: kind, ...this.stretch(this.time()), ...more });
  }

  /** "Look there": for the painted range, the selected look, or from now on. */
  async lookAt(place: Place): Promise<void> {
    const { range, item } = this.store;
    if (range) await this.insert("look there", { do: "look", from_s: ms(range[0]), to_s: ms(range[1]), ...place });
    else if (item?.kind === "shift" || item?.kind === "look") await this.save("look there", retargeted(this.edits, item, place));
    else await this.insert("look there", { do: "shift.add", at_s: ms(this.time()), ...place });
  }

  /** A block under a hand. */
  drag(item: Item, from_s: number, to_s: number, part: Hit["part"], done: boolean): void {
    const edits = part === "all" ? moved(this.edits, item, from_s) : stretched(this.edits, item, from_s, to_s);
    if (done) void this.save(called(part === "all" ? "move" : "stretch", item), edits);
    else this.actions.preview({ edits }, this.view());
  }

  nudge(by_s: number): void {
    const { item } = this.store;
    if (item) void this.save(called("move", item), moved(this.edits, item, Math.max(0, item.from_s + by_s)), `nudge ${item.key}`);
  }

  place(item: Item, place: Place): void {
    void this.save(called("turn", item), retargeted(this.edits, item, place));
  }

  move(item: Item, from_s: number): void {
    void this.save(called("move", item), moved(this.edits, item, from_s));
  }

  stretchTo(item: Item, from_s: number, to_s: number): void {
    void this.save(called("stretch", item), stretched(this.edits, item, from_s, to_s));
  }

  field(item: Item, name: string, value: unknown): void {
    void this.save(called("change", item), withField(this.edits, item, name, value));
  }

  deepen(item: Item, closure: number): void {
    const was = this.store.current?.events?.blinks.find((blink) => blink.id === item.event)?.closure ?? 1;
    void this.save(called("change", item), deepened(this.edits, item, was, closure));
  }

  async remove(): Promise<void> {
    const { item } = this.store;
    if (!item) return;
    const next = this.neighbour(1)?.key;
    if (await this.save(called("remove", item), removed(this.edits, item))) this.store.select(this.store.items.some((one) => one.key === next) ? next : undefined);
  }

  /** Takes an edit out by its number. */
  drop(index: number): Promise<boolean> {
    return this.save("remove an edit", this.edits.filter((_, i) => i !== index));
  }

  async reroll(channels: readonly string[]): Promise<void> {
    const { range } = this.store;
    if (!range) {
      toast("Paint a range first: drag over an empty lane, or press I and O.", "error");
      return;
    }
    if (channels.length === 0) return;
    const seed = Math.floor(Math.random() * 1e6);
    await this.save(`re-roll ${channels.join(", ")}`, rerolled(this.edits, channels, range[0], range[1], seed));
  }

  /** The item before or after the selected one, or the nearest to the playhead. */
  neighbour(way: 1 | -1): Item | undefined {
    const { items, item } = this.store;
    if (item) return items[items.indexOf(item) + way];
    const time = this.time();
    return way > 0 ? items.find((one) => one.from_s >= time - 1e-6) : [...items].reverse().find((one) => one.from_s <= time + 1e-6);
  }

  mark(end: "in" | "out"): void {
    const time = this.time();
    const [from, to] = this.store.range ?? [time, Math.min(this.store.duration_s, time + RANGE_S)];
    if (end === "in") this.store.setRange(time < to - 0.02 ? [time, to] : [time, Math.min(this.store.duration_s, time + RANGE_S)]);
    else this.store.setRange(time > from + 0.02 ? [from, time] : [Math.max(0, time - RANGE_S), time]);
  }
}
