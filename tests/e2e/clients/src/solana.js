// A dApp made with Wallet Standard's registry and Solana's kit.
import { getTransferSolInstruction } from "@solana-program/system";
import {
  address, appendTransactionMessageInstruction, compileTransaction, createNoopSigner, createSolanaRpc, createTransactionMessage,
  getPublicKeyFromAddress, getTransactionDecoder, getTransactionEncoder, getUtf8Encoder, pipe, setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash, verifySignature,
} from "@solana/kit";
import { getWallets } from "@wallet-standard/app";

const CHAIN = "solana:localnet";
let wallet, account, rpc;

async function transfer(to, lamports) {
  const { value } = await rpc.getLatestBlockhash().send();
  const me = address(account.address);
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (m) => setTransactionMessageFeePayer(me, m),
    (m) => setTransactionMessageLifetimeUsingBlockhash(value, m),
    (m) => appendTransactionMessageInstruction(
      getTransferSolInstruction({ source: createNoopSigner(me), destination: address(to), amount: BigInt(lamports) }), m),
  );
  return new Uint8Array(getTransactionEncoder().encode(compileTransaction(message)));
}

const ours = async (bytes, signature) => verifySignature(await getPublicKeyFromAddress(address(account.address)), signature, bytes);

window.client = {
  async connect(endpoint) {
    rpc = createSolanaRpc(endpoint);
    wallet = getWallets().get().find(({ name }) => name === "Fluxdesk");
    const { accounts } = await wallet.features["standard:connect"].connect();
    account = accounts[0];
    return { account: account.address, features: Object.keys(wallet.features) };
  },
  async message(text) {
    const message = new Uint8Array(getUtf8Encoder().encode(text));
    const [{ signature, signedMessage }] = await wallet.features["solana:signMessage"].signMessage({ account, message });
    return ours(signedMessage, signature);
  },
  async sign(to, lamports) {
    const transaction = await transfer(to, lamports);
    const [{ signedTransaction }] = await wallet.features["solana:signTransaction"].signTransaction({ account, chain: CHAIN, transaction });
    const { messageBytes, signatures } = getTransactionDecoder().decode(signedTransaction);
    return ours(messageBytes, signatures[account.address]);
  },
  async send(to, lamports) {
    const transaction = await transfer(to, lamports);
    const [{ signature }] = await wallet.features["solana:signAndSendTransaction"].signAndSendTransaction({ account, chain: CHAIN, transaction });
    return signature.length;
  },
  async signIn() {
    const [{ signedMessage, signature }] = await wallet.features["solana:signIn"].signIn({ statement: "Sign in to the order book.", nonce: "oBbLoEldZs" });
    return { text: new TextDecoder().decode(signedMessage), verified: await ours(signedMessage, signature) };
  },
  async balance(of) { return String((await rpc.getBalance(address(of), { commitment: "confirmed" }).send()).value); },
};
