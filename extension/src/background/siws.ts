// Sign In With Solana: the text that is signed (the ABNF of the wallet standard's feature solana:signIn). The domain is the
// site's own, whatever the site says.
import { Refusal } from "./refusal.ts";

type Input = { [name: string]: unknown };

const FIELDS: readonly (readonly [string, string])[] = [
  ["uri", "URI"], ["version", "Version"], ["chainId", "Chain ID"], ["nonce", "Nonce"], ["issuedAt", "Issued At"],
  ["expirationTime", "Expiration Time"], ["notBefore", "Not Before"], ["requestId", "Request ID"],
];

export function signInText(input: Input, address: string, host: string): string {
  const domain = line(input, "domain") ?? host;
  if (domain !== host) throw new Refusal("malformed", `The site is ${host} and asks to sign in at ${domain.slice(0, 100)}.`);
  const parts = [`${domain} wants you to sign in with your Solana account:`, address];
  const statement = line(input, "statement");
  if (statement) parts.push("", statement);
  const fields = FIELDS.flatMap(([name, label]) => {
    const value = line(input, name);
    return value === null ? [] : [`${label}: ${value}`];
  });
  const resources = input["resources"];
  if (Array.isArray(resources) && resources.length > 0) {
    fields.push("Resources:", ...resources.map((one) => `- ${line({ one }, "one") ?? ""}`));
  }
  if (fields.length > 0) parts.push("", ...fields);
  return parts.join("\n");
}

/** A value of one line: a line feed would forge the fields after it. */
function line(input: Input, name: string): string | null {
  const value = Object.hasOwn(input, name) ? input[name] : null;
  if (value == null) return null;
  if (typeof value !== "string" || value.length > 1000 || /[\r\n]/.test(value)) throw new Refusal("malformed", `\`${name}\` is one line of text.`);
  return value;
}
