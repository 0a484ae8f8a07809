// Light and dark: the system's choice until the person chooses.
import { byId, dress } from "./dom";

export function setUpTheme(chosen: "light" | "dark" | undefined, onChange: () => void): () => void {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = byId("theme", HTMLButtonElement);
  const isDark = (): boolean => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const refresh = (): void => {
    dress(button, isDark() ? "sun" : "moon", isDark() ? "Light" : "Dark", "T");
    onChange();
  };
  const toggle = (): void => {
    root.dataset.theme = isDark() ? "light" : "dark";
    refresh();
  };
  if (chosen) root.dataset.theme = chosen;
  button.addEventListener("click", toggle);
  system.addEventListener("change", refresh);
  refresh();
  return toggle;
}
