// The Solana wallet of a page: Wallet Standard, registered by its two events, without its packages.
import { fromBase58, fromBase64, toBase64 } from "../bytes.ts";
import { ICON, NAME } from "./icon.ts";
import { listen, request } from "./wire.ts";

const CHAINS = ["solana:mainnet", "solana:devnet", "solana:testnet", "solana:localnet"] as const;
const FEATURES = ["solana:signMessage", "solana:signTransaction", "solana:signAndSendTransaction", "solana:signAndSendAllTransactions", "solana:signIn"] as const;

interface Account { address: string; publicKey: Uint8Array; chains: readonly string[]; features: readonly string[]; label?: string }
interface Given { account: Account; chain?: string; message?: Uint8Array; transaction?: Uint8Array; options?: object }
type Change = (properties: { accounts: readonly Account[] }) => void;

let accounts: readonly Account[] = [];
const changes: Change[] = [];

function take(addresses: string[]): readonly Account[] {
  const same = addresses.length === accounts.length && addresses.every((address, at) => accounts[at]!.address === address);
  if (same) return accounts;
  accounts = addresses.map((address) => Object.freeze({ address, publicKey: fromBase58(address), chains: CHAINS, features: FEATURES }));
  for (const change of [...changes]) change({ accounts });
  return accounts;
}

async function signAndSend({ account, chain, transaction, options }: Given): Promise<{ signature: Uint8Array }> {
  const said = await ask("signAndSendTransaction", { account: account.address, chain, transaction: toBase64(transaction!), options });
  return { signature: fromBase58(said as string) };
}

const ask = (method: string, params: object): Promise<unknown> => request("solana", method, params);

const features = {
  "standard:connect": {
    version: "1.0.0",
    connect: async (input?: { silent?: boolean }) => ({ accounts: take((await ask("connect", { silent: input?.silent === true })) as string[]) }),
  },
  "standard:disconnect": {
    version: "1.0.0",
    disconnect: async () => {
      await ask("disconnect", {});
      take([]);
    },
  },
  "standard:events": {
    version: "1.0.0",
    on: (event: string, change: Change) => {
      if (event !== "change") return () => {};
      changes.push(change);
      return () => void (changes.includes(change) && changes.splice(changes.indexOf(change), 1));
    },
  },
  "solana:signMessage": {
    version: "1.1.0",
    signMessage: (...inputs: Given[]) => inOrder(inputs, async ({ account, message }) => ({
      signedMessage: message!,
      signature: fromBase64((await ask("signMessage", { account: account.address, message: toBase64(message!) })) as string),
    })),
  },
  "solana:signTransaction": {
    version: "1.0.0", supportedTransactionVersions: ["legacy", 0],
    signTransaction: (...inputs: Given[]) => inOrder(inputs, async ({ account, chain, transaction }) => ({
      signedTransaction: fromBase64((await ask("signTransaction", { account: account.address, chain, transaction: toBase64(transaction!) })) as string),
    })),
  },
  "solana:signAndSendTransaction": {
    version: "1.0.0", supportedTransactionVersions: ["legacy", 0],
    signAndSendTransaction: (...inputs: Given[]) => inOrder(inputs, signAndSend),
  },
  "solana:signAndSendAllTransactions": {
    version: "1.0.0", supportedTransactionVersions: ["legacy", 0],
    /** In parallel unless told otherwise; in series the ones after a failure are not tried. */
    signAndSendAllTransactions: async (inputs: readonly Given[], options?: { mode?: "parallel" | "serial" }) => {
      if (options?.mode !== "serial") return Promise.allSettled(inputs.map(signAndSend));
      const settled: PromiseSettledResult<{ signature: Uint8Array }>[] = [];
      for (const input of inputs) {
        const before = settled.at(-1);
        const [one] = await Promise.allSettled([before?.status === "rejected" ? Promise.reject(before.reason) : signAndSend(input)]);
        settled.push(one);
      }
      return settled;
    },
  },
  "solana:signIn": {
    version: "1.0.0",
    signIn: (...inputs: object[]) => inOrder(inputs.length > 0 ? inputs : [{}], async (input) => {
      const answer = (await ask("signIn", { input })) as { account: string; accounts: string[]; signedMessage: string; signature: string };
      const account = take(answer.accounts).find((one) => one.address === answer.account)!;
      return { account, signedMessage: fromBase64(answer.signedMessage), signature: fromBase64(answer.signature) };
    }),
  },
};

/** One after the other: the user is asked in the order the site asked. */
async function inOrder<T, R>(inputs: T[], one: (input: T) => Promise<R>): Promise<R[]> {
  const outputs: R[] = [];
  for (const input of inputs) outputs.push(await one(input));
  return outputs;
}

export function offerSolana(): void {
  const wallet = Object.freeze({ version: "1.0.0", name: NAME, icon: ICON, chains: CHAINS, features: Object.freeze(features), get accounts() { return accounts; } });
  listen("solana", (event, data) => {
    if (event === "accountsChanged" && Array.isArray(data)) take(data as string[]);
  });
  const register = (api: { register: (wallet: object) => void }): void => api.register(wallet);
  class Register extends Event {
    get detail(): typeof register { return register; }
  }
  window.addEventListener("wallet-standard:app-ready", (event) => register((event as CustomEvent).detail));
  window.dispatchEvent(new Register("wallet-standard:register-wallet"));
}
