// How much of what: sliders with a preview while they move, moods, and what differs from how the take was made.
import { byId, make } from "../dom";
import type { Actions } from "./actions";
import type { Store } from "./store";
import type { SettingInfo, Stretch } from "./types";
import { button, busy, keyed, refill, section } from "./ui";

/** A setting as one types it: shares are name=share, separated by commas. */
function textOf(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value).map(([name, share]) => `${name}=${String(share)}`).join(", ");
}

function valueOf(info: SettingInfo, text: string): unknown {
  if (text === "") return null;
  if (info.kind === "shares")
    return Object.fromEntries(text.split(",").map((part) => part.split("=").map((word) => word.trim())).map(([name, share]) => [name ?? "", Number(share)]));
  return typeof info.default === "number" ? Number(text) : text;
}

export class Amounts {
  private readonly store: Store;
  private readonly actions: Actions;
  private readonly view: () => Stretch;
  private group = 0;

  constructor(store: Store, actions: Actions, view: () => Stretch) {
    this.store = store;
    this.actions = actions;
    this.view = view;
  }

  private get settings(): Record<string, unknown> {
    return this.store.entry?.settings ?? {};
  }

  /** What a take has where nothing is said: of its mood, else the default. */
  private base(info: SettingInfo): unknown {
    const mood = this.settings.mood;
    return (typeof mood === "string" ? this.store.schema.moods[mood]?.[info.name] : undefined) ?? info.default;
  }

  private value(info: SettingInfo): unknown {
    return this.settings[info.name] ?? this.base(info);
  }

  render(): void {
    const holder = byId("pane-amounts");
    if (busy(holder)) return;
    if (!this.store.entry) {
      refill(holder, make("p", "empty", "Choose a take: here you say how much its eyes, head and face do."));
      return;
    }
    const amounts = this.store.schema.settings.filter((info) => info.kind === "amount");
    const others = this.store.schema.settings.filter((info) => info.kind !== "amount" && info.name !== "mood");
    refill(
      holder,
      section("Mood", this.moods()),
      section("Amounts", ...amounts.map((info) => this.slider(info))),
      this.moved(amounts),
      others.length > 0 ? section("Person", ...others.map((info) => this.choice(info))) : undefined,
    );
  }

  private moods(): HTMLElement {
    const row = make("div", "chips");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "Mood");
    for (const name of [null, ...Object.keys(this.store.schema.moods)]) {
      const label = name ?? "neutral";
      const chip = keyed(button(label.charAt(0).toUpperCase() + label.slice(1), `Sets several amounts at once: ${label}`, () => {
        const kept = Object.entries(this.settings).filter(([key]) => !this.isAmount(key) && key !== "mood");
        this.save("mood", { ...Object.fromEntries(kept), ...(name === null ? {} : { mood: name }) });
      }, "chip"), `mood ${label}`);
      chip.setAttribute("aria-pressed", String((this.settings.mood ?? null) === name));
      row.append(chip);
    }
    return row;
  }

  private isAmount(name: string): boolean {
    return this.store.schema.settings.some((info) => info.name === name && info.kind === "amount");
  }

  private save(what: string, settings: Record<string, unknown>, group?: string): void {
    if (this.store.take !== undefined) void this.actions.change(this.store.take, what, { settings }, group);
  }

  private slider(info: SettingInfo): HTMLElement {
    const row = make("div", "slider");
    const [now, base] = [Number(this.value(info)), Number(this.base(info))];
    const id = `amount-${info.name}`;
    const label = make("label", "", info.label);
    label.htmlFor = id;
    if (info.help) row.title = info.help;
    const output = make("output", "", now.toFixed(2));
    output.htmlFor.add(id);
    const input = keyed(make("input"), id);
    Object.assign(input, { type: "range", id, name: info.name, min: String(info.min ?? 0), max: String(info.max ?? 2), step: String(info.step ?? 0.05), defaultValue: String(now) });
    const differs = this.settings[info.name] !== undefined && now !== base;
    row.classList.toggle("changed", differs || (this.store.current?.events?.changed ?? []).includes(info.name));
    input.addEventListener("input", () => {
      output.textContent = Number(input.value).toFixed(2);
      this.actions.preview({ settings: { ...this.settings, [info.name]: Number(input.value) } }, this.view());
    });
    input.addEventListener("change", () => {
      input.defaultValue = input.value;
      this.save(info.label.toLowerCase(), { ...this.settings, [info.name]: Number(input.value) }, `amount ${info.name} ${this.group++}`);
    });
    const reset = keyed(button("↺", `Reset to ${base.toFixed(2)}`, () => {
      this.save(`reset ${info.label.toLowerCase()}`, Object.fromEntries(Object.entries(this.settings).filter(([name]) => name !== info.name)));
    }, "mini reset"), `reset ${info.name}`);
    reset.setAttribute("aria-label", `Reset ${info.label.toLowerCase()}`);
    reset.disabled = !differs;
    row.append(label, output, reset, input);
    return row;
  }

  /** What differs from how the take was made. */
  private moved(amounts: SettingInfo[]): HTMLElement | undefined {
    const changed = this.store.current?.events?.changed ?? [];
    if (changed.length === 0) return undefined;
    const words = changed.map((name) => amounts.find((info) => info.name === name)?.label.toLowerCase() ?? name);
    return make("p", "note", `Changed since the take was made: ${words.join(", ")}.`);
  }

  private choice(info: SettingInfo): HTMLElement {
    const row = make("label", "stack");
    if (info.help) row.title = info.help;
    const value = this.settings[info.name] ?? info.default;
    const current = textOf(value);
    const save = (next: string): void => {
      this.save(info.label.toLowerCase(), { ...this.settings, [info.name]: valueOf(info, next) });
    };
    if (info.kind === "choice") {
      const select = keyed(make("select"), `choice ${info.name}`);
      for (const name of info.choices ?? []) select.append(new Option(name, name, false, name === current));
      select.addEventListener("change", () => { save(select.value); });
      row.append(make("span", "", info.label), select);
    } else {
      const input = keyed(make("input"), `choice ${info.name}`);
      Object.assign(input, { type: "text", defaultValue: current, maxLength: 200, placeholder: info.example ?? "none" });
      input.addEventListener("change", () => {
        input.defaultValue = input.value;
        save(input.value.trim());
      });
      row.append(make("span", "", info.label), input);
    }
    return row;
  }
}
