// The few DOM helpers all parts share. Text only ever enters through textContent.

export function byId(id: string): HTMLElement;
export function byId<T extends HTMLElement>(id: string, type: new () => T): T;
export function byId(id: string, type: new () => HTMLElement = HTMLElement): HTMLElement {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page lacks #${id}`);
  return element;
}

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, className = "", text = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

const ICONS = {
  play: '<path d="M7 4.8v14.4a.8.8 0 0 0 1.2.7l11.3-7.2a.8.8 0 0 0 0-1.4L8.2 4.1a.8.8 0 0 0-1.2.7z" fill="currentColor" stroke="none"/>',
  pause: '<path d="M7 4.5h3v15H7zM14 4.5h3v15h-3z" fill="currentColor" stroke="none"/>',
  loop: '<path d="M17 3l3 3-3 3M4 11V9a3 3 0 0 1 3-3h13M7 21l-3-3 3-3M20 13v2a3 3 0 0 1-3 3H4"/>',
  sound: '<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11"/>',
  muted: '<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5"/>',
  zoomIn: '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5M10.5 8v5M8 10.5h5"/>',
  zoomOut: '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5M8 10.5h5"/>',
  sun: '<circle cx="12" cy="12" r="4"/><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.600l1.1 1.100M17.3 17.300l1.1 1.100M5.6 18.400l1.1-1.100M17.3 6.700l1.1-1.1"/>',
  moon: '<path d="M19.5 14.200A7.8 7.8 0 0 1 9.8 4.500a7.8 7.8 0 1 0 9.7 9.700z"/>',
  info: '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>',
  undo: '<path d="M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"/>',
  redo: '<path d="M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3"/>',
  magnet: '<path d="M6 4v8a6 6 0 0 0 12 0V4h-4v8a2 2 0 0 1-4 0V4zM6 8h4M14 8h4"/>',
  close: '<path d="M6 6l12 12M18 6L6 18"/>',
} as const;
export type IconName = keyof typeof ICONS;

/** Shows an icon on a button, with the label for people who do not see it and as its tooltip. */
export function dress(button: HTMLButtonElement, icon: IconName, label: string, hint = ""): void {
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${ICONS[icon]}</svg>`;
  button.setAttribute("aria-label", label);
  button.title = hint ? `${label} (${hint})` : label;
}

export function clockText(time: number, total: number): string {
  const digits = (value: number): string => String(value).padStart(2, "0");
  const hundredths = Math.round(time * 100);
  const minutes = Math.floor(hundredths / 6000);
  const seconds = `${digits(Math.floor(hundredths / 100) % 60)}.${digits(hundredths % 100)}`;
  return total >= 3600 ? `${Math.floor(minutes / 60)}:${digits(minutes % 60)}:${seconds}` : `${minutes}:${seconds}`;
}
