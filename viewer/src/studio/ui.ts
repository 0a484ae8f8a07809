// Small parts of panels.
import { make } from "../dom";

export function button(text: string, title: string, onClick: () => void, className = ""): HTMLButtonElement {
  const made = make("button", className, text);
  made.type = "button";
  if (title) made.title = title;
  made.addEventListener("click", onClick);
  return made;
}

/** Marks what stays the same thing when a panel is built anew, so that the keyboard stays on it. */
export function keyed<T extends HTMLElement>(element: T, key: string): T {
  element.dataset.key = key;
  return element;
}

export function refill(holder: HTMLElement, ...nodes: (Node | undefined)[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && holder.contains(active) ? active.dataset.key : undefined;
  const top = holder.scrollTop;
  holder.replaceChildren(...nodes.filter((node) => node !== undefined));
  holder.scrollTop = top;
  if (key !== undefined) holder.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** Whether somebody is writing in a part of the page, which is then left alone. */
export function busy(holder: HTMLElement): boolean {
  const active = document.activeElement;
  return active instanceof HTMLInputElement && !/checkbox|radio/.test(active.type) && holder.contains(active) && active.value !== active.defaultValue;
}

export function section(title: string, ...nodes: (Node | undefined)[]): HTMLElement {
  const made = make("section", "block");
  if (title) made.append(make("h3", "", title));
  made.append(...nodes.filter((node) => node !== undefined));
  return made;
}

export interface NumberField {
  key: string;
  label: string;
  value: number;
  min?: number | undefined;
  max?: number | undefined;
  step: number;
  unit: string;
  help?: string | undefined;
  onChange: (value: number) => void;
}

export function numberField({ key, label, value, min, max, step, unit, help, onChange }: NumberField): HTMLElement {
  const row = make("label", "field");
  const input = keyed(make("input"), key);
  Object.assign(input, { type: "number", step: String(step), defaultValue: String(Math.round(value * 1000) / 1000) });
  if (min !== undefined) input.min = String(min);
  if (max !== undefined) input.max = String(max);
  if (help !== undefined) row.title = help;
  input.addEventListener("change", () => {
    const asked = Number.parseFloat(input.value);
    input.defaultValue = input.value; // no longer being written
    if (Number.isFinite(asked)) onChange(Math.max(min ?? -Infinity, Math.min(max ?? Infinity, asked)));
  });
  row.append(make("span", "", label), input, make("span", "unit", unit));
  return row;
}

/** Asks for one line of text; undefined where the person thinks better of it. */
export function askText(title: string, value: string, label: string, action = "Save"): Promise<string | undefined> {
  const dialog = make("dialog", "ask");
  const form = make("form");
  form.method = "dialog";
  const heading = make("h2", "", title);
  heading.id = "ask-title";
  dialog.setAttribute("aria-labelledby", "ask-title");
  const row = make("label", "stack");
  const input = make("input");
  Object.assign(input, { type: "text", value, maxLength: 200 });
  row.append(make("span", "", label), input);
  const buttons = make("div", "row end");
  const save = make("button", "primary", action);
  save.value = "yes";
  const cancel = button("Cancel", "", () => {
    dialog.close();
  }, "quiet");
  buttons.append(cancel, save);
  form.append(heading, row, buttons);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  input.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes" ? input.value.trim() : undefined);
      dialog.remove();
    });
  });
}

/** A plain question before something goes. */
export function ask(title: string, text: string, action: string): Promise<boolean> {
  const dialog = make("dialog", "ask");
  const heading = make("h2", "", title);
  heading.id = "ask-title";
  dialog.setAttribute("aria-labelledby", "ask-title");
  const buttons = make("div", "row end");
  let yes = false;
  buttons.append(
    button("Cancel", "", () => {
      dialog.close();
    }, "quiet"),
    button(action, "", () => {
      yes = true;
      dialog.close();
    }, "primary"),
  );
  dialog.append(heading, make("p", "", text), buttons);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(yes);
      dialog.remove();
    });
  });
}
