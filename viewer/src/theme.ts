// Light and dark: the system's choice until the person chooses.
import { byId, dress } from "./dom";

export type Theme = "light" | "dark";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
let chosen: Theme | undefined;

function paint(): Theme {
  const theme = chosen ?? (system.matches ? "dark" : "light");
  root.dataset.theme = theme;
  return theme;
}

/** Before anything is drawn. */
export function startTheme(asked: Theme | undefined): void {
  chosen = asked;
  paint();
}

/** The button, and the system's changes; returns what switches between light and dark. */
export function setUpTheme(onChange: () => void): () => void {
  const button = byId("theme", HTMLButtonElement);
  const refresh = (): void => {
    const dark = paint() === "dark";
    dress(button, dark ? "sun" : "moon", dark ? "Light" : "Dark", "T");
    onChange();
  };
  const toggle = (): void => {
    chosen = paint() === "dark" ? "light" : "dark";
    refresh();
  };
  button.addEventListener("click", toggle);
  system.addEventListener("change", refresh);
  refresh();
  return toggle;
}
