// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRMN} from "@chainlink/contracts-ccip/contracts/interfaces/IRMN.sol";
import {IRouterClient} from "@chainlink/contracts-ccip/contracts/interfaces/IRouterClient.sol";
import {Test} from "forge-std/Test.sol";
import {BridgedToken} from "../../src/crosschain/BridgedToken.sol";
import {CrossChainLiquidity} from "../../src/crosschain/CrossChainLiquidity.sol";
import {ICrossChainLiquidity} from "../../src/interfaces/ICrossChainLiquidity.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {RmnStandIn, RouterStandIn} from "./StandIns.sol";

/// @notice A home and two other chains in one machine, each with a router of its own, and whoever carries between them.
abstract contract Bridges is Test {
    uint64 internal constant HOME = 1111;
    uint64 internal constant NEAR = 2222;
    uint64 internal constant FAR = 3333;

    address internal timelock = makeAddr("timelock");
    address internal guardian = makeAddr("guardian");
    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");

    MockToken internal link;
    MockToken internal token;
    mapping(uint64 => RouterStandIn) internal routers;
    mapping(uint64 => RmnStandIn) internal rmns;
    mapping(uint64 => CrossChainLiquidity) internal bridges;
    mapping(uint64 => BridgedToken) internal issued;
    mapping(uint64 => uint8) internal decimals;
    uint256 internal now_ = 1_800_000_000;

    function build(MockToken token_, uint8 nearDecimals, uint8 farDecimals) internal {
        vm.warp(now_);
        link = new MockToken(18);
        token = token_;
        (decimals[HOME], decimals[NEAR], decimals[FAR]) = (token.decimals(), nearDecimals, farDecimals);
        bridge(HOME, address(token));
        away(NEAR);
        away(FAR);
        join(HOME, NEAR);
        join(HOME, FAR);
        token.mint(alice, 1_000_000 * one(HOME));
        vm.deal(alice, 10 ether);
        for (uint64 at = HOME; at <= FAR; at += 1111) {
            // by hand, since some tokens return nothing
            address there = bridges[at].TOKEN();
            vm.prank(alice);
            (bool ok,) = there.call(abi.encodeCall(MockToken.approve, (address(bridges[at]), type(uint256).max)));
            assertTrue(ok);
        }
    }

    function bridge(uint64 at, address token_) private {
        routers[at] = new RouterStandIn(at);
        rmns[at] = new RmnStandIn();
        bridges[at] = new CrossChainLiquidity(
            CrossChainLiquidity.Setup({
                router: routers[at],
                rmn: rmns[at],
                link: address(link),
                token: token_,
                home: at == HOME,
                localSelector: at,
                firstEpoch: 1,
                owner: timelock,
                guardian: guardian
            })
        );
    }

    function away(uint64 at) private {
        address expected = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 3);
        issued[at] = new BridgedToken("Bridged", "B", decimals[at], expected);
        bridge(at, address(issued[at]));
        require(address(bridges[at]) == expected);
    }

    function join(uint64 a, uint64 b) private {
        lane(a, b);
        lane(b, a);
    }

    function lane(uint64 at, uint64 to) private {
        ICrossChainLiquidity.Limits memory limits = limitsAt(at);
        vm.prank(timelock);
        bridges[at].addLane(to, address(bridges[to]), decimals[to], 250_000, limits, limits);
    }

    function limitsAt(uint64 at) internal view returns (ICrossChainLiquidity.Limits memory) {
        uint256 whole = one(at);
        return ICrossChainLiquidity.Limits(uint128(1_000_000 * whole), uint128(10 * whole));
    }

    function one(uint64 at) internal view returns (uint256) {
        return 10 ** decimals[at];
    }

    function pass(uint256 time) internal {
        now_ += time;
        vm.warp(now_);
    }

    function send(uint64 from, uint64 to, address recipient, uint256 amount) internal returns (uint256 place) {
        place = routers[from].sent();
        vm.prank(alice);
        bridges[from].send(to, recipient, amount, address(0), 0, now_);
    }

    /// @dev As the off-ramp of the other chain does it.
    function carry(uint64 from, uint256 place) internal returns (bool ok, bytes memory said) {
        RouterStandIn.Outgoing memory m = routers[from].outgoing(place);
        return carry(from, place, m.gasLimit);
    }

    function carry(uint64 from, uint256 place, uint256 gasLimit) internal returns (bool ok, bytes memory said) {
        RouterStandIn.Outgoing memory m = routers[from].outgoing(place);
        return routers[m.destination].route(m.id, from, m.sender, m.receiver, gasLimit, m.data);
    }

    function forge(uint64 at, uint64 source, address sender, ICrossChainLiquidity.Message memory m)
        internal
        returns (bool ok, bytes memory said)
    {
        return routers[at].route(0, source, sender, address(bridges[at]), 250_000, abi.encode(m));
    }

    function held(uint64 at, address who) internal view returns (uint256) {
        return MockToken(bridges[at].TOKEN()).balanceOf(who);
    }

    function silo(uint64 at, uint64 of_) internal view returns (uint256) {
        return bridges[at].laneState(of_).silo;
    }
}
