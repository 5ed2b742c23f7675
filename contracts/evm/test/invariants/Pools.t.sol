// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {LiquidityPoolManager} from "../../src/core/LiquidityPoolManager.sol";
import {PoolIncentives} from "../../src/core/PoolIncentives.sol";
import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {Powers} from "../../src/libraries/Powers.sol";
import {StableMath} from "../../src/libraries/StableMath.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {PoolBase} from "../pools/PoolBase.sol";

/// @notice Three people do anything with four pools, and a second set of accounts is kept beside the manager's. A call that the
/// manager refuses by name changes nothing and is passed over.
contract PoolHandler is Test {
    uint256 private constant FOREVER = type(uint256).max;
    LiquidityPoolManager public immutable manager;
    PoolIncentives public immutable incentives;
    MockToken[3] public tokens;
    MockToken public reward;
    uint256[4] public pools;
    address[3] public people = [address(0xA1), address(0xB2), address(0xC3)];

    /// @notice What came in less what went out, for each token: what the manager must hold.
    mapping(address token => uint256) public expected;
    mapping(uint256 pool => uint256) public ghostSupply;
    mapping(uint256 pool => int256) public worth;
    uint256 public funded;
    uint256 public claimed;
    uint256 public oracleMoved;
    uint256 public averageMoved;
    uint256 public shareFell;
    uint256 public swaps;
    uint256 public joins;
    uint256 public exits;

    constructor(
        LiquidityPoolManager manager_,
        PoolIncentives incentives_,
        MockToken[3] memory tokens_,
        MockToken reward_,
        uint256[4] memory pools_
    ) {
        (manager, incentives, tokens, reward, pools) = (manager_, incentives_, tokens_, reward_, pools_);
    }

    function begin() external {
        for (uint256 i; i < 3; ++i) {
            expected[address(tokens[i])] = tokens[i].balanceOf(address(manager));
        }
        for (uint256 i; i < 4; ++i) {
            ghostSupply[pools[i]] = manager.totalSupply(pools[i]);
            worth[pools[i]] = sharePrice(pools[i]);
        }
    }

    /* SHARE PRICE: ln of what a share is worth, in units of 2^-120 */

    function sharePrice(uint256 pool) public view returns (int256 value) {
        Pools.PoolState memory state = manager.poolState(pool);
        bool[8] memory done;
        for (uint256 i; i < state.tokens.length; ++i) {
            uint256 group = state.curve.groups[i];
            if (done[group]) continue;
            done[group] = true;
            value += _ln(_invariant(state.curve, group)) * int256(state.curve.weights[i]) / 1e18;
        }
        value -= _ln(state.supply << 24);
    }

    function _invariant(Pools.CurvePool memory curve, uint256 group) private pure returns (uint256) {
        uint256 count;
        for (uint256 i; i < curve.groups.length; ++i) {
            if (curve.groups[i] == group) ++count;
        }
        uint256[] memory xs = new uint256[](count);
        count = 0;
        for (uint256 i; i < curve.groups.length; ++i) {
            if (curve.groups[i] == group) xs[count++] = curve.balances[i] * curve.rates[i];
        }
        if (count == 1) return xs[0] << 24;
        uint256 d = StableMath.invariant(xs, curve.amplification);
        uint256 guard = StableMath.guardBits(d);
        return StableMath.invariantUp(xs, curve.amplification, d, guard) << (24 - guard);
    }

    /// @dev ln of any number over 2^-120: Powers' is of ratios near one.
    function _ln(uint256 value) private pure returns (int256) {
        uint256 bits;
        for (uint256 rest = value; rest > 1; rest >>= 1) {
            ++bits;
        }
        uint256 mantissa = bits > 120 ? value >> (bits - 120) : value << (120 - bits);
        return Powers.ln(mantissa) + int256(bits) * 921350637599661305226344307672478455;
    }

    /* FRAME */

    struct Frame {
        address who;
        uint256 pool;
        uint256 count;
        uint256[3] prices;
        uint256[] averages;
        uint256 supply;
    }

    function _frame(uint256 seed) private view returns (Frame memory f) {
        f.who = people[seed % 3];
        f.pool = pools[(seed >> 8) % 4];
        f.count = f.pool == pools[2] ? 3 : 2;
        f.prices = _prices(f.pool, f.count);
        Pools.PoolState memory state = manager.poolState(f.pool);
        (f.averages, f.supply) = (state.averages, state.supply);
    }

    function _prices(uint256 pool, uint256 count) private view returns (uint256[3] memory prices) {
        for (uint256 i; i + 1 < count; ++i) {
            prices[i] = manager.oraclePrice(pool, i, i + 1);
        }
    }

    /// @dev After every call: prices and averages a share of this second have not moved, and no share has become worth less.
    function _after(Frame memory f) private {
        uint256[3] memory prices = _prices(f.pool, f.count);
        Pools.PoolState memory state = manager.poolState(f.pool);
        for (uint256 i; i < f.count; ++i) {
            // half a unit of the pool's, where the supply is another
            if (2 * _apart(state.averages[i] * f.supply, f.averages[i] * state.supply) > f.supply) ++averageMoved;
            if (i + 1 == f.count) continue;
            uint256 units = state.averages[i] < state.averages[i + 1] ? state.averages[i] : state.averages[i + 1];
            uint256 rounding = state.supply == f.supply ? 0 : 2 * prices[i] / units + prices[i] / 1e15;
            if (_apart(prices[i], f.prices[i]) > rounding) ++oracleMoved;
        }
        int256 now_ = sharePrice(f.pool);
        // sharePrice itself is within 2^-80 or so: D is refined by 24 bits of a unit
        if (now_ < worth[f.pool] - (1 << 44)) ++shareFell;
        worth[f.pool] = now_;
    }

    function _apart(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : b - a;
    }

    function _ready(address who, uint256 index, uint256 amount) private {
        tokens[index].mint(who, amount);
        vm.prank(who);
        tokens[index].approve(address(manager), type(uint256).max);
    }

    function _book(uint256 index, uint256 amountIn, uint256 amountOut) private {
        expected[address(tokens[index])] = expected[address(tokens[index])] + amountIn - amountOut;
    }

    /* TRADES */

    function swapExactIn(uint256 seed, uint256 amount) external {
        Frame memory f = _frame(seed);
        uint256 index = (seed >> 16) % f.count;
        uint256 other = (index + 1) % f.count;
        amount = bound(amount, 1, manager.poolState(f.pool).curve.balances[index] / 4);
        _ready(f.who, index, amount);
        vm.prank(f.who);
        try manager.swapExactIn(f.pool, index, other, amount, 0, f.who, FOREVER) returns (uint256 out) {
            _book(index, amount, 0);
            _book(other, 0, out);
            ++swaps;
        } catch {}
        _after(f);
    }

    function swapExactOut(uint256 seed, uint256 amount) external {
        Frame memory f = _frame(seed);
        uint256 index = (seed >> 16) % f.count;
        uint256 other = (index + 1) % f.count;
        amount = bound(amount, 1, manager.poolState(f.pool).curve.balances[other] / 5);
        _ready(f.who, index, 1e36);
        vm.prank(f.who);
        try manager.swapExactOut(f.pool, index, other, amount, FOREVER, f.who, FOREVER) returns (uint256 paid) {
            _book(index, paid, 0);
            _book(other, 0, amount);
            ++swaps;
        } catch {}
        _after(f);
    }

    function swapInternally(uint256 seed, uint256 amount) external {
        Frame memory f = _frame(seed);
        uint256 index = (seed >> 16) % f.count;
        amount = bound(amount, 1, manager.poolState(f.pool).curve.balances[index] / 4);
        _ready(f.who, index, amount);
        Pools.Hop[] memory path = new Pools.Hop[](2);
        path[0] = Pools.Hop(f.pool, index, (index + 1) % f.count);
        path[1] = Pools.Hop(f.pool, (index + 1) % f.count, index);
        vm.startPrank(f.who);
        try manager.deposit(address(tokens[index]), amount, f.who) {
            _book(index, amount, 0);
        } catch {}
        uint256 held = manager.balanceOf(f.who, uint160(address(tokens[index])));
        try manager.swapPath(
            path, held < amount ? held : amount, 0, Pools.Payment.InternalBalance, true, f.who, FOREVER, ""
        ) {
            ++swaps;
        } catch {}
        vm.stopPrank();
        _after(f);
    }

    function withdraw(uint256 seed, uint256 amount) external {
        address who = people[seed % 3];
        uint256 index = (seed >> 8) % 3;
        uint256 held = manager.balanceOf(who, uint160(address(tokens[index])));
        amount = bound(amount, 0, held);
        vm.prank(who);
        manager.withdraw(address(tokens[index]), amount, who);
        _book(index, 0, amount);
    }

    /* LIQUIDITY */

    function addProportional(uint256 seed, uint256 shares) external {
        Frame memory f = _frame(seed);
        shares = bound(shares, 1, 1e23);
        uint256[] memory most = new uint256[](f.count);
        for (uint256 i; i < f.count; ++i) {
            _ready(f.who, i, 1e30);
            most[i] = FOREVER;
        }
        vm.prank(f.who);
        try manager.addProportional(f.pool, shares, most, f.who, FOREVER) returns (uint256[] memory amounts) {
            for (uint256 i; i < f.count; ++i) {
                _book(i, amounts[i], 0);
            }
            ghostSupply[f.pool] += shares;
            ++joins;
        } catch {}
        _after(f);
    }

    function addOne(uint256 seed, uint256 amount) external {
        Frame memory f = _frame(seed);
        uint256 index = (seed >> 16) % f.count;
        _ready(f.who, index, 1e36);
        vm.startPrank(f.who);
        if (seed & 1 << 200 == 0) {
            amount = bound(amount, 1, manager.poolState(f.pool).curve.balances[index] / 4);
            try manager.addOneExactIn(f.pool, index, amount, 0, f.who, FOREVER) returns (uint256 shares) {
                _book(index, amount, 0);
                ghostSupply[f.pool] += shares;
                ++joins;
            } catch {}
        } else {
            amount = bound(amount, 1, 1e23);
            try manager.addOneExactShares(f.pool, index, amount, FOREVER, f.who, FOREVER) returns (uint256 paid) {
                _book(index, paid, 0);
                ghostSupply[f.pool] += amount;
                ++joins;
            } catch {}
        }
        vm.stopPrank();
        _after(f);
    }

    function removeProportional(uint256 seed, uint256 shares) external {
        Frame memory f = _frame(seed);
        uint256 held = manager.balanceOf(f.who, f.pool);
        if (held == 0) return;
        shares = bound(shares, 1, held);
        vm.prank(f.who);
        uint256[] memory got =
            manager.removeProportional(f.pool, shares, new uint256[](f.count), seed & 1 << 201 != 0, f.who, FOREVER);
        ghostSupply[f.pool] -= shares;
        if (seed & 1 << 201 == 0) {
            for (uint256 i; i < f.count; ++i) {
                _book(i, 0, got[i]);
            }
        }
        ++exits;
        _after(f);
    }

    function removeOne(uint256 seed, uint256 amount) external {
        Frame memory f = _frame(seed);
        uint256 index = (seed >> 16) % f.count;
        uint256 held = manager.balanceOf(f.who, f.pool);
        if (held == 0) return;
        vm.startPrank(f.who);
        if (seed & 1 << 200 == 0) {
            amount = bound(amount, 1, held);
            try manager.removeOneExactShares(f.pool, index, amount, 0, f.who, FOREVER) returns (uint256 got) {
                _book(index, 0, got);
                ghostSupply[f.pool] -= amount;
                ++exits;
            } catch {}
        } else {
            amount = bound(amount, 1, manager.poolState(f.pool).curve.balances[index] / 8 + 1);
            try manager.removeOneExactOut(f.pool, index, amount, FOREVER, f.who, FOREVER) returns (uint256 burnt) {
                _book(index, 0, amount);
                ghostSupply[f.pool] -= burnt;
                ++exits;
            } catch {}
        }
        vm.stopPrank();
        _after(f);
    }

    function collect(uint256 seed) external {
        uint256 pool = pools[seed % 4];
        uint256 index = (seed >> 8) % 2;
        _book(index, 0, manager.collectProtocolFee(pool, index));
    }

    /* INCENTIVES AND TIME */

    function stake(uint256 seed, uint256 shares) external {
        address who = people[seed % 3];
        uint256 held = manager.balanceOf(who, pools[0]);
        if (held == 0) return;
        vm.startPrank(who);
        manager.setOperator(address(incentives), true);
        incentives.stake(pools[0], bound(shares, 1, held));
        vm.stopPrank();
    }

    function unstake(uint256 seed, uint256 shares) external {
        address who = people[seed % 3];
        shares = bound(shares, 0, incentives.stakeOf(pools[0], who));
        vm.prank(who);
        incentives.unstake(pools[0], shares, who);
    }

    function claim(uint256 seed) external {
        address who = people[seed % 3];
        vm.prank(who);
        claimed += incentives.claim(pools[0], 0, who);
    }

    function fund(uint256 amount, uint256 duration) external {
        amount = bound(amount, 1, 1e24);
        reward.mint(address(this), amount);
        reward.approve(address(incentives), amount);
        try incentives.fund(pools[0], 0, amount, bound(duration, 1 days, 365 days)) {
            funded += amount;
        } catch {}
    }

    function wait_(uint256 time) external {
        skip(bound(time, 1, 2 days));
    }

    function pause(uint256 time) external {
        vm.prank(manager.guardian());
        try manager.pause(bound(time, 1, 1 hours)) {} catch {}
    }
}

/// @notice What holds of the pools whatever is done with them.
contract PoolInvariants is PoolBase {
    PoolHandler private handler;
    PoolIncentives private incentives;
    MockToken private reward;
    address[] private tokens;
    uint256[4] private pools;
    uint256[][4] private first;

    function setUp() public {
        tokens = new address[](3);
        tokens[0] = _token(18);
        tokens[1] = _token(6);
        tokens[2] = _token(8);
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (tokens[0], tokens[1]);
        pools[0] = _weighted(pair, _numbers(0.7e18, 0.3e18), 0, 0);
        pools[1] = _stable(pair, 10_000, 0, 10, 0);
        pools[2] = _hybrid(tokens, 20_000, 0);
        pools[3] = _stable(pair, 50_000, 0.001e18, 50, 100);
        for (uint256 i; i < 4; ++i) {
            uint256[] memory amounts = new uint256[](i == 2 ? 3 : 2);
            (amounts[0], amounts[1]) = (3e24, 2e12);
            if (i == 2) amounts[2] = 1e14;
            first[i] = amounts;
            manager.initialize(pools[i], amounts, address(this));
        }
        reward = new MockToken(18);
        incentives = new PoolIncentives(address(manager));
        vm.prank(OWNER);
        incentives.addReward(pools[0], address(reward));
        handler = new PoolHandler(
            manager, incentives, [MockToken(tokens[0]), MockToken(tokens[1]), MockToken(tokens[2])], reward, pools
        );
        handler.begin();
        skip(1 days);
        targetContract(address(handler));
        bytes4[] memory left = new bytes4[](1);
        left[0] = PoolHandler.begin.selector;
        excludeSelector(FuzzSelector(address(handler), left));
    }

    function invariant_the_manager_holds_what_all_accounts_say() public view {
        for (uint256 t; t < 3; ++t) {
            uint256 owing;
            for (uint256 i; i < 4; ++i) {
                Pools.PoolState memory state = manager.poolState(pools[i]);
                for (uint256 k; k < state.tokens.length; ++k) {
                    if (state.tokens[k] == tokens[t]) {
                        owing += state.curve.balances[k] + manager.protocolFeeOf(pools[i], k);
                    }
                }
            }
            for (uint256 i; i < 3; ++i) {
                owing += manager.balanceOf(handler.people(i), uint160(tokens[t]));
            }
            assertEq(owing, MockToken(tokens[t]).balanceOf(address(manager)));
        }
    }

    function invariant_tokens_are_those_that_came_less_those_that_went() public view {
        for (uint256 t; t < 3; ++t) {
            assertEq(MockToken(tokens[t]).balanceOf(address(manager)), handler.expected(tokens[t]));
        }
    }

    function invariant_shares_of_all_holders_are_the_supply() public view {
        for (uint256 i; i < 4; ++i) {
            uint256 shares = manager.balanceOf(address(this), pools[i]) + manager.balanceOf(address(0), pools[i])
                + manager.balanceOf(address(incentives), pools[i]);
            for (uint256 k; k < 3; ++k) {
                shares += manager.balanceOf(handler.people(k), pools[i]);
            }
            assertEq(shares, manager.totalSupply(pools[i]));
        }
    }

    function invariant_supply_is_what_was_made_less_what_was_burnt() public view {
        for (uint256 i; i < 4; ++i) {
            assertEq(manager.totalSupply(pools[i]), handler.ghostSupply(pools[i]));
        }
    }

    function invariant_no_share_ever_becomes_worth_less() public view {
        assertEq(handler.shareFell(), 0);
    }

    function invariant_no_call_moves_the_oracle_in_its_block() public view {
        assertEq(handler.oracleMoved(), 0);
    }

    function invariant_averages_of_a_share_move_by_time_alone() public view {
        assertEq(handler.averageMoved(), 0);
    }

    function invariant_a_pool_without_a_fee_owes_the_protocol_nothing() public view {
        for (uint256 i; i < 3; ++i) {
            for (uint256 k; k < first[i].length; ++k) {
                assertEq(manager.protocolFeeOf(pools[i], k), 0);
            }
        }
    }

    function invariant_no_asset_of_a_pool_is_empty() public view {
        for (uint256 i; i < 4; ++i) {
            uint256[] memory balances = manager.poolState(pools[i]).curve.balances;
            for (uint256 k; k < balances.length; ++k) {
                assertGt(balances[k], 0);
            }
        }
    }

    function invariant_rewards_never_exceed_what_was_funded() public view {
        uint256 due = handler.claimed();
        for (uint256 i; i < 3; ++i) {
            due += incentives.claimable(pools[0], 0, handler.people(i));
        }
        assertLe(due, handler.funded());
        assertEq(reward.balanceOf(address(incentives)), handler.funded() - handler.claimed());
    }

    function invariant_stakes_are_shares_that_are_there() public view {
        uint256 staked;
        for (uint256 i; i < 3; ++i) {
            staked += incentives.stakeOf(pools[0], handler.people(i));
        }
        assertEq(staked, incentives.totalStaked(pools[0]));
        assertEq(staked, manager.balanceOf(address(incentives), pools[0]));
    }

    /// @notice Everybody leaves, paused or not: nobody is kept, and the first depositor is not left with less of everything.
    function invariant_everybody_can_leave_and_nobody_took_of_everything() public {
        uint256 state = vm.snapshotState();
        for (uint256 k; k < 3; ++k) {
            address who = handler.people(k);
            vm.startPrank(who);
            incentives.unstake(pools[0], incentives.stakeOf(pools[0], who), who);
            for (uint256 i; i < 4; ++i) {
                uint256 held = manager.balanceOf(who, pools[i]);
                if (held == 0) continue;
                manager.removeProportional(pools[i], held, new uint256[](first[i].length), false, who, FOREVER);
            }
            vm.stopPrank();
        }
        for (uint256 i; i < 4; ++i) {
            uint256[] memory balances = manager.poolState(pools[i]).curve.balances;
            bool less = true;
            for (uint256 k; k < balances.length; ++k) {
                if (balances[k] >= first[i][k]) less = false;
            }
            assertFalse(less, "the others left with more of every asset than they brought");
        }
        vm.revertToState(state);
    }
}
