// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Test} from "forge-std/Test.sol";
import {GovernanceToken} from "../../src/governance/GovernanceToken.sol";
import {Registry} from "../../src/governance/Registry.sol";

/// @notice The peer: OpenZeppelin's votes on the same clock. Staking is nothing to it, since staked tokens keep their votes.
contract PeerVotes is ERC20, ERC20Votes {
    constructor() ERC20("Peer", "P") EIP712("Peer", "1") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function move(address from, address to, uint256 amount) external {
        _transfer(from, to, amount);
    }

    function delegateOf(address account, address delegatee) external {
        _delegate(account, delegatee);
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function _update(address from, address to, uint256 amount) internal override(ERC20, ERC20Votes) {
        super._update(from, to, amount);
    }
}

/// @notice Holders who move, delegate, stake, earn and wait; a guardian who pauses whenever it can; ghosts of all of it.
contract GovernanceHandler is Test {
    uint256 public constant SUPPLY = 1_000_000e18;
    address private constant TIMELOCK = address(0x71111);
    address private constant GUARDIAN = address(0x6a4d);

    GovernanceToken public immutable token;
    PeerVotes public immutable peer;
    address[4] public holders = [address(0xa11ce), address(0xb0b), address(0xca401), address(0xda7e)];

    uint256 public now_ = 1_800_000_000;
    uint256[] public times;

    mapping(address => uint256) public staked;
    mapping(address => uint256) public cooling;
    mapping(address => uint256) public startedAt;
    uint256 public funded;
    uint256 public paid;
    uint256 public releasedEarly;
    uint256 public pausedInWindow;
    uint256 public lastPauseEnd;
    uint256 public pausesTooSoon;
    uint256 public stakesWhilePaused;

    constructor() {
        vm.warp(now_);
        token = new GovernanceToken("T", "T", new Registry(TIMELOCK), GUARDIAN, address(0), address(this), SUPPLY);
        peer = new PeerVotes();
        peer.mint(address(this), SUPPLY);
        for (uint256 i; i < 4; ++i) {
            _move(address(this), holders[i], SUPPLY / 8);
        }
        _move(address(this), TIMELOCK, SUPPLY / 2);
        times.push(now_);
    }

    function _move(address from, address to, uint256 amount) private {
        vm.prank(from);
        token.transfer(to, amount);
        peer.move(from, to, amount);
    }

    modifier as_(uint256 seed) {
        vm.warp(now_);
        vm.startPrank(holders[seed % 4]);
        _;
        vm.stopPrank();
    }

    /* HOLDERS */

    function transfer(uint256 seed, uint256 to, uint256 amount) external {
        vm.warp(now_);
        address from = holders[seed % 4];
        amount = bound(amount, 0, token.balanceOf(from));
        _move(from, holders[to % 4], amount);
    }

    function delegate(uint256 seed, uint256 to) external as_(seed) {
        address delegatee = to % 5 == 4 ? address(0) : holders[to % 5];
        token.delegate(delegatee);
        peer.delegateOf(holders[seed % 4], delegatee);
    }

    function stake(uint256 seed, uint256 amount) external as_(seed) {
        address who = holders[seed % 4];
        uint256 most = token.balanceOf(who);
        if (most == 0) return;
        amount = bound(amount, 1, most);
        if (token.paused()) {
            try token.stake(amount) {
                ++stakesWhilePaused;
            } catch {}
            return;
        }
        token.stake(amount);
        staked[who] += amount;
    }

    function unstake(uint256 seed, uint256 amount) external as_(seed) {
        address who = holders[seed % 4];
        if (staked[who] == 0) return;
        amount = bound(amount, 1, staked[who]);
        token.unstake(amount);
        staked[who] -= amount;
        cooling[who] += amount;
        startedAt[who] = now_;
    }

    function cancelUnstake(uint256 seed) external as_(seed) {
        address who = holders[seed % 4];
        if (cooling[who] == 0 || token.paused()) return;
        token.cancelUnstake();
        staked[who] += cooling[who];
        cooling[who] = 0;
    }

    function withdraw(uint256 seed) external as_(seed) {
        address who = holders[seed % 4];
        try token.withdraw() returns (uint256 amount) {
            if (now_ < startedAt[who] + 10 days) ++releasedEarly;
            require(amount == cooling[who]);
            cooling[who] = 0;
        } catch {
            require(cooling[who] == 0 || now_ < startedAt[who] + 10 days, "what has cooled down is given");
        }
    }

    function claimRewards(uint256 seed) external as_(seed) {
        uint256 amount = token.claimRewards();
        paid += amount;
        // to the peer a reward is a transfer from the reserve
        if (amount != 0) peer.move(address(token), holders[seed % 4], amount);
    }

    /* TIMELOCK AND GUARDIAN */

    function fundRewards(uint256 amount, uint256 duration) external {
        vm.warp(now_);
        amount = bound(amount, 1e18, SUPPLY / 100);
        duration = bound(duration, 1 days, 60 days);
        if (token.balanceOf(TIMELOCK) < amount) return;
        vm.prank(TIMELOCK);
        try token.fundRewards(amount, duration) {
            funded += amount;
            peer.move(TIMELOCK, address(token), amount);
        } catch {}
    }

    function pause(uint256 duration) external {
        vm.warp(now_);
        duration = bound(duration, 1, 10 days);
        vm.prank(GUARDIAN);
        try token.pause(duration) {
            if (lastPauseEnd != 0 && now_ < lastPauseEnd + 20 days) ++pausesTooSoon;
            lastPauseEnd = now_ + duration;
        } catch {}
    }

    function unpause() external {
        vm.warp(now_);
        if (!token.paused()) return;
        vm.prank(TIMELOCK);
        token.unpause();
        lastPauseEnd = now_;
    }

    function pass(uint256 time) external {
        now_ += bound(time, 1, 6 days);
        vm.warp(now_);
        times.push(now_);
    }

    function timesLength() external view returns (uint256) {
        return times.length;
    }
}

contract GovernanceInvariants is Test {
    GovernanceHandler private handler;
    GovernanceToken private token;
    PeerVotes private peer;

    function setUp() public {
        handler = new GovernanceHandler();
        token = handler.token();
        peer = handler.peer();
        bytes4[] memory picks = new bytes4[](11);
        picks[0] = handler.transfer.selector;
        picks[1] = handler.delegate.selector;
        picks[2] = handler.stake.selector;
        picks[3] = handler.unstake.selector;
        picks[4] = handler.cancelUnstake.selector;
        picks[5] = handler.withdraw.selector;
        picks[6] = handler.claimRewards.selector;
        picks[7] = handler.fundRewards.selector;
        picks[8] = handler.pause.selector;
        picks[9] = handler.unpause.selector;
        picks[10] = handler.pass.selector;
        targetContract(address(handler));
        targetSelector(FuzzSelector(address(handler), picks));
    }

    /// @dev Every token is somebody's, and all that is delegated adds up to what the delegating hold, locked or not.
    function invariant_votes_are_the_supply_staked_tokens_included() public view {
        uint256 units = token.balanceOf(address(0x71111)) + token.rewardReserve();
        uint256 delegated;
        uint256 votes;
        for (uint256 i; i < 4; ++i) {
            address who = handler.holders(i);
            uint256 mine = token.balanceOf(who) + handler.staked(who) + handler.cooling(who);
            units += mine;
            if (token.delegates(who) != address(0)) delegated += mine;
            votes += token.getVotes(who);
        }
        assertEq(units, token.totalSupply());
        assertEq(votes, delegated);
    }

    /// @dev The same answers as OpenZeppelin's votes, now and at a time before that changes with every call; at the end at all.
    function invariant_checkpoints_equal_those_of_openzeppelin() public {
        uint256 count = handler.timesLength();
        compare(handler.times(uint256(keccak256(abi.encode(count, token.getVotes(handler.holders(0))))) % count));
    }

    function afterInvariant() public {
        uint256 count = handler.timesLength();
        for (uint256 k; k < count; ++k) {
            compare(handler.times(k));
        }
    }

    function compare(uint256 time) private {
        vm.warp(handler.now_() + 1);
        for (uint256 i; i < 4; ++i) {
            address who = handler.holders(i);
            assertEq(token.getVotes(who), peer.getVotes(who));
            assertEq(token.numCheckpoints(who), peer.numCheckpoints(who));
            assertEq(token.getPastVotes(who, time), peer.getPastVotes(who, time));
            assertEq(token.getPastVotes(who, time - 1), peer.getPastVotes(who, time - 1));
        }
        assertEq(token.getPastTotalSupply(time), peer.getPastTotalSupply(time));
    }

    function invariant_rewards_paid_and_owed_are_at_most_what_was_funded() public view {
        uint256 owed;
        for (uint256 i; i < 4; ++i) {
            owed += token.positionOf(handler.holders(i)).earned;
        }
        assertEq(token.rewardReserve(), handler.funded() - handler.paid());
        assertLe(owed, token.rewardReserve());
    }

    function invariant_the_cooldown_is_respected() public view {
        assertEq(handler.releasedEarly(), 0);
    }

    function invariant_positions_equal_their_ghosts() public view {
        uint256 staked;
        uint256 cooling;
        for (uint256 i; i < 4; ++i) {
            address who = handler.holders(i);
            GovernanceToken.Position memory position = token.positionOf(who);
            assertEq(position.staked, handler.staked(who));
            assertEq(position.cooling, handler.cooling(who));
            staked += position.staked;
            cooling += position.cooling;
        }
        assertEq(token.totalStaked(), staked);
        assertEq(token.totalCooling(), cooling);
        assertEq(token.balanceOf(address(token)), staked + cooling + token.rewardReserve(), "and nothing else is held");
    }

    function invariant_a_pause_is_bounded_and_has_its_cooldown() public view {
        assertLe(token.pausedUntil(), handler.now_() + token.MAX_PAUSE());
        assertEq(handler.pausesTooSoon(), 0);
        assertEq(handler.stakesWhilePaused(), 0);
    }
}
