// Whoever asks: one page of one origin, and what its requests go through.
import { isObject } from "../protocol/check.ts";
import type { Chains } from "./chains.ts";
import type { Link } from "./link.ts";
import { ChainRefusal, Refusal } from "./refusal.ts";
import type { Site } from "./sites.ts";

export interface Asker {
  readonly site: Site;
  readonly origin: string;
  readonly link: Link;
  readonly chains: Chains;
  /** An id for a request to the agent; the request is taken back when the page goes. Throws `Refusal` once it is gone. */
  readonly newId: () => string;
}

/** A read of a chain, by the list of the protocol. Throws `Refusal`. */
export async function rpc(link: Link, chain: string, method: string, params: unknown[]): Promise<unknown> {
  const answer = await link.ask("rpc", { chain, method, params });
  if (!isObject(answer)) throw new Refusal("node_failed");
  const error = answer["error"];
  if (isObject(error)) throw new ChainRefusal(error["code"], String(error["message"] ?? "").slice(0, 300), error["data"]);
  return answer["result"];
}
