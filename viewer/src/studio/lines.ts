// The recordings of the project as a list: status, filters, and actions for many at once.
import { byId, clockText, make } from "../dom";
import type { Actions } from "./actions";
import type { Store } from "./store";
import { toast } from "./toasts";
import type { Sound } from "./types";
import { ask, askText, button, keyed, refill } from "./ui";

type Filter = "all" | "new" | "starred" | "trouble";

const STATUS: Record<Sound["status"], string> = { ok: "", missing: "file missing", changed: "file changed", unreadable: "cannot be read" };
const MOST_ROWS = 400;

export class Lines {
  private readonly store: Store;
  private readonly actions: Actions;
  private readonly chosen = new Set<string>();
  private filter: Filter = "all";
  private words = "";
  onExport: (takes: string[]) => void = () => undefined;

  constructor(store: Store, actions: Actions) {
    this.store = store;
    this.actions = actions;
    const search = byId("lines-search", HTMLInputElement);
    search.addEventListener("input", () => {
      this.words = search.value.trim().toLowerCase();
      this.render();
    });
    const filter = byId("lines-filter", HTMLSelectElement);
    filter.addEventListener("change", () => {
      this.filter = filter.value as Filter;
      this.render();
    });
    byId("lines-all", HTMLInputElement).addEventListener("change", (event) => {
      const on = (event.target as HTMLInputElement).checked;
      for (const [id] of this.shown()) if (on) this.chosen.add(id); else this.chosen.delete(id);
      this.render();
    });
  }

  private takesOf(sound: string): [string, boolean][] {
    return Object.entries(this.store.project.takes).filter(([, take]) => take.sound === sound).map(([id, take]) => [id, take.starred]);
  }

  private shown(): [string, Sound][] {
    return Object.entries(this.store.project.sounds).filter(([id, sound]) => {
      if (this.words && !`${sound.name} ${sound.path}`.toLowerCase().includes(this.words)) return false;
      if (this.filter === "new") return this.takesOf(id).length === 0;
      if (this.filter === "starred") return this.takesOf(id).some(([, starred]) => starred);
      return this.filter !== "trouble" || sound.status !== "ok";
    });
  }

  render(): void {
    const { sounds } = this.store.project;
    for (const id of this.chosen) if (!(id in sounds)) this.chosen.delete(id);
    const count = Object.keys(sounds).length;
    byId("lines-count").textContent = count === 0 ? "" : String(count);
    byId("lines-tools").hidden = count < 2;
    const rows = this.shown();
    const list = byId("lines");
    refill(list, ...rows.slice(0, MOST_ROWS).map(([id, sound]) => this.row(id, sound)));
    const note = byId("lines-note");
    note.hidden = rows.length > 0 && rows.length <= MOST_ROWS;
    note.textContent = count === 0 ? "" : rows.length === 0 ? "Nothing matches." : `The first ${MOST_ROWS} of ${rows.length} are listed; search for the others.`;
    byId("lines-all", HTMLInputElement).checked = rows.length > 0 && rows.every(([id]) => this.chosen.has(id));
    this.renderBatch();
  }

  private row(id: string, sound: Sound): HTMLElement {
    const row = make("li", "line");
    const current = id === this.store.sound;
    row.classList.toggle("current", current);
    const name = sound.name || sound.path;
    const check = keyed(make("input"), `check ${id}`);
    check.type = "checkbox";
    check.checked = this.chosen.has(id);
    check.setAttribute("aria-label", `Select ${name}`);
    check.addEventListener("change", () => {
      if (check.checked) this.chosen.add(id);
      else this.chosen.delete(id);
      this.renderBatch();
    });
    const open = keyed(button("", sound.path, () => { this.actions.choose(id); }, "line-open"), `line ${id}`);
    if (current) open.setAttribute("aria-current", "true");
    open.append(make("span", "line-name", name), make("span", `line-about${sound.status === "ok" ? "" : " trouble"}`, this.about(id, sound)));
    row.append(check, open);
    if (current) row.append(this.more(id, sound));
    return row;
  }

  private about(id: string, sound: Sound): string {
    if (sound.status !== "ok") return sound.error ?? STATUS[sound.status];
    const takes = this.takesOf(id);
    const stars = takes.filter(([, starred]) => starred).length;
    const length = sound.duration_s === null ? "" : clockText(sound.duration_s, sound.duration_s).replace(/\.\d+$/, "");
    const made = takes.length === 0 ? "no takes" : `${takes.length} take${takes.length === 1 ? "" : "s"}`;
    return [length, made, stars ? "★".repeat(Math.min(stars, 3)) : ""].filter(Boolean).join(" · ");
  }

  private more(id: string, sound: Sound): HTMLElement {
    const tools = make("span", "line-tools");
    const name = sound.name || sound.path;
    const rename = keyed(button("✎", "Rename", () => {
      void askText("Rename the recording", name, "Name").then((text) => { if (text) void this.actions.changeSound(id, { name: text }); });
    }, "mini"), `rename ${id}`);
    rename.setAttribute("aria-label", `Rename ${name}`);
    const remove = keyed(button("×", "Remove from the project; the file stays", () => { void this.remove([id]); }, "mini"), `remove ${id}`);
    remove.setAttribute("aria-label", `Remove ${name}`);
    tools.append(rename, remove);
    return tools;
  }

  private async remove(ids: string[]): Promise<void> {
    const takes = ids.flatMap((id) => this.takesOf(id)).length;
    const what = ids.length === 1 ? "this recording" : `${ids.length} recordings`;
    if (takes > 0 && !(await ask(`Remove ${what}?`, `Its ${takes} take${takes === 1 ? "" : "s"} go with it. The files stay, and undo brings all of it back.`, "Remove"))) return;
    for (const id of ids) await this.actions.removeSound(id);
  }

  private renderBatch(): void {
    const bar = byId("batch");
    const ids = [...this.chosen];
    bar.hidden = ids.length === 0;
    if (ids.length === 0) return;
    const takes = (): string[] => ids.flatMap((id) => {
      const all = this.takesOf(id);
      const starred = all.filter(([, star]) => star);
      return (starred.length > 0 ? starred : all.slice(0, 1)).map(([take]) => take);
    });
    refill(
      bar,
      make("span", "", `${ids.length} selected`),
      keyed(button("Make takes", "A new take of each", () => { void this.actions.makeTakes(ids, 1); }, "quiet"), "batch-make"),
      keyed(button("Export", "The starred takes of each, or its first", () => {
        if (takes().length === 0) toast("The selected recordings have no takes yet.", "error");
        else this.onExport(takes());
      }, "quiet"), "batch-export"),
      keyed(button("Cast…", "The same person in all of them", () => { void this.cast(ids); }, "quiet"), "batch-cast"),
      keyed(button("Remove", "From the project; files stay", () => { void this.remove(ids); }, "quiet"), "batch-remove"),
    );
  }

  /** One character for every take of the chosen recordings. */
  private async cast(ids: string[]): Promise<void> {
    const name = await askText("Cast", "", "Character's name: the same person in every recording; empty for none", "Cast");
    if (name === undefined) return;
    const group = `cast ${Date.now()}`;
    for (const [take, entry] of Object.entries(this.store.project.takes)) {
      if (!ids.includes(entry.sound)) continue;
      const settings = { ...entry.settings, character: name || null };
      await this.actions.change(take, "cast", { settings }, group);
    }
    toast(name ? `${name} plays them.` : "No character.");
  }
}
