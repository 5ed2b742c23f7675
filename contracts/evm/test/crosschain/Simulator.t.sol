// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRMN} from "@chainlink/contracts-ccip/contracts/interfaces/IRMN.sol";
import {IRouterClient} from "@chainlink/contracts-ccip/contracts/interfaces/IRouterClient.sol";
import {CCIPLocalSimulator, LinkToken} from "@chainlink/local/src/ccip/CCIPLocalSimulator.sol";
import {Test} from "forge-std/Test.sol";
import {BridgedToken} from "../../src/crosschain/BridgedToken.sol";
import {CrossChainLiquidity} from "../../src/crosschain/CrossChainLiquidity.sol";
import {ICrossChainLiquidity} from "../../src/interfaces/ICrossChainLiquidity.sol";
import {RevertingToken} from "../mocks/OddTokens.sol";

interface IFee {
    function setFee(uint256 fee) external;
}

/// @notice Over Chainlink's own simulator. It has one router and one selector for both sides, and delivers in the call that sends.
contract SimulatorTest is Test {
    IRouterClient private router;
    LinkToken private link;
    uint64 private selector;
    RevertingToken private token;
    BridgedToken private issued;
    CrossChainLiquidity private home;
    CrossChainLiquidity private away;
    address private alice = makeAddr("alice");
    address private bob = makeAddr("bob");

    function setUp() public {
        CCIPLocalSimulator simulator = new CCIPLocalSimulator();
        (selector, router,,, link,,) = simulator.configuration();
        token = new RevertingToken(18);
        home = bridge(address(token), true);
        address expected = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        issued = new BridgedToken("Bridged", "B", 6, expected);
        away = bridge(address(issued), false);
        assertEq(address(away), expected);
        lane(home, address(away), 6, 18);
        lane(away, address(home), 18, 6);
        token.mint(alice, 100e18);
        vm.prank(alice);
        token.approve(address(home), type(uint256).max);
        vm.prank(bob);
        issued.approve(address(away), type(uint256).max);
        simulator.requestLinkFromFaucet(alice, 10e18);
        vm.deal(alice, 1 ether);
    }

    function bridge(address token_, bool isHome) private returns (CrossChainLiquidity) {
        return new CrossChainLiquidity(
            CrossChainLiquidity.Setup({
                router: router,
                rmn: IRMN(address(0)),
                link: address(link),
                token: token_,
                home: isHome,
                localSelector: selector,
                firstEpoch: 1,
                owner: address(this),
                guardian: address(0)
            })
        );
    }

    function lane(CrossChainLiquidity at, address remote, uint8 decimals, uint8 own) private {
        uint128 whole = uint128(10 ** own);
        ICrossChainLiquidity.Limits memory limits = ICrossChainLiquidity.Limits(1000 * whole, whole);
        at.addLane(selector, remote, decimals, 250_000, limits, limits);
    }

    function test_over_the_simulator_tokens_go_and_come_home() public {
        vm.prank(alice);
        home.send(selector, bob, 10e18, address(0), 0, block.timestamp);
        assertEq(issued.balanceOf(bob), 10e6);
        vm.prank(bob);
        away.send(selector, alice, 4e6, address(0), 0, block.timestamp);
        assertEq(token.balanceOf(alice), 94e18);
        assertEq(home.laneState(selector).silo, 6e18);
        assertEq(away.laneState(selector).silo, 6e6);
    }

    function test_over_the_simulator_a_refused_payout_is_kept() public {
        vm.prank(alice);
        home.send(selector, bob, 10e18, address(0), 0, block.timestamp);
        token.setBlocked(alice, true);
        vm.prank(bob);
        away.send(selector, alice, 4e6, address(0), 0, block.timestamp);
        assertEq(home.receiptOf(selector, 1, 1).recipient, alice);
        token.setBlocked(alice, false);
        home.retry(selector, 1, 1);
        assertEq(token.balanceOf(alice), 94e18);
    }

    function test_over_the_simulator_the_fee_is_paid_in_link_and_in_the_native_coin() public {
        IFee(address(router)).setFee(1e15);
        vm.startPrank(alice);
        link.approve(address(home), 1e15);
        home.send(selector, bob, 1e18, address(link), 1e15, block.timestamp);
        assertEq(link.balanceOf(address(router)), 1e15);
        assertEq(link.balanceOf(address(home)), 0);
        home.send{value: 1 ether}(selector, bob, 1e18, address(0), 1e15, block.timestamp);
        assertEq(alice.balance, 1 ether - 1e15);
        assertEq(issued.balanceOf(bob), 2e6);
    }
}
