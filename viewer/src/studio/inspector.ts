// The panel beside the timeline: fields of what is selected, the painted range, named targets, and a list of all events in sight.
import { byId, make } from "../dom";
import type { Actions } from "./actions";
import type { Direct } from "./direct";
import { leftOutSection } from "./leftout";
import type { Item } from "./model";
import type { Store } from "./store";
import type { FieldSchema, Stretch } from "./types";
import { askText, button, busy, keyed, numberField, refill, section } from "./ui";

const CHANNELS = ["gaze", "head", "blinks", "mouth"];
const MOST_ROWS = 60;
const TITLES: Record<Item["kind"], string> = { shift: "Glance", look: "Look", blink: "Blink", nod: "Nod", tilt: "Tilt", hold: "Held head", brows: "Brows up", smile: "Smile", reroll: "Re-rolled", offset: "Offset" };
const UNITS: Record<string, string> = { deg: "°", s: "s", m: "m" };
const WORDS: Record<string, string> = { size_deg: "Size", count: "How many", period_s: "Each lasts", roll_deg: "Lean", amount: "Amount", distance_m: "Distance", yaw_deg: "Across", pitch_deg: "Up", closure: "Closure", lasts_s: "Lasts" };

export class Inspector {
  private readonly store: Store;
  private readonly actions: Actions;
  private readonly direct: Direct;
  private readonly chosen = new Set(["gaze"]);
  view: () => Stretch = () => [0, 1];
  onGo: (time: number) => void = () => undefined;
  private listed = "";

  constructor(store: Store, actions: Actions, direct: Direct) {
    this.store = store;
    this.actions = actions;
    this.direct = direct;
  }

  render(): void {
    const holder = byId("direct-top");
    if (busy(holder)) return;
    if (!this.store.entry) {
      refill(holder, make("p", "empty", "Choose or make a take: here you direct it, glance by glance."));
      byId("events").replaceChildren();
      byId("events-block").hidden = true;
      return;
    }
    byId("events-block").hidden = false;
    const { item, range } = this.store;
    refill(holder, item ? this.selection(item) : undefined, range ? this.rangeTools(range) : undefined, this.leftOut(), item || range ? undefined : hints(), this.targets());
    this.listed = "";
    this.list();
  }

  private leftOut(): HTMLElement | undefined {
    return leftOutSection(this.store.current?.events, this.store.entry?.edits ?? [], (index) => { void this.direct.drop(index); });
  }

  // -- what is selected --

  private selection(item: Item): HTMLElement {
    const row = make("div", "row spread");
    row.append(
      keyed(button("Go there", "Move the playhead to it", () => { this.onGo(Math.max(0, item.from_s)); }, "quiet"), "go"),
      keyed(button("Delete", "Delete it (Del)", () => { void this.direct.remove(); }, "quiet danger"), "delete item"),
    );
    const part = section(TITLES[item.kind], make("p", "said", item.said), ...this.fields(item), row);
    part.classList.add("selection");
    return part;
  }

  private fields(item: Item): HTMLElement[] {
    const rows: HTMLElement[] = [];
    const time = (key: string, label: string, value: number, onChange: (value: number) => void): void => {
      rows.push(numberField({ key, label, value, min: 0, max: this.store.duration_s, step: 0.01, unit: "s", onChange }));
    };
    if (item.ends === "both") {
      time("from", "From", item.from_s, (value) => {
        const to = this.live("to", item.to_s);
        this.direct.stretchTo(item, Math.min(value, to - 0.05), to);
       });
      time("to", "To", item.to_s, (value) => {
        const from = this.live("from", item.from_s);
        this.direct.stretchTo(item, from, Math.max(value, from + 0.05));
       });
    } else if (item.kind === "nod") time("at", "Lowest at", this.own(item, "at_s", item.from_s), (value) => { this.direct.field(item, "at_s", value); });
    else time("at", item.kind === "shift" ? "Leaves at" : "At", Math.max(0, item.from_s), (value) => { this.direct.move(item, value); });
    if (item.kind === "shift") {
      const lands = item.lands_s ?? item.from_s;
      time("lasts", "Look lasts", item.to_s - lands, (value) => { this.direct.stretchTo(item, item.from_s, lands + value); });
    }
    if (item.kind === "shift" || item.kind === "look") rows.push(...this.placeFields(item));
    if (item.kind === "blink") rows.push(this.depth(item));
    rows.push(...this.ownFields(item));
    return rows;
  }

  /** What a field of the panel says now, also before the server has answered. */
  private live(key: string, fallback: number): number {
    const input = byId("direct-top").querySelector<HTMLInputElement>(`input[data-key="${key}"]`);
    const value = Number.parseFloat(input?.value ?? "");
    return Number.isFinite(value) ? value : fallback;
  }

  private own(item: Item, name: string, fallback: number): number {
    const value = this.store.entry?.edits[item.edit ?? -1]?.[name];
    return typeof value === "number" ? value : fallback;
  }

  private placeFields(item: Item): HTMLElement[] {
    const [yaw, pitch] = [item.yaw_deg ?? 0, item.pitch_deg ?? 0];
    const names = Object.keys(this.store.project.targets);
    const edit = this.store.entry?.edits[item.edit ?? -1];
    const rows = typeof edit?.target === "string" ? [] : [
      numberField({ key: "yaw", label: "Across", value: yaw, min: -60, max: 60, step: 1, unit: "°", help: "+ to the character's left, right on the screen", onChange: (value) => { this.direct.place(item, { yaw_deg: value, pitch_deg: this.live("pitch", pitch) }); } }),
      numberField({ key: "pitch", label: "Up", value: pitch, min: -35, max: 35, step: 1, unit: "°", onChange: (value) => { this.direct.place(item, { yaw_deg: this.live("yaw", yaw), pitch_deg: value }); } }),
    ];
    const choice = keyed(make("select"), "target");
    choice.setAttribute("aria-label", "Look at");
    choice.append(new Option("Look at…", ""), ...["camera", ...names].map((name) => new Option(name === "camera" ? "the viewer" : name, name)));
    if (typeof edit?.target === "string") choice.value = edit.target;
    choice.addEventListener("change", () => {
      if (choice.value) this.direct.place(item, { target: choice.value });
    });
    const row = make("div", "field");
    row.append(make("span", "", "Target"), choice);
    return [...rows, row];
  }

  private depth(item: Item): HTMLElement {
    const closure = this.store.current?.events?.blinks.find((blink) => blink.id === item.event)?.closure ?? 1;
    return numberField({ key: "closure", label: "Closes", value: Math.round(100 * closure), min: 5, max: 100, step: 5, unit: "%", onChange: (value) => { this.direct.deepen(item, value / 100); } });
  }

  /** Fields of the edit itself, with the limits of the schema. */
  private ownFields(item: Item): HTMLElement[] {
    const edit = this.store.entry?.edits[item.edit ?? -1];
    if (!edit || item.kind === "look" || item.kind === "reroll") return [];
    return Object.entries(this.schemaOf(edit.do)).flatMap(([name, field]) => {
      if (/^(do|at_s|from_s|to_s|channel|target)$/.test(name) || !/number|integer/.test(field.type ?? "")) return [];
      const unit = UNITS[/_(deg|s|m)$/.exec(name)?.[1] ?? ""] ?? "";
      const value = edit[name] ?? field.default ?? 0;
      const step = field.type === "integer" || unit === "°" ? 1 : 0.05;
      return [numberField({ key: name, label: WORDS[name] ?? name, value: Number(value), min: field.minimum, max: field.maximum, step, unit, help: field.description, onChange: (next) => { this.direct.field(item, name, next); } })];
    });
  }

  private schemaOf(kind: string): Record<string, FieldSchema> {
    return this.store.schema.edits.properties?.edits?.items?.oneOf?.find((one) => one.properties.do?.const === kind)?.properties ?? {};
  }

  // -- the painted range --

  private rangeTools([from, to]: Stretch): HTMLElement {
    const boxes = make("div", "chips");
    boxes.setAttribute("role", "group");
    boxes.setAttribute("aria-label", "What to re-roll");
    for (const channel of CHANNELS) {
      const chip = keyed(button(channel.charAt(0).toUpperCase() + channel.slice(1), `Re-roll the ${channel}`, () => {
        if (!this.chosen.delete(channel)) this.chosen.add(channel);
        this.render();
      }, "chip"), `channel ${channel}`);
      chip.setAttribute("aria-pressed", String(this.chosen.has(channel)));
      boxes.append(chip);
    }
    const adds = make("div", "chips");
    for (const [kind, label] of [["smile", "Smile"], ["brows", "Brows up"], ["tilt", "Tilt"], ["head.hold", "Hold the head"]] as const)
      adds.append(keyed(button(label, `${label} for the range`, () => { void this.direct.addRange(kind); }, "chip"), `add ${kind}`));
    const edge = (key: string, label: string, value: number, onChange: (value: number) => void): HTMLElement =>
      numberField({ key, label, value, min: 0, max: this.store.duration_s, step: 0.01, unit: "s", onChange });
    const part = section(
      "Range",
      edge("range from", "From", from, (value) => {
        const end = this.store.range?.[1] ?? to;
        this.store.setRange([Math.min(value, end - 0.05), end]);
       }),
      edge("range to", "To", to, (value) => {
        const begin = this.store.range?.[0] ?? from;
        this.store.setRange([begin, Math.max(value, begin + 0.05)]);
       }),
      boxes,
      keyed(button("Re-roll", "New motion of the chosen kinds for these seconds; the rest stays (R)", () => { this.rerollChosen(); }, "primary wide"), "reroll"),
      make("p", "note", "Or for these seconds:"),
      adds,
    );
    part.classList.add("selection");
    return part;
  }

  rerollChosen(): void {
    void this.direct.reroll([...this.chosen]);
  }

  // -- named places --

  private targets(): HTMLElement {
    const list = make("ul", "targets");
    for (const [name, place] of Object.entries(this.store.project.targets)) {
      const item = make("li");
      const told = Array.isArray(place) && typeof place[0] === "number" ? (place as number[]).map((v) => v.toFixed(2)).join(", ") + " m" : "moves";
      const look = keyed(button(name, `Look at ${name}: for the range, the selected glance, or from the playhead on`, () => { void this.direct.lookAt({ target: name }); }, "file-link"), `target ${name}`);
      const remove = keyed(button("×", `Remove ${name}`, () => { void this.actions.target(name, undefined); }, "mini"), `remove target ${name}`);
      remove.setAttribute("aria-label", `Remove the target ${name}`);
      item.append(look, make("span", "unit", told), remove);
      list.append(item);
    }
    const add = keyed(button("Add a target", "A named place in metres from between the eyes", () => { void this.addTarget(); }, "quiet"), "add target");
    return section("Targets", list.childElementCount > 0 ? list : undefined, add);
  }

  private async addTarget(): Promise<void> {
    const text = await askText("Add a target", "screen = -0.3, -0.1, 0.8", "name = x, y, z in metres: character's left, up, out of the face", "Add");
    const match = text === undefined ? null : /^\s*([A-Za-z][\w-]*)\s*=\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*$/.exec(text);
    if (match?.[1]) await this.actions.target(match[1], match.slice(2, 5).map(Number));
  }

  // -- every event in sight, for the keyboard and for screen readers --

  list(): void {
    const holder = byId("events");
    const [from, to] = this.view();
    const all = this.store.items.filter((item) => item.to_s > from && item.from_s < to);
    const selected = all.findIndex((item) => item.key === this.store.selected);
    const first = Math.max(0, Math.min(selected - MOST_ROWS / 2, all.length - MOST_ROWS));
    const items = all.slice(first, first + MOST_ROWS);
    const listed = items.map((item) => `${item.key} ${item.said} ${item.edited}`).join("|") + (this.store.selected ?? "");
    if (listed === this.listed) return;
    this.listed = listed;
    refill(holder, ...items.map((item) => this.eventRow(item)));
    byId("events-count").textContent = all.length > MOST_ROWS ? `${MOST_ROWS} of ${all.length} in sight` : `${all.length} in sight`;
  }

  private eventRow(item: Item): HTMLElement {
    const row = make("li");
    const open = keyed(button("", "", () => {
      this.store.select(item.key);
      this.onGo(Math.max(0, item.from_s));
    }, `event ${item.lane}`), `event ${item.key}`);
    open.append(make("span", "event-time", Math.max(0, item.from_s).toFixed(2)), make("span", "event-what", `${TITLES[item.kind]} ${item.text}`));
    open.title = item.said;
    if (item.edited) open.append(make("span", "event-mark", "edited"));
    if (item.key === this.store.selected) open.setAttribute("aria-current", "true");
    row.append(open);
    return row;
  }
}

function hints(): HTMLElement {
  const list = make("ul", "hints");
  for (const text of ["Click the picture: from here on, the eyes look there.", "Drag a block to move it, its end to hold it longer.", "Double-click a lane to add a glance, blink, nod or smile.", "Drag over an empty lane to re-roll those seconds."]) list.append(make("li", "", text));
  return section("Direct", list);
}
