// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {SyntheticToken} from "../../src/synthetics/SyntheticToken.sol";
import {SyntheticVault} from "../../src/synthetics/SyntheticVault.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {PriceStandIn} from "../synthetics/PriceStandIn.sol";
import {SyntheticsBase} from "../synthetics/SyntheticsBase.sol";

/// @notice Leads four accounts and a keeper through the vault and keeps books of its own beside it.
contract VaultHandler is Test {
    SyntheticVault public immutable vault;
    SyntheticToken public immutable token;
    MockToken public immutable coin;
    PriceStandIn public immutable prices;
    address public immutable timelock;
    address public immutable guardian;
    address[4] public accounts = [address(0xA1), address(0xA2), address(0xA3), address(0xA4)];
    address public constant KEEPER = address(0xEE);

    /* GHOST STATE: what the vault's books must say, from amounts given and taken alone */

    uint256 public fair = 2000e36;
    mapping(address account => uint256) public collateralOf;
    uint256 public allCollateral;
    uint256 public minted;
    uint256 public burned;
    uint256 public badDebt;
    uint256 public highestIndex = 1e27;
    uint256 public liquidations;
    uint256 public worsened;
    uint256 public overCeiling;
    uint256 public blockedExits;
    uint256 public debtGrewWithoutCause;
    uint256 public paidBeyondValue;
    mapping(address account => uint256) private _debtSeen;
    mapping(address account => uint256) private _indexSeen;

    constructor(SyntheticVault vault_, PriceStandIn prices_, address timelock_, address guardian_) {
        vault = vault_;
        token = vault_.SYNTHETIC();
        coin = MockToken(vault_.COLLATERAL());
        prices = prices_;
        timelock = timelock_;
        guardian = guardian_;
        prices_.set(fair);
        for (uint256 i; i < 4; ++i) {
            _provide(accounts[i], 1_000_000 ether);
            vm.prank(accounts[i]);
            token.approve(KEEPER, type(uint256).max);
        }
        _provide(KEEPER, 1_000_000 ether);
    }

    function _provide(address account, uint256 amount) private {
        coin.mint(account, amount);
        vm.prank(account);
        coin.approve(address(vault), type(uint256).max);
    }

    /// @dev Debts only grow by the fee of the time between, unless the account minted.
    modifier watching(uint256 seed) {
        address account = accounts[seed % 4];
        for (uint256 i; i < 4; ++i) {
            _notGrown(accounts[i]);
        }
        _;
        for (uint256 i; i < 4; ++i) {
            if (accounts[i] != account) _notGrown(accounts[i]);
            (, _debtSeen[accounts[i]]) = vault.positionOf(accounts[i]);
            _indexSeen[accounts[i]] = vault.index();
        }
        if (vault.index() < highestIndex) revert("the index fell");
        highestIndex = vault.index();
    }

    function _notGrown(address account) private {
        (, uint256 debt) = vault.positionOf(account);
        uint256 seen = _debtSeen[account];
        if (seen != 0 && debt > seen * vault.index() / _indexSeen[account] + 2) ++debtGrewWithoutCause;
    }

    function _shut() private view returns (bool) {
        return vault.mode() == ISyntheticVault.Mode.Shutdown;
    }

    /* TIME AND PRICE */

    function wait_(uint256 seed, uint256 time) external watching(seed) {
        vm.warp(vm.getBlockTimestamp() + bound(time, 0, 20 days));
    }

    function movePrice(uint256 seed, uint256 by) external watching(seed) {
        fair = bound(fair * bound(by, 70, 135) / 100, 50e36, 50_000e36);
        prices.set(fair);
    }

    function killPrice(uint256 seed) external watching(seed) {
        prices.set(0);
    }

    function report(uint256 seed) external watching(seed) {
        if (!_shut()) vault.reportOracle();
    }

    function pause_(uint256 seed, uint256 time) external watching(seed) {
        if (block.timestamp < vault.nextPauseAt()) return;
        vm.prank(guardian);
        vault.pause(bound(time, 1, 10 days));
    }

    function shutDown(uint256 seed) external watching(seed) {
        // rarely, or there would be little else
        if (seed % 16 != 0 || _shut()) return;
        vm.prank(timelock);
        vault.shutdown();
    }

    /* POSITIONS */

    function deposit(uint256 seed, uint256 amount) external watching(seed) {
        address account = accounts[seed % 4];
        amount = bound(amount, 0, 1_000 ether);
        if (_shut() || amount == 0 || coin.balanceOf(account) < amount) return;
        vm.prank(account);
        vault.deposit(account, amount);
        collateralOf[account] += amount;
        allCollateral += amount;
    }

    function depositAndMint(uint256 seed, uint256 amount, uint256 percent) external watching(seed) {
        address account = accounts[seed % 4];
        amount = bound(amount, 0.1 ether, 1_000 ether);
        if (_shut() || vault.paused() || prices.value() == 0 || coin.balanceOf(account) < amount) return;
        (uint256 collateral, uint256 debt) = vault.positionOf(account);
        uint256 limit = (collateral + amount) * fair / 1e36 * 0.8e18 / 1e18;
        if (limit <= debt + 1e6) return;
        uint256 mint = (limit - debt - 1e6) * bound(percent, 50, 100) / 100 * 1000 / 1006;
        if (mint + debt < 100e18 || vault.totalDebt() + mint * 1006 / 1000 > vault.DEBT_CEILING()) return;
        vm.prank(account);
        vault.depositAndMint(account, amount, mint, account);
        collateralOf[account] += amount;
        allCollateral += amount;
        minted += mint;
        if (vault.totalDebt() > vault.DEBT_CEILING()) ++overCeiling;
        (, debt) = vault.positionOf(account);
        if (debt > (collateral + amount) * fair / 1e36 * 0.8e18 / 1e18) ++paidBeyondValue;
    }

    function withdraw(uint256 seed, uint256 amount) external watching(seed) {
        address account = accounts[seed % 4];
        (uint256 collateral, uint256 debt) = vault.positionOf(account);
        amount = bound(amount, 0, collateral);
        if (amount == 0) return;
        vm.prank(account);
        try vault.withdraw(account, amount, account) {
            collateralOf[account] -= amount;
            allCollateral -= amount;
        } catch {
            if (debt == 0) ++blockedExits;
        }
    }

    function burn(uint256 seed, uint256 amount) external watching(seed) {
        address account = accounts[seed % 4];
        (, uint256 debt) = vault.positionOf(account);
        uint256 held = token.balanceOf(account);
        amount = bound(amount, 0, held > debt ? debt : held);
        if (amount == 0 || (amount != debt && debt - amount < 101e18)) return;
        uint256 supply = token.totalSupply();
        vm.prank(account);
        try vault.burnSynthetic(account, amount) returns (uint256 paid) {
            burned += paid;
            if (supply - token.totalSupply() != paid) ++paidBeyondValue;
        } catch {
            ++blockedExits;
        }
    }

    /// @dev The same part of both, which needs no price in any mode, paused or not.
    function leave(uint256 seed, uint256 part) external watching(seed) {
        address account = accounts[seed % 4];
        (uint256 collateral, uint256 debt) = vault.positionOf(account);
        part = bound(part, 1, 4);
        uint256 pay = part == 1 ? debt : debt / part + 2;
        if (debt == 0 || token.balanceOf(account) < pay || (pay != debt && debt - pay < 101e18)) return;
        vm.prank(account);
        try vault.burnAndWithdraw(account, pay, collateral / part, account) returns (uint256 paid) {
            burned += paid;
            collateralOf[account] -= collateral / part;
            allCollateral -= collateral / part;
        } catch {
            ++blockedExits;
        }
    }

    /* OTHERS */

    /// @dev The keeper holds what the accounts lend it.
    function _borrow(uint256 amount) private {
        for (uint256 i; i < 4; ++i) {
            uint256 held = token.balanceOf(accounts[i]);
            uint256 missing = amount - token.balanceOf(KEEPER);
            if (missing == 0) return;
            vm.prank(KEEPER);
            token.transferFrom(accounts[i], KEEPER, held < missing ? held : missing);
        }
    }

    function liquidate(uint256 seed, uint256 most) external watching(seed) {
        address account = accounts[seed % 4];
        (uint256 collateral, uint256 debt) = vault.positionOf(account);
        if (_shut() || prices.value() == 0 || debt == 0 || vault.healthOf(account) >= 1e18) return;
        if (token.balanceOf(KEEPER) < debt) _borrow(debt);
        most = bound(most, debt / 2, debt);
        if (token.balanceOf(KEEPER) < most) return;
        vm.prank(KEEPER);
        try vault.liquidate(account, most, 0, KEEPER) returns (uint256 paid, uint256 seized, uint256 bad) {
            ++liquidations;
            burned += paid;
            badDebt += bad;
            collateralOf[account] -= seized;
            allCollateral -= seized;
            (uint256 restCollateral, uint256 restDebt) = vault.positionOf(account);
            if (restDebt != 0 && restCollateral * debt <= collateral * restDebt) ++worsened;
            if (seized * fair / 1e36 > paid * 1.15e18 / 1e18 + fair / 1e36 + 1) ++paidBeyondValue;
        } catch (bytes memory said) {
            bytes4 why = bytes4(said);
            if (why != ISyntheticVault.BurnTooSmall.selector && why != ISyntheticVault.BelowMinimumDebt.selector) {
                // healthOf rounds down: a position just at the edge may still be healthy
                if (why != ISyntheticVault.HealthyPosition.selector) ++worsened;
            }
        }
    }

    function collect(uint256 seed) external watching(seed) {
        minted += vault.collectFees();
    }

    function recapitalise(uint256 seed, uint256 amount) external watching(seed) {
        if (vault.shortfall() == 0 || token.balanceOf(KEEPER) == 0) return;
        amount = bound(amount, 1, token.balanceOf(KEEPER));
        vm.prank(KEEPER);
        burned += vault.recapitalise(amount);
    }

    function realise(uint256 seed) external watching(seed) {
        if (_shut()) badDebt += vault.realiseBadDebt(accounts[seed % 4]);
    }

    function redeem(uint256 seed, uint256 amount) external watching(seed) {
        if (!_shut() || block.timestamp < vault.shutdownAt() + 1 days) return;
        address account = accounts[seed % 4];
        badDebt += vault.realiseBadDebt(account);
        (, uint256 debt) = vault.positionOf(account);
        if (debt < 1e6 || vault.totalDebt() == 0) return;
        amount = bound(amount, 1e6, debt);
        if (token.balanceOf(KEEPER) < amount) _borrow(amount);
        if (token.balanceOf(KEEPER) < amount) return;
        vm.prank(KEEPER);
        (uint256 paid, uint256 taken) = vault.redeem(account, amount, 0, KEEPER);
        (uint256 price,) = vault.lastPrice();
        if (taken * price / 1e36 > paid) ++paidBeyondValue;
        burned += paid;
        collateralOf[account] -= taken;
        allCollateral -= taken;
    }
}

contract SyntheticsInvariants is SyntheticsBase {
    VaultHandler private handler;
    PriceStandIn private prices;

    function setUp() public override {
        super.setUp();
        prices = new PriceStandIn();
        vault = create("invariants", prices, address(coin), parameters());
        token = vault.SYNTHETIC();
        handler = new VaultHandler(vault, prices, timelock, guardian);
        targetContract(address(handler));
    }

    function _debts() private view returns (uint256 debts, uint256 collateral) {
        for (uint256 i; i < 4; ++i) {
            (uint256 c, uint256 d) = vault.positionOf(handler.accounts(i));
            debts += d;
            collateral += c;
        }
    }

    /// @dev Each debt is rounded up by less than one.
    function invariant_the_total_is_the_sum_of_all_debts() external view {
        (uint256 debts,) = _debts();
        assertGe(debts, vault.totalDebt());
        assertLe(debts, vault.totalDebt() + 4);
    }

    function invariant_every_synthetic_is_a_debt_or_a_shortfall_that_is_seen() external view {
        uint256 supply = token.totalSupply();
        assertEq(vault.shortfall(), supply > vault.totalDebt() ? supply - vault.totalDebt() : 0);
        assertLe(vault.shortfall(), vault.badDebt());
    }

    function invariant_the_supply_is_what_was_minted_and_not_burned() external view {
        assertEq(token.totalSupply(), handler.minted() - handler.burned());
    }

    function invariant_bad_debt_is_what_was_written_off() external view {
        assertEq(vault.badDebt(), handler.badDebt());
    }

    function invariant_the_vault_holds_all_collateral_it_owes() external view {
        (, uint256 collateral) = _debts();
        assertEq(collateral, vault.totalCollateral());
        assertEq(coin.balanceOf(address(vault)), collateral);
        assertEq(collateral, handler.allCollateral());
    }

    function invariant_each_position_holds_what_went_in_less_what_went_out() external view {
        for (uint256 i; i < 4; ++i) {
            assertEq(collateralOf(handler.accounts(i)), handler.collateralOf(handler.accounts(i)));
        }
    }

    function invariant_the_index_never_falls() external view {
        assertGe(vault.index(), handler.highestIndex());
    }

    function invariant_a_debt_grows_by_the_fee_alone() external view {
        assertEq(handler.debtGrewWithoutCause(), 0);
    }

    function invariant_a_liquidation_improves_health_or_ends_the_position() external view {
        assertEq(handler.worsened(), 0);
    }

    function invariant_no_mint_passes_the_ceiling_or_the_limit_and_nobody_is_paid_too_much() external view {
        assertEq(handler.overCeiling(), 0);
        assertEq(handler.paidBeyondValue(), 0);
    }

    function invariant_a_way_out_was_never_blocked() external view {
        assertEq(handler.blockedExits(), 0);
    }

    /// @dev At any moment, with the oracle dead and the vault paused: every debt that can be paid is, and frees its collateral.
    function invariant_every_position_can_be_left_at_any_moment() external {
        uint256 snapshot = vm.snapshotState();
        prices.set(0);
        if (block.timestamp >= vault.nextPauseAt()) {
            vm.prank(guardian);
            vault.pause(10 days);
        }
        vault.collectFees();
        // all there is, in one hand
        uint256 supply = token.totalSupply();
        for (uint256 i; i < 4; ++i) {
            _gather(handler.accounts(i));
        }
        _gather(handler.KEEPER());
        _gather(treasury);
        assertEq(token.balanceOf(address(this)), supply);
        for (uint256 i; i < 4; ++i) {
            address account = handler.accounts(i);
            (uint256 collateral, uint256 debt) = vault.positionOf(account);
            if (debt > token.balanceOf(address(this))) continue; // roundings of the last one
            if (debt != 0) vault.burnSynthetic(account, debt);
            if (collateral == 0) continue;
            vm.prank(account);
            vault.withdraw(account, collateral, account);
        }
        vm.revertToState(snapshot);
    }

    function _gather(address holder) private {
        uint256 held = token.balanceOf(holder);
        vm.prank(holder);
        token.transfer(address(this), held);
    }
}
