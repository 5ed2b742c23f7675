// A dApp made with viem.
import { createPublicClient, createWalletClient, custom, verifyMessage, verifyTypedData } from "viem";
import { mainnet } from "viem/chains";
import { fluxdesk, ORDER } from "./find.js";

let wallet, chain, account;

window.client = {
  async connect() {
    const transport = custom(await fluxdesk());
    wallet = createWalletClient({ chain: mainnet, transport });
    chain = createPublicClient({ chain: mainnet, transport, pollingInterval: 200 });
    [account] = await wallet.requestAddresses();
    return { account, chain: await wallet.getChainId() };
  },
  async message(text) {
    const signature = await wallet.signMessage({ account, message: text });
    return verifyMessage({ address: account, message: text, signature });
  },
  async typed() {
    const signature = await wallet.signTypedData({ account, ...ORDER });
    return verifyTypedData({ address: account, ...ORDER, signature });
  },
  async send(to, wei) {
    const hash = await wallet.sendTransaction({ account, to, value: BigInt(wei) });
    const receipt = await chain.waitForTransactionReceipt({ hash });
    return { hash, status: receipt.status, to: receipt.to };
  },
  async balance(address) { return String(await chain.getBalance({ address })); },
};
