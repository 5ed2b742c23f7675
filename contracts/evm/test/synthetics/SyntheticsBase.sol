// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MockV3Aggregator} from "@chainlink/local/src/data-feeds/MockV3Aggregator.sol";
import {Test} from "forge-std/Test.sol";
import {IOracle} from "../../src/interfaces/IOracle.sol";
import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {ChainlinkAdapter} from "../../src/oracles/ChainlinkAdapter.sol";
import {SyntheticAssetFactory} from "../../src/synthetics/SyntheticAssetFactory.sol";
import {SyntheticToken} from "../../src/synthetics/SyntheticToken.sol";
import {SyntheticVault} from "../../src/synthetics/SyntheticVault.sol";
import {SyntheticVaultDeployer} from "../../src/synthetics/SyntheticVaultDeployer.sol";
import {MockToken} from "../mocks/OddTokens.sol";

/// @dev Time is read with `vm.getBlockTimestamp`: the optimiser takes the opcode for a constant of the whole test.
/// @notice A dollar made of a coin of 2,000 dollars, over Chainlink's own mock of a feed.
abstract contract SyntheticsBase is Test {
    bytes32 internal constant FUSD = "fUSD";
    uint256 internal constant RAY = 1e27;
    /// @dev 5 % a year, by the second.
    uint256 internal constant FIVE_PERCENT = RAY + 1_547_125_957_863_212_448;

    address internal timelock = makeAddr("timelock");
    address internal guardian = makeAddr("guardian");
    address internal treasury = makeAddr("treasury");
    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");
    address internal keeper = makeAddr("keeper");

    SyntheticAssetFactory internal factory;
    MockV3Aggregator internal feed;
    ChainlinkAdapter internal oracle;
    MockToken internal coin;
    SyntheticVault internal vault;
    SyntheticToken internal token;

    function setUp() public virtual {
        vm.warp(1_790_000_000);
        factory = new SyntheticAssetFactory(timelock, new SyntheticVaultDeployer());
        feed = new MockV3Aggregator(8, 2000e8);
        oracle = adapterOf(address(feed), 18);
        coin = new MockToken(18);
        vault = create(FUSD, oracle, address(coin), parameters());
        token = vault.SYNTHETIC();
    }

    function parameters() internal view returns (ISyntheticVault.Parameters memory) {
        return ISyntheticVault.Parameters({
            name: "Fluxdesk dollar",
            symbol: "fUSD",
            maxLtv: 0.8e18,
            lltv: 0.86e18,
            targetHealth: 1.05e18,
            stabilityFee: FIVE_PERCENT,
            mintFee: 0.005e18,
            oracleDeviation: 0.005e18,
            debtCeiling: 10_000_000e18,
            minDebt: 100e18,
            deadPeriod: 3 days,
            feeRecipient: treasury,
            guardian: guardian
        });
    }

    function terms(address feed_, uint8 baseDecimals) internal pure returns (ChainlinkAdapter.Terms memory) {
        return ChainlinkAdapter.Terms({
            feed: feed_,
            maxAge: 1 hours,
            minAnswer: 1e6,
            maxAnswer: 1e14,
            baseDecimals: baseDecimals,
            quoteDecimals: 18,
            sequencerFeed: address(0),
            sequencerGrace: 0,
            secondSource: IOracle(address(0)),
            maxDeviation: 0
        });
    }

    function adapterOf(address feed_, uint8 baseDecimals) internal returns (ChainlinkAdapter) {
        return new ChainlinkAdapter(terms(feed_, baseDecimals));
    }

    function create(bytes32 id, IOracle oracle_, address collateral, ISyntheticVault.Parameters memory with)
        internal
        returns (SyntheticVault)
    {
        vm.prank(timelock);
        (, address made) = factory.createSynthetic(id, oracle_, collateral, with);
        return SyntheticVault(made);
    }

    /// @dev Gives an account coins and lets the vault take them.
    function fund(address account, uint256 amount) internal {
        coin.mint(account, amount);
        vm.prank(account);
        (bool ok,) = address(coin).call(abi.encodeCall(coin.approve, (address(vault), type(uint256).max)));
        assertTrue(ok); // and no word of an answer: some tokens give none
    }

    function open(address account, uint256 collateral, uint256 amount) internal {
        fund(account, collateral);
        vm.prank(account);
        vault.depositAndMint(account, collateral, amount, account);
    }

    function setPrice(int256 answer) internal {
        feed.updateAnswer(answer);
    }

    /// @dev Time passes and the feed goes on.
    function pass(uint256 time) internal {
        vm.warp(vm.getBlockTimestamp() + time);
        feed.updateAnswer(feed.latestAnswer());
    }

    /// @dev Time passes and the feed does not go on.
    function killOracle() internal {
        vm.warp(vm.getBlockTimestamp() + 2 hours);
    }

    function collateralOf(address account) internal view returns (uint256 collateral) {
        (collateral,) = vault.positionOf(account);
    }

    function debtOf(address account) internal view returns (uint256 debt) {
        (, debt) = vault.positionOf(account);
    }
}
