// The first view: what waits, accounts and what they hold, the site of this tab, the newest launches.
import type { Launch } from "../background/cache.ts";
import type { Chain } from "../background/chains.ts";
import type { Account, Grant, Waiting } from "../protocol/types.ts";
import { amount, change, exactAmount, rough } from "./amounts.ts";
import { button, choice, el, icon, labelled, since, until } from "./dom.ts";
import { addressOf, chainsOf, type Facts, family, holding, isReady, live, selected, shownState } from "./facts.ts";
import { cardFor, host, plain, short, STARTING } from "./words.ts";

export interface Acts { say: (message: object) => void; look: (change: object) => void; copied: () => void }
interface Part { name: string; key: unknown; draw: () => Node }

export function home(facts: Facts, acts: Acts): Part[] {
  const now = live(facts);
  const state = shownState(facts);
  const ready = isReady(facts);
  const parts: Part[] = [];
  if (facts.problem) parts.push({ name: "problem", key: facts.problem, draw: () => el("div", "card bad", el("div", "small", facts.problem)) });
  if (now?.phase === "comparing") parts.push({ name: "compare", key: now.code, draw: () => compare(now.code ?? "", acts) });
  const card = facts.starting ? STARTING : now && cardFor(now);
  if (card) {
    const phase = facts.starting ? "starting" : now!.phase === "ready" ? "locked" : now!.phase;
    parts.push({ name: "card", key: [phase, card], draw: () => cardPart(phase, card, acts) });
  }
  if (state) {
    const heard = ready ? null : (facts.kept.heard ?? null);
    const { look } = facts.kept;
    parts.push({ name: "accounts", key: [state.accounts, heard, look, facts.kept.chains, facts.kept.balances], draw: () => accounts(facts, state.accounts, heard, acts) });
    if (ready && state.waiting.length > 0) parts.push({ name: "waiting", key: state.waiting, draw: () => waiting(state.waiting, acts) });
    if (ready) {
      const mine = state.grants.filter((grant) => grant.origin === facts.site);
      parts.push({ name: "site", key: [facts.site, mine, state.grants.length], draw: () => site(facts.site, mine, state.grants, acts) });
    }
  }
  const { launches, launchesHeard, look } = facts.kept;
  if (!look?.noLaunches) parts.push({ name: "launches", key: [launches, launchesHeard], draw: () => newest(launches ?? [], launchesHeard ?? null) });
  return parts;
}

function cardPart(phase: string, card: NonNullable<ReturnType<typeof cardFor>>, acts: Acts): HTMLElement {
  const box = el("div", `card ${card.kind}`, el("div", "strong titled", phase === "locked" && icon("lock"), card.title), el("p", "small", card.text));
  box.dataset["phase"] = phase;
  if (card.action) {
    const { do: what, words } = card.action;
    box.append(button(words, "primary", "card", () => acts.say({ do: what })));
  }
  return box;
}

function compare(code: string, acts: Acts): HTMLElement {
  const digits = el("div", "digits", el("span", "", code.slice(0, 3)), el("span", "", code.slice(3)));
  digits.setAttribute("aria-label", [...code].join(" "));
  return el("div", "card warn", el("div", "strong", "Does Fluxdesk show the same six digits?"), digits,
    button("They are the same", "primary", "same", () => acts.say({ do: "compared", same: true })),
    button("They differ", "plain", "differ", () => acts.say({ do: "compared", same: false })));
}

function accounts(facts: Facts, list: Account[], heard: number | null, acts: Acts): HTMLElement {
  const section = el("section", "accounts");
  if (heard !== null) section.append(el("h2", "", "Accounts", el("span", "grow"), since("", "heard {} ago", heard)));
  const chosen = selected(facts, list);
  if (!chosen) {
    section.append(el("div", "small quiet", "No account yet. Make one in the Fluxdesk window."));
    return section;
  }
  const chains = chainsOf(facts, chosen.id);
  const chain = chains[0] ?? null;
  section.append(el("div", "row", el("span", "small one-line", plain(chosen.label)), address(chosen.id, acts), el("span", "grow"), chainChoice(facts, chosen.id, chains, acts)));
  section.append(worth(facts, chosen.id, chain));
  for (const other of list.filter(({ id }) => id !== chosen.id).slice(0, 8)) {
    const name = button(plain(other.label), "text one-line", `account ${other.id}`, () => acts.look({ account: other.id }));
    name.title = `Show ${plain(other.label)}`;
    section.append(el("div", "row other", name, address(other.id, acts), el("span", "grow"), el("span", "small", held(facts, other.id))));
  }
  return section;
}

function address(id: string, acts: Acts): HTMLElement {
  const whole = addressOf(id);
  const shown = el("span", "mono", short(whole));
  shown.title = whole;
  const copy = labelled(button(icon("copy"), "glyph", `copy ${id}`, () => {
    void navigator.clipboard.writeText(whole).then(() => {
      copy.replaceChildren(icon("tick"));
      setTimeout(() => copy.replaceChildren(icon("copy")), 1200);
      acts.copied();
    });
  }), `Copy ${whole}`);
  return el("span", "address", shown, copy);
}

function chainChoice(facts: Facts, account: string, chains: Chain[], acts: Acts): HTMLElement | null {
  if (chains.length === 0) return null;
  const kind = family(account);
  const named = (chain: Chain): string => plain(chain.name) + (chain.practice ? ` · ${plain(chain.practice)}` : "");
  if (chains.length === 1) return el("span", "small quiet one-line", named(chains[0]!));
  const options = chains.toSorted((a, b) => a.name.localeCompare(b.name)).map((one) => ({ value: one.id, words: named(one) }));
  return choice("small", "chain", "Chain", options, chains[0]!.id, (id) => acts.look({ chains: { ...facts.kept.look?.chains, [kind]: id } }));
}

function worth(facts: Facts, account: string, chain: Chain | null): HTMLElement {
  const found = chain && holding(facts, chain.id, account);
  if (!found) return el("div", "worth", el("span", "quiet", chain ? "Not read yet" : "The node names no chain for it"));
  const figure = found.native === null ? el("span", "quiet", "Unknown") : el("span", "hero", amount(found.native, found.decimals), el("span", "unit", ` ${plain(found.symbol)}`));
  if (found.native !== null) figure.title = `${exactAmount(found.native, found.decimals)} ${plain(found.symbol)}`;
  const box = el("div", "", el("div", "worth", figure, el("span", "grow"), since("micro", "read {} ago", found.read)));
  if (found.problem) box.append(el("div", "micro", found.problem));
  const shown = found.tokens.filter((token) => token.amount !== "0");
  for (const { asset, symbol, amount: units, decimals } of shown.slice(0, 3)) {
    const mint = el("span", "mono", short(asset));
    mint.title = symbol ? `${asset} calls itself ${plain(symbol)}` : asset;
    const text = units === null ? "unknown" : decimals === null ? `${units} units` : amount(units, decimals);
    box.append(el("div", "token", symbol && el("span", "small", plain(symbol)), mint, el("span", "grow"), el("span", "small", text)));
  }
  if (shown.length > 3) box.append(el("div", "micro", `and ${shown.length - 3} more tokens, in the Fluxdesk window`));
  return box;
}

function held(facts: Facts, account: string): string {
  const chain = chainsOf(facts, account)[0];
  const found = chain && holding(facts, chain.id, account);
  if (!found) return family(account) === "evm" ? "EVM" : "Solana";
  return found.native === null ? "unknown" : `${amount(found.native, found.decimals)} ${plain(found.symbol)}`;
}

function waiting(list: Waiting[], acts: Acts): HTMLElement {
  const first = list.toSorted((a, b) => a.expires_unix_ms - b.expires_unix_ms)[0]!;
  const count = list.length === 1 ? "1 request is waiting" : `${list.length} requests are waiting`;
  const danger = ["", "", "", " Danger: raised.", " Danger: high.", " Danger: very high."][first.danger] ?? "";
  return el("div", "card warn", el("div", "row", icon("key"), el("span", "strong", count), el("span", "grow"), until("micro", first.expires_unix_ms)),
    el("p", "small", `${host(first.origin)}: ${plain(first.sentence, 400)}${danger}`),
    button("Review in the Fluxdesk window", "primary", "review", () => acts.say({ do: "start" })),
    el("div", "micro", "Nothing can be approved in the browser."));
}

function site(origin: string | null, mine: Grant[], all: Grant[], acts: Acts): HTMLElement {
  const others = new Set(all.map((grant) => grant.origin)).size - (mine.length > 0 ? 1 : 0);
  const count = mine.reduce((sum, grant) => sum + grant.accounts.length, 0);
  const row = el("div", "row", icon("globe"));
  if (origin === null) row.append(el("span", "quiet", "This page has not asked for an account"));
  else {
    const name = el("span", "one-line", host(origin));
    name.title = origin;
    row.append(name, el("span", "grow"), el("span", "small quiet nowrap", count === 0 ? "not connected" : count === 1 ? "1 account" : `${count} accounts`));
    if (count > 0) row.append(button("Disconnect", "text", "disconnect", () => acts.say({ do: "disconnect", origin })));
  }
  const section = el("section", "sites", row);
  if (others > 0) section.append(el("div", "micro", others === 1 ? "1 other site is connected; it is in the settings." : `${others} other sites are connected; they are in the settings.`));
  return section;
}

function newest(list: Launch[], heard: number | null): HTMLElement {
  const section = el("section", "launches", el("h2", "", "Newest launches", el("span", "grow"), heard !== null && since("", "heard {} ago", heard)));
  for (const one of list) section.append(launchRow(one));
  if (list.length === 0) section.append(el("div", "small quiet", "None heard yet. They come from the Fluxdesk node."));
  return section;
}

function launchRow(one: Launch): HTMLElement {
  const symbol = plain(one.symbol) || "?";
  const tone = [...one.mint].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 6, 7) % 6;
  const avatar = el("span", `avatar tone${tone}`, [...symbol][0]!.toUpperCase());
  avatar.setAttribute("aria-hidden", "true");
  const moved = one.change === null ? null : change(one.change);
  const mint = el("span", "mono", short(one.mint));
  mint.title = one.mint;
  const value = one.worth === null ? "?" : `${rough(one.worth)} ${plain(one.unit)}`;
  const worthOf = el("div", "strong", value);
  worthOf.title = "Last price times total supply, from the node";
  return el("div", "row launch", avatar,
    el("div", "lines", el("div", "one-line", el("span", "strong", symbol), " ", el("span", "quiet", plain(one.name))), el("div", "one-line", mint, one.seen_ms > 0 && since("micro", " · {} old", one.seen_ms))),
    el("span", "grow"), el("div", "figures", worthOf, moved ? el("div", moved.up ? "micro buy" : "micro sell", moved.words) : el("div", "micro", "no trade yet")));
}
