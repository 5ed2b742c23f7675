// An error as a dApp sees it (EIP-1193), made from the refusals of the protocol.
import { REFUSALS } from "../protocol/check.ts";

export class Refusal extends Error {
  constructor(readonly code: string, reason?: string) {
    super(reason || REFUSALS[code]?.meaning || "Fluxdesk refused.");
  }

  toPage(): { code: number; message: string; data: { reason: string } } {
    return { code: REFUSALS[this.code]?.number ?? -32603, message: this.message, data: { reason: this.code } };
  }
}

export function toPage(error: unknown): { code: number; message: string } {
  return (error instanceof Refusal ? error : new Refusal("failed")).toPage();
}
