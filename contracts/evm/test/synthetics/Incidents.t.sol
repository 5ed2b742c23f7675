// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MockV3Aggregator} from "@chainlink/local/src/data-feeds/MockV3Aggregator.sol";
import {IOracle} from "../../src/interfaces/IOracle.sol";
import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {ChainlinkAdapter} from "../../src/oracles/ChainlinkAdapter.sol";
import {MedianOracle} from "../../src/oracles/MedianOracle.sol";
import {PairOracle} from "../../src/oracles/PairOracle.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

/// @notice Failures of oracles that happened to others, at a vault with the real adapters.
contract IncidentsTest is SyntheticsBase {
    MockV3Aggregator[3] private won;
    MockV3Aggregator private sequencer;

    /// @dev A synthetic won: coins of 2,000 dollars over a median of three feeds of the won.
    function _wonVault() private {
        IOracle[] memory list = new IOracle[](3);
        for (uint256 i; i < 3; ++i) {
            won[i] = new MockV3Aggregator(8, 0.0008e8);
            ChainlinkAdapter.Terms memory t = terms(address(won[i]), 18);
            t.minAnswer = 1;
            list[i] = new ChainlinkAdapter(t);
        }
        vault = create("fKRW", new PairOracle(oracle, new MedianOracle(list, 2, 0.02e18)), address(coin), _wonTerms());
        token = vault.SYNTHETIC();
        open(keeper, 1_000 ether, 1_000_000_000e18);
        open(alice, 10 ether, 15_000_000e18); // 12,060 dollars with the fee, of 20,000
    }

    function _wonTerms() private view returns (ISyntheticVault.Parameters memory p) {
        p = parameters();
        p.debtCeiling = 10_000_000_000e18;
    }

    /// @notice Synthetix, June 2019: the won's feed said a thousand times the price, with two sources left that were averaged.
    function test_synthetix_2019_a_source_that_is_wrong_a_thousandfold_moves_nothing() external {
        _wonVault();
        uint256 health = vault.healthOf(alice);
        won[0].updateAnswer(0.8e8);
        assertEq(vault.healthOf(alice), health); // the median of three
        won[2].updateRoundData(2, 0.0008e8, 1, 1); // one more source stops: two are left
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Uncertain));
        vault.liquidate(alice, type(uint256).max, 0, keeper);
        // the other way, a thousandth: nobody mints a thousandfold
        won[0].updateAnswer(80);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Uncertain));
        vault.mintSynthetic(alice, 1_000_000_000e18, alice);
        // and all the while a debt is paid and its collateral freed
        vm.prank(keeper);
        token.transfer(alice, 1_000_000e18);
        vm.startPrank(alice);
        vault.burnAndWithdraw(alice, type(uint256).max, 10 ether, alice);
        assertEq(coin.balanceOf(alice), 10 ether);
    }

    /// @notice Venus, May 2022: LUNA fell below the least price the feed could say, and that was lent against.
    function test_venus_2022_a_clamped_feed_is_no_price() external {
        open(alice, 10 ether, 10_000e18);
        setPrice(1e6); // the aggregator's floor
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.OutOfBounds));
        vault.mintSynthetic(alice, 100e18, alice);
    }

    function test_a_feed_that_stops_neither_mints_nor_liquidates_and_is_shut_down_in_time() external {
        open(alice, 10 ether, 15_000e18);
        open(keeper, 100 ether, 50_000e18);
        killOracle();
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Stale));
        vault.liquidate(alice, type(uint256).max, 0, keeper);
        vault.reportOracle();
        for (uint256 i; i < 12; ++i) {
            vm.warp(vm.getBlockTimestamp() + 6 hours);
            vault.reportOracle();
        }
        vault.shutdown();
        vm.warp(vm.getBlockTimestamp() + 1 days);
        vm.prank(keeper);
        (, uint256 collateral) = vault.redeem(alice, 2_000e18, 0, keeper);
        assertEq(collateral, 1 ether);
    }

    /// @notice Arbitrum, December 2023: the sequencer stood still for over an hour while prices moved.
    function test_arbitrum_2023_after_the_sequencers_return_borrowers_have_an_hour_before_liquidators() external {
        sequencer = new MockV3Aggregator(0, 0);
        sequencer.updateRoundData(1, 0, 1, 1);
        ChainlinkAdapter.Terms memory t = terms(address(feed), 18);
        (t.sequencerFeed, t.sequencerGrace) = (address(sequencer), 1 hours);
        vault = create("L2", new ChainlinkAdapter(t), address(coin), parameters());
        token = vault.SYNTHETIC();
        open(alice, 10 ether, 15_500e18);
        open(keeper, 100 ether, 50_000e18);
        sequencer.updateAnswer(1);
        setPrice(1700e8);
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.SequencerDown));
        vault.liquidate(alice, type(uint256).max, 0, keeper);
        pass(2 hours);
        sequencer.updateAnswer(0);
        pass(1 hours - 1);
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.SequencerGrace));
        vault.liquidate(alice, type(uint256).max, 0, keeper);
        // in that hour the borrower saves himself, which needs no price
        vm.prank(keeper);
        token.transfer(alice, 1_000e18);
        fund(alice, 1 ether);
        vm.startPrank(alice);
        vault.deposit(alice, 1 ether);
        vault.burnSynthetic(alice, 2_000e18);
        vm.stopPrank();
        pass(1);
        vm.prank(keeper);
        vm.expectRevert();
        vault.liquidate(alice, type(uint256).max, 0, keeper);
        assertGe(vault.healthOf(alice), 1e18);
    }

    /// @notice Whoever sees an update coming gains nothing: what he mints against the old price is covered at the new one.
    function test_a_mint_ahead_of_an_update_gains_nothing() external {
        fund(alice, 10 ether);
        uint256 most = 16_000e18 * uint256(1000) / 1005 - 1e6;
        vm.prank(alice);
        vault.depositAndMint(alice, 10 ether, most, alice);
        setPrice(1990e8); // the deviation at which the feed updates
        assertGe(vault.healthOf(alice), 1e18);
        assertLt(most, 19_900e18); // walking away costs more than it brings
        // and to undo it costs the fee, which is no less than the move
        assertGe(debtOf(alice) - most, most * 5 / 1000);
    }

    /// @notice A caller cannot starve the feed of gas to have the vault shut down.
    function test_no_gas_limit_makes_a_live_oracle_look_dead(uint256 gasGiven) external {
        gasGiven = bound(gasGiven, 30_000, 500_000);
        try vault.reportOracle{gas: gasGiven}() returns (IOracle.Status status) {
            assertEq(uint8(status), uint8(IOracle.Status.Ok));
        } catch {}
        (uint256 since,) = vault.oracleDeadSince();
        assertEq(since, 0);
    }
}
