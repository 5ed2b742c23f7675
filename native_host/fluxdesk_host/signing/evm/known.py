"""Contracts that our list names, so that a call of them can be told from a call of something with the same functions.

Sources: docs.uniswap.org, pages "Deployment addresses" of V2, V3 and V4, read November 2026; the Permit2, Multicall3,
safe-deployments and seaport repositories, whose addresses follow from their code and so are the same on every chain;
1inch, 0x, CoW and Blur as their own packages name them. An address that is not here is not bad, only not known.
"""

from fluxdesk_host.signing.registry import KnownContract

PERMIT2 = "0x000000000022d473030f116ddee9f6b43ac78ba3"
MULTICALL3 = "0xca11bde05977b3631167028862be2a173976ca11"

_V2 = {
    1: "0x7a250d5630b4cf539739df2c5dacb4c659f2488d",
    10: "0x4a7b5da61326a6379179b40d00f57e5bbdc962c2",
    56: "0x4752ba5dbc23f44d87826276bf6fd6b1c372ad24",
    137: "0xedf6066a2b290c185783862c7f4776a2c8077ad1",
    8453: "0x4752ba5dbc23f44d87826276bf6fd6b1c372ad24",
    42161: "0x4752ba5dbc23f44d87826276bf6fd6b1c372ad24",
}
_V3 = dict.fromkeys((1, 10, 137, 42161), "0xe592427a0aece92de3edee1f18e0157c05861564")
_V3_02 = {
    **dict.fromkeys((1, 10, 137, 42161), "0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45"),
    8453: "0x2626664c2603336e57b271c5c0b26f421741e481",
}
_UNIVERSAL = {
    1: "0x66a9893cc07d91d95644aedd05d03f95e1dba8af",
    10: "0x851116d9223fabed8e56c0e6b8ad0c31d98b3507",
    56: "0x1906c1d672b88cd1b9ac7593301ca990f94eae07",
    137: "0x1095692a6237d83c6a72f3f5efedb9a670c49223",
    8453: "0x6ff5693b99212da76ad316178a184ab56d299b43",
    42161: "0xa51afafe0263b40edaef0df8781ea9aa03e381a3",
}
_MULTISEND = (
    "0x40a2accbd92bca938b02010e17a5b8929b49130d",
    "0x9641d764fc13c8b624c04430c7356c1c7c8102e2",
    "0xa238cbeb142c10ef7ad8442c6d1f9e89e07e7761",
    "0x38869bf66a61cf6bdb996a6ae40d5853fd43b526",
)
"""MultiSendCallOnly and MultiSend of Safe 1.3.0 and 1.4.1, where a Safe may run their code without losing its own."""
_WRAPPED = {
    1: "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
    10: "0x4200000000000000000000000000000000000006",
    56: "0xbb4cdb9cbd36b01bd1cbaebf2de08d9173bc095c",
    137: "0x0d500b1d8e8ef31e21c99d1db9a6444d3adf1270",
    8453: "0x4200000000000000000000000000000000000006",
    42161: "0x82af49447d8a07e3bd95bd0d56f35241523fbab1",
}
CHAINS = (1, 10, 56, 137, 8453, 42161)
_SEAPORT = (
    "0x00000000006c3852cbef3e08e8df289169ede581",
    "0x00000000000001ad428e4906ae43d8f9852d0dd6",
    "0x00000000000000adc04c56bf30ac9d3c0aaf14dc",
    "0x0000000000000068f116a894984e2db1123eb395",
)
"""Seaport 1.1, 1.4, 1.5 and 1.6, at addresses that follow from their code."""
ONE_INCH_5 = "0x1111111254eeb25477b68fb85ed929f73a960582"
ONE_INCH_6 = "0x111111125421ca6dc452d289314280a0f8842a65"
ZERO_EX = {
    **dict.fromkeys((1, 56, 137, 8453, 42161), "0xdef1c0ded9bec7f1a1670819833240f027b25eff"),
    10: "0xdef1abe32c034e558cdd535791643c58a13acc10",
}
ALLOWANCE_HOLDER = "0x0000000000001ff3684f28c67538d4d072c22734"
_BLUR = ("0x000000000000ad05ccc4f10045630fb830b95127", "0xb2ecfe4e4d61f8790bbb9de2d1259b9e2410cea5")
_COW = "0x9008d19f58aabd9ed0d60971565aa8510560ab41"
_COW_RELAYER = "0xc92e8bdf79f0507f65a392b0ab4667716bfe0110"

CONTRACTS = (
    KnownContract(None, PERMIT2, "Permit2", "permit2"),
    KnownContract(None, MULTICALL3, "Multicall3", "multicall"),
    *(KnownContract(c, a, "Uniswap V2 router", "router") for c, a in _V2.items()),
    *(KnownContract(c, a, "Uniswap V3 router", "router") for c, a in _V3.items()),
    *(KnownContract(c, a, "Uniswap V3 router 02", "router") for c, a in _V3_02.items()),
    *(KnownContract(c, a, "Uniswap universal router", "universal") for c, a in _UNIVERSAL.items()),
    KnownContract(1, "0x3fc91a3afd70395cd496c647d5a6cc9d4b2b7fad", "Uniswap universal router 1", "universal1"),
    *(KnownContract(None, a, "Safe MultiSend", "multisend") for a in _MULTISEND),
    *(KnownContract(c, a, "Wrapped native coin", "wrapped") for c, a in _WRAPPED.items()),
    *(KnownContract(None, a, "Seaport", "seaport") for a in _SEAPORT),
    *(KnownContract(c, ONE_INCH_5, "1inch router 5", "1inch5") for c in CHAINS),
    *(KnownContract(c, ONE_INCH_6, "1inch router 6", "1inch6") for c in CHAINS),
    *(KnownContract(c, a, "0x exchange", "0x") for c, a in ZERO_EX.items()),
    *(KnownContract(c, ALLOWANCE_HOLDER, "0x allowance holder", "allowance") for c in CHAINS),
    *(KnownContract(1, a, "Blur", "blur") for a in _BLUR),
    *(KnownContract(c, _COW, "CoW settlement", "cow") for c in (1, 8453, 42161)),
    *(KnownContract(c, _COW_RELAYER, "CoW relayer", "spender") for c in (1, 8453, 42161)),
)
