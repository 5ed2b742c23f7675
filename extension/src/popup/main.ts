// The popup: first what was kept, at once, then how things stand now. Nothing can be approved in it.
import type { Kept } from "../background/cache.ts";
import type { Standing } from "../background/link.ts";
import { age, agentWord, cardFor, left, plain, short } from "./words.ts";

const kept: Partial<Kept> = {};
let standing: Standing | null = null;
let problem = "";
let node: string | null = null;
let port: chrome.runtime.Port;

const $ = (id: string): HTMLElement => document.getElementById(id)!;

function el(tag: string, className: string, ...inside: (Node | string)[]): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...inside);
  return node;
}

function button(words: string, className: string, act: () => void): HTMLElement {
  const node = el("button", className, words);
  node.addEventListener("click", act);
  return node;
}

const say = (message: object): void => port.postMessage(message);

function draw(): void {
  const now = Date.now();
  const live = standing && standing.phase !== "idle" && standing.phase !== "connecting" ? standing : null;
  const state = (live?.phase === "ready" ? live.state : null) ?? kept.state ?? null;
  const old = live?.phase !== "ready";
  const parts: Node[] = [];
  if (problem) parts.push(el("div", "card bad", el("div", "small", problem)));
  if (live?.phase === "comparing") parts.push(compare(live.code ?? ""));
  const card = live ? cardFor(live) : null;
  if (card) {
    const box = el("div", `card ${card.kind}`, el("div", "strong", card.title), el("p", "small", card.text));
    box.dataset["phase"] = live!.phase === "ready" ? "locked" : live!.phase;
    if (card.action) box.append(button(card.action.words, "", () => say({ do: card.action!.do })));
    parts.push(box);
  }
  if (state && !state.locked) {
    parts.push(accounts(state.accounts, old ? age(kept.heard ?? now, now) : ""));
    if (!old && state.waiting.length > 0) parts.push(waiting(state.waiting, now));
  }
  parts.push(launches(now));
  if (state && !state.locked && !old) parts.push(sites(state.grants));
  $("main").replaceChildren(...parts);
  const mode = state?.mode ?? null;
  $("mode").hidden = mode === null;
  $("mode").textContent = mode === "live" ? "LIVE" : "PRACTICE";
  document.body.classList.toggle("live", mode === "live");
  const ready = live?.phase === "ready";
  $("dot").classList.toggle("on", ready);
  $("link").textContent = live ? (ready ? (node ? "Paired" : "Paired with Fluxdesk desktop") : "Not connected") : "Looking for Fluxdesk";
  $("agent").textContent = live ? [node ? "Node not running" : "", agentWord(live)].filter(Boolean).join(" · ") : "";
}

function compare(code: string): HTMLElement {
  return el("div", "card warn", el("div", "strong", "Does Fluxdesk show the same six digits?"), el("div", "digits", code),
    button("They are the same", "", () => say({ do: "compared", same: true })),
    button("They differ", "plain", () => say({ do: "compared", same: false })));
}

function accounts(list: { id: string; label: string }[], heard: string): HTMLElement {
  const section = el("section", "accounts", el("h2", "", "Accounts", el("span", "grow"), heard && `heard ${heard} ago`));
  for (const { id, label } of list.slice(0, 6)) {
    const address = id.slice(id.indexOf(":") + 1);
    const name = el("span", "mono", short(address));
    name.title = address;
    section.append(el("div", "row", el("span", "strong one-line", plain(label)), name, el("span", "grow"),
      el("span", "micro", id.startsWith("evm:") ? "EVM" : "Solana"),
      button("Copy", "text", () => void navigator.clipboard.writeText(address))));
  }
  if (list.length === 0) section.append(el("div", "small quiet", "No account yet. Make one in the Fluxdesk window."));
  return section;
}

function waiting(list: { origin: string; sentence: string; danger: number; expires_unix_ms: number }[], now: number): HTMLElement {
  const first = list[0]!;
  const count = list.length === 1 ? "1 request is waiting" : `${list.length} requests are waiting`;
  const host = first.origin.replace(/^https?:\/\//, "");
  const danger = ["", "", "", " Danger: raised.", " Danger: high.", " Danger: very high."][first.danger] ?? "";
  return el("div", "card warn", el("div", "row", el("span", "strong", count), el("span", "grow"), el("span", "micro", left(first.expires_unix_ms, now))),
    el("p", "small", `${host}: ${first.sentence}${danger}`),
    button("Review in the Fluxdesk window", "", () => say({ do: "start" })),
    el("div", "micro", "Nothing can be approved in the browser."));
}

function launches(now: number): HTMLElement {
  const heard = kept.launchesHeard;
  const section = el("section", "launches", el("h2", "", "Newest launches", el("span", "grow"), heard ? `heard ${age(heard, now)} ago` : ""));
  for (const one of kept.launches ?? []) {
    section.append(el("div", "row", el("span", "strong", plain(one.symbol) || "?"), el("span", "quiet one-line", plain(one.name)), el("span", "grow"),
      el("span", "micro", one.seen_ms ? `${age(one.seen_ms, now)} old` : "")));
  }
  if (!kept.launches?.length) section.append(el("div", "small quiet", "None heard yet. They come from the Fluxdesk node."));
  return section;
}

function sites(grants: { origin: string; accounts: string[] }[]): HTMLElement {
  const section = el("section", "sites", el("h2", "", "Connected sites"));
  for (const { origin, accounts: list } of grants) {
    section.append(el("div", "row", el("span", "one-line", origin.replace(/^https:\/\//, "")), el("span", "grow"),
      el("span", "micro", list.length === 1 ? "1 account" : `${list.length} accounts`),
      button("Disconnect", "text", () => say({ do: "disconnect", origin }))));
  }
  if (grants.length === 0) section.append(el("div", "small quiet", "None."));
  return section;
}

async function main(): Promise<void> {
  Object.assign(kept, await chrome.storage.local.get(["state", "heard", "launches", "launchesHeard"]));
  draw();
  performance.mark("painted");
  port = chrome.runtime.connect({ name: "popup" });
  port.onMessage.addListener((message: { standing?: Standing; problem?: string; node?: string }) => {
    if (message.standing) standing = message.standing;
    if (message.node !== undefined) node = message.node;
    problem = message.problem && standing?.phase === "ready" ? message.problem : "";
    draw();
  });
  chrome.storage.local.onChanged.addListener((changes) => {
    for (const [name, change] of Object.entries(changes)) Object.assign(kept, { [name]: change.newValue });
    draw();
  });
  setInterval(draw, 1000);
  say({ do: "look" });
}

void main();
