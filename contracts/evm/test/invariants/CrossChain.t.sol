// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {BridgedToken} from "../../src/crosschain/BridgedToken.sol";
import {CrossChainLiquidity} from "../../src/crosschain/CrossChainLiquidity.sol";
import {ICrossChainLiquidity} from "../../src/interfaces/ICrossChainLiquidity.sol";
import {Bridges} from "../crosschain/Bridges.sol";
import {RouterStandIn} from "../crosschain/StandIns.sol";
import {RevertingToken} from "../mocks/OddTokens.sol";

/// @notice Three chains (18, 6 and 8 decimals) and a carrier that delivers late, twice, in any order, with too little gas, or
/// never; tokens that refuse; limits that are too low; curses. Amounts are counted in units of 1e-18 everywhere.
contract CrossChainHandler is Bridges {
    struct Flight {
        uint64 from;
        uint64 to;
        uint64 epoch;
        uint64 sequence;
        address recipient;
        uint256 amount;
        uint256 place;
        bool landed;
        bool kept;
    }

    address[2] public users;
    Flight[] private _flights;
    uint256 public supply;
    uint256 public paidTwice;
    uint256 public wentBack;
    uint256 public paidElsewhere;
    uint256 public landed;
    uint256 public keptOnce;
    mapping(uint64 => mapping(uint64 => uint256)) private _rank;
    /// @notice Sent and not landed, over each lane.
    mapping(uint64 lane => uint256) public inFlight;

    /// @dev A bucket as it is written in a book on the subject, beside the one that is packed.
    struct Ghost {
        uint256 level;
        uint256 at;
        uint256 capacity;
        uint256 rate;
    }

    mapping(uint64 => mapping(uint64 => mapping(bool outbound => Ghost))) private _ghosts;

    constructor() {
        build(new RevertingToken(18), 6, 8);
        users = [alice, bob];
        supply = token.totalSupply();
        for (uint64 at = HOME; at <= FAR; at += HOME) {
            address there = bridges[at].TOKEN();
            vm.prank(bob);
            BridgedToken(there).approve(address(bridges[at]), type(uint256).max);
        }
        for (uint256 i; i < 4; ++i) {
            (uint64 at, uint64 of_) = route(i);
            uint256 most = 1_000_000 * one(at);
            _ghosts[at][of_][true] = Ghost(most, now_, most, 10 * one(at));
            _ghosts[at][of_][false] = Ghost(most, now_, most, 10 * one(at));
        }
        vm.prank(alice);
        token.transfer(bob, supply / 3);
    }

    function route(uint256 seed) private pure returns (uint64 from, uint64 to) {
        uint64 other = seed & 1 == 0 ? NEAR : FAR;
        return seed & 2 == 0 ? (HOME, other) : (other, HOME);
    }

    function scale(uint64 at) private view returns (uint256) {
        return 1e18 / one(at);
    }

    function lane_(uint64 from, uint64 to) private pure returns (uint64) {
        return from == HOME ? to : from;
    }

    function level(uint64 at, uint64 of_, bool outbound) private view returns (uint256 now__) {
        Ghost storage ghost = _ghosts[at][of_][outbound];
        now__ = ghost.level + ghost.rate * (now_ - ghost.at);
        if (now__ > ghost.capacity) now__ = ghost.capacity;
    }

    function drain(uint64 at, uint64 of_, bool outbound, uint256 amount) private {
        uint256 now__ = level(at, of_, outbound);
        require(amount <= now__, "more than the bucket had");
        Ghost storage ghost = _ghosts[at][of_][outbound];
        (ghost.level, ghost.at) = (now__ - amount, now_);
    }

    /* MOVES */

    function sendSome(uint256 seed, uint256 amount) external {
        vm.warp(now_);
        (uint64 from, uint64 to) = route(seed);
        address who = users[(seed >> 2) & 1];
        address recipient = users[(seed >> 3) & 1];
        uint256 most = held(from, who);
        (uint256 outbound,) = bridges[from].available(to);
        if (outbound < most) most = outbound;
        if (most == 0) return;
        amount = bound(amount, 1, most);
        uint256 place = routers[from].sent();
        vm.prank(who);
        try bridges[from].send(to, recipient, amount, address(0), 0, now_) returns (bytes32, uint256 sent) {
            ICrossChainLiquidity.LaneState memory lane = bridges[from].laneState(to);
            _flights.push(
                Flight(from, to, lane.epoch, lane.sequence, recipient, sent * scale(from), place, false, false)
            );
            inFlight[lane_(from, to)] += sent * scale(from);
            drain(from, to, true, sent);
        } catch (bytes memory reason) {
            // dust, a curse, or a token that refuses: nothing may have been taken
            require(routers[from].sent() == place, "sent all the same");
            require(reason.length != 0);
        }
    }

    /// @dev Any message, in any order, once more if it has been here, sometimes with too little gas.
    function deliver(uint256 seed, uint256 gasLimit) external {
        vm.warp(now_);
        if (_flights.length == 0) return;
        Flight storage flight = _flights[seed % _flights.length];
        uint256 gas_ = gasLimit & 3 == 0 ? bound(gasLimit, 5_000, 120_000) : 250_000;
        uint256 before = held(flight.to, flight.recipient);
        (bool ok,) = carry(flight.from, flight.place, gas_);
        uint256 got = (held(flight.to, flight.recipient) - before) * scale(flight.to);
        if (flight.landed || flight.kept) {
            if (ok || got != 0) ++paidTwice;
        } else if (ok) {
            if (got == 0) (flight.kept, keptOnce) = (true, keptOnce + 1);
            else _land(flight, got);
        } else {
            require(got == 0);
        }
        _checkRank(flight.to, flight.from);
    }

    function retryOne(uint256 seed) external {
        vm.warp(now_);
        if (_flights.length == 0) return;
        Flight storage flight = _flights[seed % _flights.length];
        uint256 before = held(flight.to, flight.recipient);
        try bridges[flight.to].retry(flight.from, flight.epoch, flight.sequence) {
            if (!flight.kept) ++paidTwice;
            _land(flight, (held(flight.to, flight.recipient) - before) * scale(flight.to));
        } catch {}
    }

    function _land(Flight storage flight, uint256 got) private {
        if (got != flight.amount) ++paidElsewhere;
        inFlight[lane_(flight.from, flight.to)] -= flight.amount;
        drain(flight.to, flight.from, false, got / scale(flight.to));
        (flight.landed, flight.kept) = (true, false);
        ++landed;
    }

    function reportTo(uint256 seed) external {
        vm.warp(now_);
        (uint64 from, uint64 to) = route(seed);
        uint256 place = routers[from].sent();
        try bridges[from].report(to, address(0), 0) {
            if (seed & 16 == 0) carry(from, place);
            _checkRank(to, from);
        } catch {}
    }

    function advance(uint256 seed) external {
        if (seed & 12 != 0) return;
        (uint64 from, uint64 to) = route(seed);
        vm.prank(timelock);
        bridges[from].advanceEpoch(to);
    }

    function refuse(uint256 seed) external {
        RevertingToken(address(token)).setBlocked(users[seed & 1], seed & 6 == 0);
    }

    function curse(uint256 seed) external {
        (uint64 at, uint64 of_) = route(seed);
        rmns[at].curse(of_, seed & 12 == 0);
    }

    function limit(uint256 seed, uint256 capacity, uint256 rate) external {
        vm.warp(now_);
        (uint64 at, uint64 of_) = route(seed);
        uint256 whole = one(at);
        ICrossChainLiquidity.Limits memory limits = ICrossChainLiquidity.Limits(
            uint128(bound(capacity, 0, 1_000_000 * whole)), uint128(bound(rate, 0, 10_000 * whole))
        );
        for (uint256 i; i < 2; ++i) {
            uint256 now__ = level(at, of_, i == 0);
            if (now__ > limits.capacity) now__ = limits.capacity;
            _ghosts[at][of_][i == 0] = Ghost(now__, now_, limits.capacity, limits.rate);
        }
        vm.prank(timelock);
        bridges[at].setLimits(of_, 250_000, limits, limits);
    }

    function wait_(uint256 time) external {
        pass(bound(time, 1, 1 days));
    }

    function _checkRank(uint64 at, uint64 of_) private {
        ICrossChainLiquidity.LaneState memory lane = bridges[at].laneState(of_);
        uint256 rank = (uint256(lane.remoteEpoch) << 64) | lane.remoteSequence;
        if (rank < _rank[at][of_]) ++wentBack;
        _rank[at][of_] = rank;
    }

    /* FOR THE INVARIANTS */

    /// @dev In the hands of people, and under way or kept, over all chains.
    function everywhere() external view returns (uint256 total) {
        for (uint64 at = HOME; at <= FAR; at += HOME) {
            total += (held(at, alice) + held(at, bob)) * scale(at);
        }
        total += inFlight[NEAR] + inFlight[FAR];
    }

    function flights() external view returns (uint256) {
        return _flights.length;
    }

    function siloOf(uint64 at, uint64 of_) external view returns (uint256) {
        return silo(at, of_) * scale(at);
    }

    function bridgeHeld() external view returns (uint256) {
        return token.balanceOf(address(bridges[HOME]));
    }

    function issuedAt(uint64 at) external view returns (uint256) {
        return issued[at].totalSupply() * scale(at);
    }

    function bucketsHold() external returns (bool) {
        vm.warp(now_);
        for (uint256 i; i < 4; ++i) {
            (uint64 at, uint64 of_) = route(i);
            (uint256 outbound, uint256 inbound) = bridges[at].available(of_);
            if (outbound != level(at, of_, true) || inbound != level(at, of_, false)) return false;
            if (outbound > _ghosts[at][of_][true].capacity || inbound > _ghosts[at][of_][false].capacity) return false;
        }
        return true;
    }
}

contract CrossChainInvariants is Test {
    uint64 private constant HOME = 1111;
    uint64 private constant NEAR = 2222;
    uint64 private constant FAR = 3333;

    CrossChainHandler private handler;

    function setUp() public {
        handler = new CrossChainHandler();
        bytes4[] memory picks = new bytes4[](11);
        picks[0] = handler.sendSome.selector;
        picks[1] = handler.deliver.selector;
        picks[2] = handler.retryOne.selector;
        picks[3] = handler.reportTo.selector;
        picks[4] = handler.advance.selector;
        picks[5] = handler.refuse.selector;
        picks[6] = handler.curse.selector;
        picks[7] = handler.limit.selector;
        picks[8] = handler.wait_.selector;
        // twice, so that money is mostly on its way
        picks[9] = handler.sendSome.selector;
        picks[10] = handler.deliver.selector;
        targetContract(address(handler));
        targetSelector(FuzzSelector(address(handler), picks));
    }

    /// @dev A campaign in which nothing lands would hold everything above for nothing.
    function test_the_carrier_lands_keeps_and_pays() public {
        for (uint256 i; i < 64; ++i) {
            handler.sendSome(i, 1e18 * (i + 1));
            handler.deliver(i, 1);
            handler.deliver(i / 2, 1);
        }
        handler.limit(0, 0, 0);
        for (uint256 i; i < 16; ++i) {
            handler.sendSome(2, 1e18 * (i + 1));
            handler.deliver(handler.flights() - 1, 1);
        }
        assertGt(handler.landed(), 30);
        assertGt(handler.keptOnce(), 0);
        assertEq(handler.paidTwice(), 0);
    }

    function invariant_what_people_have_and_what_is_under_way_is_constant() public view {
        assertEq(handler.everywhere(), handler.supply());
    }

    /// @dev A silo at home is what its lane has issued and what is under way, either way.
    function invariant_a_silo_covers_its_lane_to_the_unit() public view {
        assertEq(handler.siloOf(HOME, NEAR), handler.siloOf(NEAR, HOME) + handler.inFlight(NEAR));
        assertEq(handler.siloOf(HOME, FAR), handler.siloOf(FAR, HOME) + handler.inFlight(FAR));
        assertEq(handler.bridgeHeld(), handler.siloOf(HOME, NEAR) + handler.siloOf(HOME, FAR));
        assertEq(handler.issuedAt(NEAR), handler.siloOf(NEAR, HOME));
        assertEq(handler.issuedAt(FAR), handler.siloOf(FAR, HOME));
    }

    function invariant_nothing_is_paid_twice_or_to_another() public view {
        assertEq(handler.paidTwice(), 0);
        assertEq(handler.paidElsewhere(), 0);
    }

    function invariant_epoch_and_sequence_never_go_back() public view {
        assertEq(handler.wentBack(), 0);
    }

    function invariant_no_bucket_holds_more_than_its_capacity_or_its_ghost() public {
        assertTrue(handler.bucketsHold());
    }
}
