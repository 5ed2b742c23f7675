// What a site has been given, as the agent last said it. Locked, nobody has anything.
import type { Grant } from "../protocol/types.ts";
import type { Standing } from "./link.ts";

export function grantOf(standing: Standing, origin: string, family: "evm" | "solana"): Grant | null {
  if (standing.phase !== "ready" || !standing.state || standing.state.locked) return null;
  return standing.state.grants.find((grant) => grant.origin === origin && grant.accounts.some((id) => id.startsWith(`${family}:`))) ?? null;
}
