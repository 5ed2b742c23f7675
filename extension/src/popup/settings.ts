// The second view: look, connected sites, pairing, versions.
import type { Look } from "../background/cache.ts";
import type { Grant } from "../protocol/types.ts";
import { button, el, icon } from "./dom.ts";
import { type Facts, isReady, live, shownState } from "./facts.ts";
import type { Acts } from "./home.ts";
import { host } from "./words.ts";

interface Part { name: string; key: unknown; draw: () => Node }
const THEMES = [["As the system", undefined], ["Dark", "dark"], ["Light", "light"]] as const;

export function settings(facts: Facts, acts: Acts & { ask: (yes: boolean) => void }): Part[] {
  const look = facts.kept.look ?? {};
  const grants = isReady(facts) ? (shownState(facts)?.grants ?? []) : null;
  const now = live(facts);
  const paired = isReady(facts) || now?.phase === "key_changed";
  return [
    { name: "look", key: ["look", look], draw: () => lookPart(look, acts) },
    { name: "sites", key: ["sites", grants, now?.state?.locked], draw: () => sitesPart(grants, now?.state?.locked === true, acts) },
    { name: "pairing", key: ["pairing", paired, facts.asksToForget], draw: () => pairing(paired, facts.asksToForget, acts) },
    { name: "about", key: ["about", now?.version], draw: () => about(now?.version ?? "") },
  ];
}

function lookPart(look: Look, acts: Acts): HTMLElement {
  const row = el("div", "segments");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Colours");
  for (const [words, theme] of THEMES) {
    const one = button(words, "segment", `theme ${theme}`, () => acts.look({ theme }));
    one.setAttribute("aria-pressed", String(look.theme === theme));
    row.append(one);
  }
  const box = document.createElement("input");
  box.type = "checkbox";
  box.dataset["name"] = "launches";
  box.checked = !look.noLaunches;
  box.addEventListener("change", () => acts.look({ noLaunches: !box.checked }));
  return el("section", "", el("h2", "", "Look"), row, el("label", "row", box, "Show the newest launches"));
}

function sitesPart(grants: Grant[] | null, locked: boolean, acts: Acts): HTMLElement {
  const section = el("section", "connected", el("h2", "", "Connected sites"));
  const why = grants === null ? "They are known when Fluxdesk runs." : locked ? "They are shown when Fluxdesk is unlocked." : grants.length === 0 ? "None." : "";
  if (why) section.append(el("div", "small quiet", why));
  for (const origin of new Set((grants ?? []).map((grant) => grant.origin))) {
    const theirs = grants!.filter((grant) => grant.origin === origin);
    const count = theirs.reduce((sum, grant) => sum + grant.accounts.length, 0);
    const name = el("span", "one-line", host(origin));
    name.title = origin;
    section.append(el("div", "row", icon("globe"), name, el("span", "grow"), el("span", "small quiet nowrap", count === 1 ? "1 account" : `${count} accounts`),
      button("Disconnect", "text", `disconnect ${origin}`, () => acts.say({ do: "disconnect", origin }))));
  }
  return section;
}

function pairing(paired: boolean, asks: boolean, acts: Acts & { ask: (yes: boolean) => void }): HTMLElement {
  const section = el("section", "", el("h2", "", "Pairing"));
  if (!paired) section.append(el("div", "small quiet", "This browser is not connected to a Fluxdesk desktop now."));
  else if (!asks) section.append(button("Forget the pairing", "plain", "forget", () => acts.ask(true)));
  else {
    section.append(el("p", "small", "Sites in this browser see no account until you pair again. Nothing changes in the Fluxdesk window; take the browser away there as well."),
      button("Forget it", "plain danger", "forget it", () => {
        acts.ask(false);
        acts.say({ do: "forget" });
      }), button("Keep it", "plain", "keep it", () => acts.ask(false)));
  }
  return section;
}

function about(desktop: string): HTMLElement {
  return el("section", "", el("h2", "", "About"), el("div", "small", `Extension ${chrome.runtime.getManifest().version}`),
    el("div", "small", desktop ? `Fluxdesk ${desktop}` : "Fluxdesk not reached"),
    el("p", "small quiet", "The keys are in the Fluxdesk desktop. Private windows get no wallet, nor do frames inside of pages."));
}
