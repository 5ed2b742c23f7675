// An error as a dApp sees it (EIP-1193, EIP-1474, EIP-5792), made from the refusals of the protocol.
import { REFUSALS } from "../protocol/check.ts";

export interface PageError { code: number; message: string; data?: unknown }

export class Refusal extends Error {
  constructor(readonly code: string, reason?: string) {
    super(reason || REFUSALS[code]?.meaning || "Fluxdesk refused.");
  }

  toPage(): PageError {
    return { code: REFUSALS[this.code]?.number ?? -32603, message: this.message, data: { reason: this.code } };
  }
}

const REVERTED = 3;

/** What a chain's endpoint answered instead of a result: its own number and data, which dApps read errors of contracts from. */
export class ChainRefusal extends Refusal {
  constructor(readonly number: unknown, message: string, readonly data: unknown) {
    super("node_failed", number === REVERTED ? `execution reverted: ${message}` : message);
  }

  override toPage(): PageError {
    // numbers outside of these ranges mean something else to a dApp, such as "the user said no"
    const own = typeof this.number === "number" && Number.isInteger(this.number)
      && (this.number === REVERTED || (this.number >= -32768 && this.number <= -32000));
    return { code: own ? (this.number as number) : -32603, message: this.message, ...(this.data == null ? {} : { data: this.data }) };
  }
}

export function toPage(error: unknown): PageError {
  return (error instanceof Refusal ? error : new Refusal("failed")).toPage();
}
