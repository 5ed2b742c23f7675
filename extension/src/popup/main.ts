// The popup: first what was kept, at once, then how things stand now. Nothing can be approved in it.
import type { Kept, Look } from "../background/cache.ts";
import type { Standing } from "../background/link.ts";
import { button, byId, icon, labelled, Parts, tick } from "./dom.ts";
import { addressOf, chainsOf, fresh, isReady, live, selected, shownState } from "./facts.ts";
import { type Acts, home } from "./home.ts";
import { settings } from "./settings.ts";
import { agentWord } from "./words.ts";

const RENEW_MS = 10_000;
const KEPT: (keyof Kept)[] = ["state", "heard", "launches", "launchesHeard", "chains", "balances", "look"];
const facts = fresh();
const main = new Parts(byId("main"));
const tools = new Parts(byId("tools"));
let port: chrome.runtime.Port | null = null;
let read = "";

const acts: Acts & { ask: (yes: boolean) => void } = {
  say: (message) => port?.postMessage(message),
  look: (change) => {
    const look: Look = { ...facts.kept.look, ...change };
    facts.kept.look = look;
    dress(look);
    void chrome.storage.local.set({ look });
    draw();
  },
  copied: () => { byId("said").textContent = "Copied"; },
  ask: (yes) => {
    facts.asksToForget = yes;
    draw();
  },
};

/** Dark or light is also kept where it can be read before the first paint. */
function dress({ theme }: Look): void {
  document.documentElement.dataset["theme"] = theme ?? "";
  theme ? localStorage.setItem("theme", theme) : localStorage.removeItem("theme");
}

function draw(): void {
  main.show(facts.view === "home" ? home(facts, acts) : settings(facts, acts));
  const there = facts.view === "home";
  tools.show([{ name: "tools", key: there, draw: () => labelled(button(icon(there ? "gear" : "back"), "glyph", "view", () => {
    facts.view = there ? "settings" : "home";
    facts.asksToForget = false;
    draw();
  }), there ? "Settings" : "Back") }]);
  byId("title").textContent = there ? "Fluxdesk" : "Settings";
  const now = live(facts);
  const mode = (isReady(facts) ? now!.state : facts.kept.state)?.mode ?? null;
  byId("mode").hidden = mode === null;
  byId("mode").textContent = mode === "live" ? "LIVE" : "PRACTICE";
  document.body.className = mode ?? "";
  byId("dot").classList.toggle("on", isReady(facts));
  const { node } = facts;
  byId("link").textContent = now ? (isReady(facts) ? (node?.code ? "Paired" : "Paired with Fluxdesk desktop") : "Not connected") : "Looking for Fluxdesk";
  const nodeWord = node?.code ? "Node not running" : node?.ms != null && isReady(facts) ? `Node ${node.ms} ms` : "";
  byId("agent").textContent = now ? [nodeWord, agentWord(now)].filter(Boolean).join(" · ") : "";
  readBalances();
}

/** Asks for what is shown: the chosen account's chain, and for the others their own. Once for each of them, and when it is time again. */
function readBalances(): void {
  const state = shownState(facts);
  if (!port || !state || !isReady(facts)) return;
  const wanted = new Map<string, string[]>();
  const chosen = selected(facts, state.accounts);
  for (const { id } of state.accounts.toSorted((a, b) => Number(b === chosen) - Number(a === chosen)).slice(0, 9)) {
    const chain = chainsOf(facts, id)[0];
    if (chain) wanted.set(chain.id, [...(wanted.get(chain.id) ?? []), addressOf(id)]);
  }
  const key = JSON.stringify([...wanted]);
  if (key === read) return;
  read = key;
  for (const [chain, accounts] of wanted) acts.say({ do: "balances", chain, accounts });
}

async function site(): Promise<void> {
  const named = new URLSearchParams(location.search).get("tab"); // the popup opened as a page, of which tab it is to speak
  const [tab] = named === null ? await chrome.tabs.query({ active: true, currentWindow: true }) : [{ id: Number(named) }];
  if (tab?.id !== undefined) acts.say({ do: "site", tab: tab.id });
}

interface Heard { standing?: Standing; problem?: string; node?: { code: string; ms: number | null }; site?: string | null; starting?: boolean }

function hear(message: Heard): void {
  if (message.standing) facts.standing = message.standing;
  if (message.node) facts.node = message.node;
  if (message.site !== undefined) facts.site = message.site;
  if (message.starting !== undefined) facts.starting = message.starting;
  if (message.standing || message.problem !== undefined) facts.problem = message.problem ?? "";
  draw();
}

function connect(): void {
  port = chrome.runtime.connect({ name: "popup" });
  port.onMessage.addListener(hear);
  port.onDisconnect.addListener(() => { // the worker was put to sleep or renewed
    port = null;
    read = "";
    setTimeout(connect, 200);
  });
  acts.say({ do: "look" });
  void site();
}

async function start(): Promise<void> {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset["theme"] = theme;
  Object.assign(facts.kept, (await chrome.storage.local.get<Partial<Kept>>(KEPT)));
  draw();
  performance.mark("drawn");
  requestAnimationFrame(() => setTimeout(() => performance.mark("painted"))); // after the frame with these data
  connect();
  chrome.storage.local.onChanged.addListener((changes) => {
    for (const [name, change] of Object.entries(changes)) if (KEPT.includes(name as keyof Kept)) Object.assign(facts.kept, { [name]: change.newValue });
    draw();
  });
  setInterval(tick, 1000);
  setInterval(() => {
    read = "";
    acts.say({ do: "renew" });
    draw();
  }, RENEW_MS);
}

void start();
