// A dApp made with ethers.
import { BrowserProvider, verifyMessage, verifyTypedData } from "ethers";
import { fluxdesk, ORDER } from "./find.js";

const TYPES = ORDER.types;
let provider, signer, account;

window.client = {
  async connect() {
    provider = new BrowserProvider(await fluxdesk());
    signer = await provider.getSigner();
    account = await signer.getAddress();
    return { account, chain: Number((await provider.getNetwork()).chainId) };
  },
  async message(text) { return verifyMessage(text, await signer.signMessage(text)) === account; },
  async typed() {
    const signature = await signer.signTypedData(ORDER.domain, TYPES, ORDER.message);
    return verifyTypedData(ORDER.domain, TYPES, ORDER.message, signature) === account;
  },
  async send(to, wei) {
    const receipt = await (await signer.sendTransaction({ to, value: BigInt(wei) })).wait();
    return { hash: receipt.hash, status: receipt.status === 1 ? "success" : "reverted", to: receipt.to };
  },
  async balance(address) { return String(await provider.getBalance(address)); },
};
