// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IToken} from "./Peers.sol";

/// @notice What the measurements call of Balancer v3. Its contracts come from its npm packages, compiled by tools/balancer.js.

enum SwapKind {
    ExactIn,
    ExactOut
}

enum AddLiquidityKind {
    Proportional,
    Unbalanced,
    SingleTokenExactOut
}

enum TokenType {
    Standard,
    WithRate
}

struct VaultSwapParams {
    SwapKind kind;
    address pool;
    address tokenIn;
    address tokenOut;
    uint256 amountGivenRaw;
    uint256 limitRaw;
    bytes userData;
}

struct AddLiquidityParams {
    address pool;
    address to;
    uint256[] maxAmountsIn;
    uint256 minBptAmountOut;
    AddLiquidityKind kind;
    bytes userData;
}

struct TokenConfig {
    address token;
    TokenType tokenType;
    address rateProvider;
    bool paysYieldFees;
}

struct PoolRoleAccounts {
    address pauseManager;
    address swapFeeManager;
    address poolCreator;
}

struct LiquidityManagement {
    bool disableUnbalancedLiquidity;
    bool enableAddLiquidityCustom;
    bool enableRemoveLiquidityCustom;
    bool enableDonation;
}

struct WeightedPoolParams {
    string name;
    string symbol;
    uint256 numTokens;
    uint256[] normalizedWeights;
    string version;
    uint256[] minTokenBalances;
}

struct StablePoolParams {
    string name;
    string symbol;
    uint256 amplificationParameter;
    string version;
}

interface IBalancerVault {
    function unlock(bytes calldata data) external returns (bytes memory);
    function settle(address token, uint256 amountHint) external returns (uint256);
    function sendTo(address token, address to, uint256 amount) external;
    function swap(VaultSwapParams memory params) external returns (uint256, uint256, uint256);
    function addLiquidity(AddLiquidityParams memory params) external returns (uint256[] memory, uint256, bytes memory);
    function registerPool(
        address pool,
        TokenConfig[] memory tokens,
        uint256 swapFeePercentage,
        uint32 pauseWindowEndTime,
        bool protocolFeeExempt,
        PoolRoleAccounts calldata roleAccounts,
        address hooks,
        LiquidityManagement calldata liquidityManagement
    ) external;
    function initialize(
        address pool,
        address to,
        address[] memory tokens,
        uint256[] memory amounts,
        uint256 minBptAmountOut,
        bytes memory userData
    ) external returns (uint256);
}

/// @notice One call that trades on Balancer v3, as a thin router does: what its caller owes goes straight to the vault. The
/// vault checks the least and the most amounts itself; nothing else is checked.
contract BalancerCaller {
    address private immutable token0;
    address private immutable token1;

    constructor(address token0_, address token1_) {
        (token0, token1) = (token0_, token1_);
    }

    function swap(IBalancerVault vault, address pool, uint256 amountIn, uint256 least, address to) external {
        vault.unlock(abi.encodeCall(this.unlockedSwap, (pool, amountIn, least, msg.sender, to)));
    }

    function add(
        IBalancerVault vault,
        address pool,
        AddLiquidityKind kind,
        uint256[] calldata most,
        uint256 shares,
        address to
    ) external {
        vault.unlock(abi.encodeCall(this.unlockedAdd, (pool, kind, most, shares, msg.sender, to)));
    }

    function open(IBalancerVault vault, address pool, uint256[] calldata amounts, address to) external {
        vault.unlock(abi.encodeCall(this.unlockedOpen, (pool, amounts, msg.sender, to)));
    }

    function unlockedSwap(address pool, uint256 amountIn, uint256 least, address payer, address to) external {
        IBalancerVault vault = IBalancerVault(msg.sender);
        (,, uint256 amountOut) =
            vault.swap(VaultSwapParams(SwapKind.ExactIn, pool, token0, token1, amountIn, least, ""));
        _pay(vault, token0, payer, amountIn);
        vault.sendTo(token1, to, amountOut);
    }

    function unlockedAdd(
        address pool,
        AddLiquidityKind kind,
        uint256[] calldata most,
        uint256 shares,
        address payer,
        address to
    ) external {
        IBalancerVault vault = IBalancerVault(msg.sender);
        (uint256[] memory amountsIn,,) = vault.addLiquidity(AddLiquidityParams(pool, to, most, shares, kind, ""));
        if (amountsIn[0] > 0) _pay(vault, token0, payer, amountsIn[0]);
        if (amountsIn[1] > 0) _pay(vault, token1, payer, amountsIn[1]);
    }

    function unlockedOpen(address pool, uint256[] calldata amounts, address payer, address to) external {
        IBalancerVault vault = IBalancerVault(msg.sender);
        address[] memory tokens = new address[](2);
        (tokens[0], tokens[1]) = (token0, token1);
        vault.initialize(pool, to, tokens, amounts, 0, "");
        _pay(vault, token0, payer, amounts[0]);
        _pay(vault, token1, payer, amounts[1]);
    }

    function _pay(IBalancerVault vault, address token, address payer, uint256 amount) private {
        IToken(token).transferFrom(payer, address(vault), amount);
        vault.settle(token, amount);
    }
}
