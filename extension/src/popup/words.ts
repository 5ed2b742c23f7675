// Each way things can stand, in words: what it is, what to do, and the button that does it.
import type { Standing } from "../background/link.ts";

export interface Card { kind: "" | "warn" | "bad"; title: string; text: string; action?: { do: string; words: string } }

const OPEN = { do: "start", words: "Open the Fluxdesk window" };
const AGAIN = { do: "look", words: "Look again" };

/** Between the press of the button and the first word of the desktop. */
export const STARTING: Card = { kind: "", title: "Starting Fluxdesk", text: "Its window opens in a moment. This changes by itself when it answers." };

export function cardFor(standing: Standing): Card | null {
  switch (standing.phase) {
    case "host_missing":
      return {
        kind: "warn", title: "Fluxdesk is not installed for this browser", action: AGAIN,
        text: "The browser finds no bridge to Fluxdesk. Install Fluxdesk and start it once, or run `fluxdesk browsers install`: it writes what the browser needs. A browser from snap or flatpak cannot start programs outside; use one from a package.",
      };
    case "wrong_caller":
      return { kind: "bad", title: "Another extension", text: "Fluxdesk does not know this copy of the extension. Remove it and load the one that came with Fluxdesk." };
    case "version_mismatch":
      return { kind: "warn", title: "Versions do not fit", text: standing.reason || "Update the older of extension and Fluxdesk.", action: AGAIN };
    case "app_not_running":
      return {
        kind: "", title: "Fluxdesk is not running", text: "Accounts and signatures need it. What is shown below was heard earlier.",
        action: standing.canStart ? { do: "start", words: "Start Fluxdesk" } : AGAIN,
      };
    case "unsafe_runtime": return { kind: "bad", title: "The runtime folder is open to others", text: standing.reason, action: AGAIN };
    case "key_changed":
      return {
        kind: "bad", title: "Fluxdesk shows another key", action: { do: "forget", words: "Forget the old pairing" },
        text: "It is not the desktop this browser was paired with, so nothing was sent. If you have installed Fluxdesk anew, forget the old pairing and pair again. If not, something stands between the two.",
      };
    case "not_paired":
      return {
        kind: "", title: "Not paired yet", action: { do: "pair", words: "Pair with Fluxdesk" },
        text: standing.reason || "Both sides will show six digits. Compare them and say yes in both places.",
      };
    case "confirmed": return { kind: "", title: "Now say yes in the Fluxdesk window", text: `The digits there are ${standing.code ?? "the same"}.`, action: OPEN };
    case "closed": return { kind: "", title: "The link to Fluxdesk ended", text: standing.reason, action: AGAIN };
    case "ready":
      return standing.state?.locked ? { kind: "", title: "Locked", text: "Unlock it in the Fluxdesk window. Sites see no account until then.", action: OPEN } : null;
    default: return null;
  }
}

export function agentWord(standing: Standing): string {
  if (standing.phase !== "ready") return standing.phase === "app_not_running" ? "Agent not running" : "Agent not reached";
  return standing.state?.locked ? "Agent locked" : "Agent unlocked";
}

/** How long ago, in one word with its unit; the popup never shows an old fact without it. */
export function age(from: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - from) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
}

export const left = (until: number, now: number): string => {
  const seconds = Math.max(0, Math.round((until - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
};

export const short = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`;

/** A name from a chain: shown as it is, but for what would hide or turn other text. */
export const plain = (text: string, most = 64): string => text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, "▯").slice(0, most);

/** A site by its host, with the scheme where it is not https. */
export const host = (origin: string): string => origin.replace(/^https:\/\//, "");
