// The provider that announces itself under our name (EIP-6963), as every library looks for one.
export function fluxdesk() {
  return new Promise((resolve) => {
    window.addEventListener("eip6963:announceProvider", ({ detail }) => detail.info.rdns === "io.fluxdesk" && resolve(detail.provider));
    window.dispatchEvent(new Event("eip6963:requestProvider"));
  });
}

export const ORDER = {
  domain: { name: "Order book", version: "1", chainId: 1, verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC" },
  types: { Order: [{ name: "maker", type: "address" }, { name: "items", type: "Item[]" }], Item: [{ name: "id", type: "uint256" }] },
  primaryType: "Order",
  message: { maker: "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB", items: [{ id: "1" }, { id: "2" }] },
};
