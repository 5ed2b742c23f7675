// Elements made from text, never from markup; drawn again only where something changed, so that focus and a click half done
// survive; and the words that count seconds.
import { age, left } from "./words.ts";

export type Inside = Node | string | null | false | undefined;

export function el(tag: string, className: string, ...inside: Inside[]): HTMLElement {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...inside.filter((one): one is Node | string => one !== null && one !== undefined && one !== false && one !== ""));
  return node;
}

export const byId = (id: string): HTMLElement => document.getElementById(id)!;

/** `name` keeps the focus on it when it is drawn again. */
export function button(words: Inside, className: string, name: string, act: () => void): HTMLButtonElement {
  const node = el("button", className, words) as HTMLButtonElement;
  node.type = "button";
  node.dataset["name"] = name;
  node.addEventListener("click", act);
  return node;
}

export function labelled<T extends HTMLElement>(node: T, label: string): T {
  node.setAttribute("aria-label", label);
  node.title = label;
  return node;
}

export function choice(className: string, name: string, label: string, options: { value: string; words: string }[], chosen: string, act: (value: string) => void): HTMLElement {
  const node = document.createElement("select");
  node.dataset["name"] = name;
  node.setAttribute("aria-label", label);
  for (const { value, words } of options) node.append(new Option(words, value, false, value === chosen));
  node.addEventListener("change", () => act(node.value));
  return el("span", `choice ${className}`, node, icon("down"));
}

const ICONS = {
  key: "M8.5 8.5l5 5m-1.8-1.8l1.6-1.6M6 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  copy: "M6 6h7v7H6zM3 10V3h7",
  tick: "M3 8.5l3.2 3L13 4.5",
  globe: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c2 2 2.6 4 2.6 6S10 12 8 14C6 12 5.4 10 5.4 8S6 4 8 2z",
  down: "M4.5 6.5L8 10l3.5-3.5",
  back: "M10 3.5L5.5 8 10 12.5",
  gear: "M2.5 5h7m3 0h1M2.5 11h1m3 0h7M11 3.5v3M5 9.5v3",
  lock: "M4 7.5h8V13H4zM5.5 7.5V5.2a2.5 2.5 0 0 1 5 0v2.3",
} as const;

export function icon(name: keyof typeof ICONS): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon ${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Words with `{}` in them for how long ago, or how long until. */
export function since(className: string, words: string, at: number): HTMLElement {
  return ticking(el("span", className), "since", words, at);
}

export function until(className: string, at: number): HTMLElement {
  return ticking(el("span", className), "until", "{}", at);
}

function ticking(node: HTMLElement, kind: "since" | "until", words: string, at: number): HTMLElement {
  node.dataset[kind] = String(at);
  node.dataset["words"] = words;
  count(node, Date.now());
  return node;
}

export function tick(): void {
  const now = Date.now();
  for (const node of document.querySelectorAll<HTMLElement>("[data-words]")) count(node, now);
}

function count(node: HTMLElement, now: number): void {
  const { since: from, until: end, words } = node.dataset;
  const text = words!.replace("{}", from === undefined ? left(Number(end), now) : age(Number(from), now));
  if (node.textContent !== text) node.textContent = text;
}

/** One part of the page. `key` holds everything it shows; the same key is the same node. */
export class Parts {
  readonly #drawn = new Map<string, { key: string; node: Node }>();

  constructor(readonly into: HTMLElement) {}

  show(parts: { name: string; key: unknown; draw: () => Node }[]): void {
    const nodes = parts.map(({ name, key, draw }) => {
      const text = JSON.stringify(key) ?? "";
      const before = this.#drawn.get(name);
      if (before?.key === text) return before.node;
      const node = draw();
      this.#drawn.set(name, { key: text, node });
      return node;
    });
    const same = nodes.length === this.into.childNodes.length && nodes.every((node, at) => this.into.childNodes[at] === node);
    if (same) return;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["name"] : undefined;
    this.into.replaceChildren(...nodes);
    if (focused) this.into.querySelector<HTMLElement>(`[data-name="${CSS.escape(focused)}"]`)?.focus();
  }
}
