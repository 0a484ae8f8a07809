// The takes of a recording in a row: choose, compare, star, name, delete, and make more.
import { byId, make } from "../dom";
import type { Actions } from "./actions";
import type { Store } from "./store";
import type { TakeEntry } from "./types";
import { askText, button, keyed, refill } from "./ui";

export class Takes {
  private readonly store: Store;
  private readonly actions: Actions;
  private count = 3;

  constructor(store: Store, actions: Actions) {
    this.store = store;
    this.actions = actions;
  }

  static nameOf(entry: TakeEntry, index: number): string {
    return entry.name || `Take ${index + 1}`;
  }

  render(): void {
    const { store } = this;
    const takes = store.takes;
    const bar = byId("takebar");
    bar.hidden = store.sound === undefined;
    const holder = byId("takes");
    refill(holder, ...takes.map(([id, entry], index) => this.chip(id, entry, index)));
    holder.hidden = takes.length === 0;
    refill(byId("take-tools"), ...this.tools());
    const chosen = holder.querySelector<HTMLElement>('[aria-pressed="true"]');
    if (chosen) holder.scrollLeft = chosen.offsetLeft - holder.offsetLeft - holder.clientWidth / 2 + chosen.clientWidth / 2;
  }

  private chip(id: string, entry: TakeEntry, index: number): HTMLElement {
    const name = Takes.nameOf(entry, index);
    const chip = keyed(button("", `${name}, seed ${entry.seed}${index < 9 ? ` (${index + 1})` : ""}`, () => { this.actions.choose(this.store.sound, id); }, "take"), `take ${id}`);
    chip.setAttribute("aria-pressed", String(id === this.store.take));
    chip.append(make("span", "", name));
    if (entry.starred) chip.append(make("span", "star", "★"));
    if (entry.edits.length > 0) {
      const mark = make("span", "edited", String(entry.edits.length));
      mark.title = `${entry.edits.length} edits`;
      mark.setAttribute("aria-label", `${entry.edits.length} edits`);
      mark.setAttribute("role", "img");
      chip.append(mark);
    }
    if (id === this.store.other) chip.classList.add("beside");
    return chip;
  }

  private tools(): HTMLElement[] {
    const { store, actions } = this;
    const [id, entry] = [store.take, store.entry];
    const nodes: HTMLElement[] = [];
    if (id !== undefined && entry) {
      const star = keyed(button(entry.starred ? "★" : "☆", "Star this take (*)", () => { this.star(); }, "icon glyph"), "star");
      star.setAttribute("aria-pressed", String(entry.starred));
      star.setAttribute("aria-label", "Star this take");
      const rename = keyed(button("✎", "Name this take (F2)", () => { void this.rename(); }, "icon glyph"), "rename");
      rename.setAttribute("aria-label", "Name this take");
      const remove = keyed(button("×", "Delete this take; undo brings it back", () => { void actions.removeTake(id); }, "icon glyph"), "delete");
      remove.setAttribute("aria-label", "Delete this take");
      nodes.push(star, rename, remove);
      if (store.takes.length > 1) nodes.push(this.beside());
    }
    const make_ = keyed(button(`New takes`, "Other takes of this recording", () => { this.more(); }, store.takes.length === 0 ? "primary" : "quiet"), "more");
    const many = keyed(make("select"), "many");
    many.setAttribute("aria-label", "How many new takes");
    for (const n of [1, 2, 3, 5, 8]) many.append(new Option(String(n), String(n), n === this.count, n === this.count));
    many.addEventListener("change", () => {
      this.count = Number(many.value);
    });
    const group = make("span", "more-takes");
    group.append(many, make_);
    nodes.push(group);
    return nodes;
  }

  private beside(): HTMLElement {
    const choice = keyed(make("select"), "beside");
    choice.title = "Two takes side by side, in sync";
    choice.setAttribute("aria-label", "Compare with");
    choice.append(new Option("Compare…", ""));
    this.store.takes.forEach(([id, entry], index) => {
      if (id !== this.store.take) choice.append(new Option(`with ${Takes.nameOf(entry, index)}`, id, false, id === this.store.other));
    });
    choice.addEventListener("change", () => {
      this.actions.compare(choice.value || undefined);
    });
    return choice;
  }

  more(): void {
    if (this.store.sound !== undefined) void this.actions.makeTakes([this.store.sound], this.count);
  }

  star(): void {
    const [id, entry] = [this.store.take, this.store.entry];
    if (id !== undefined && entry) void this.actions.change(id, entry.starred ? "unstar a take" : "star a take", { starred: !entry.starred });
  }

  async rename(): Promise<void> {
    const [id, entry] = [this.store.take, this.store.entry];
    if (id === undefined || !entry) return;
    const name = await askText("Name this take", entry.name, "Name");
    if (name !== undefined) await this.actions.change(id, "name a take", { name });
  }

  turn(way: number): void {
    const takes = this.store.takes.map(([id]) => id);
    const at = takes.indexOf(this.store.take ?? "");
    const next = takes[(at + way + takes.length) % takes.length];
    if (next !== undefined) this.actions.choose(this.store.sound, next);
  }

  toggleCompare(): void {
    const takes = this.store.takes.map(([id]) => id).filter((id) => id !== this.store.take);
    this.actions.compare(this.store.other === undefined ? takes[0] : undefined);
  }
}
