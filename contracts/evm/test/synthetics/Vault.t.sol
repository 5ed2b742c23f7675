// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardedPause} from "../../src/interfaces/IGuardedPause.sol";
import {IOracle} from "../../src/interfaces/IOracle.sol";
import {ISyntheticAssetFactory} from "../../src/interfaces/ISyntheticAssetFactory.sol";
import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {SyntheticToken} from "../../src/synthetics/SyntheticToken.sol";
import {SyntheticVault} from "../../src/synthetics/SyntheticVault.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

contract VaultTest is SyntheticsBase {
    /* CREATION */

    function test_a_synthetic_is_found_by_its_id_with_its_terms() external view {
        (address itsToken, address itsVault) = factory.syntheticOf(FUSD);
        assertEq(itsToken, address(token));
        assertEq(itsVault, address(vault));
        assertEq(token.VAULT(), address(vault));
        assertEq(token.symbol(), "fUSD");
        assertEq(address(vault.ORACLE()), address(oracle));
        assertEq(vault.COLLATERAL(), address(coin));
        assertEq(vault.owner(), timelock);
        assertEq(vault.guardian(), guardian);
        assertEq(vault.MAX_LTV(), 0.8e18);
        assertEq(vault.LLTV(), 0.86e18);
        assertEq(vault.TARGET_HEALTH(), 1.05e18);
        assertEq(vault.STABILITY_FEE(), FIVE_PERCENT);
        assertEq(vault.MINT_FEE(), 0.005e18);
        assertEq(vault.DEBT_CEILING(), 10_000_000e18);
        assertEq(vault.MIN_DEBT(), 100e18);
        assertEq(vault.DEAD_PERIOD(), 3 days);
        assertEq(vault.FEE_RECIPIENT(), treasury);
        // 1 / (1 - 0.3 x 0.14)
        assertEq(vault.LIQUIDATION_INCENTIVE(), 1043841336116910229);
        assertEq(uint8(vault.mode()), uint8(ISyntheticVault.Mode.Live));
        assertEq(vault.index(), RAY);
    }

    function test_only_the_owner_creates_and_an_id_once() external {
        vm.expectRevert(abi.encodeWithSelector(ISyntheticAssetFactory.NotOwner.selector, address(this)));
        factory.createSynthetic("x", oracle, address(coin), parameters());
        vm.prank(timelock);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticAssetFactory.SyntheticExists.selector, FUSD));
        factory.createSynthetic(FUSD, oracle, address(coin), parameters());
        vm.expectRevert(abi.encodeWithSelector(ISyntheticAssetFactory.NoSuchSynthetic.selector, bytes32("y")));
        factory.deposit("y", 1);
    }

    function test_terms_out_of_bounds_are_refused() external {
        for (uint256 i; i < 20; ++i) {
            ISyntheticVault.Parameters memory p = parameters();
            if (i == 0) p.maxLtv = 0;
            if (i == 1) p.maxLtv = p.lltv;
            if (i == 2) p.maxLtv = 0.8558e18; // within lltv, but not by the deviation
            if (i == 3) p.lltv = 0.98e18 + 1;
            if (i == 4) p.mintFee = p.oracleDeviation - 1;
            if (i == 5) p.mintFee = 0.05e18 + 1;
            if (i == 6) p.oracleDeviation = 0.05e18 + 1;
            if (i == 7) p.targetHealth = 1.01e18 - 1;
            if (i == 8) p.targetHealth = 2e18 + 1;
            if (i == 9) p.stabilityFee = RAY - 1;
            if (i == 10) p.stabilityFee = RAY + 12_857_214_404_249_400_001;
            if (i == 11) p.debtCeiling = uint256(type(uint112).max) + 1;
            if (i == 12) p.minDebt = 0;
            if (i == 13) p.minDebt = p.debtCeiling + 1;
            if (i == 14) p.deadPeriod = 1 days - 1;
            if (i == 15) p.deadPeriod = 90 days + 1;
            if (i == 16) p.feeRecipient = address(0);
            address backing = i == 17 ? makeAddr("nobody") : address(coin);
            IOracle by = i == 18 ? IOracle(makeAddr("nobody")) : IOracle(oracle);
            vm.prank(timelock);
            if (i != 19) vm.expectRevert(ISyntheticVault.BadParameters.selector);
            factory.createSynthetic("terms", by, backing, p);
        }
    }

    function test_the_incentive_grows_as_the_lltv_falls_and_ends_at_fifteen_percent() external {
        ISyntheticVault.Parameters memory p = parameters();
        (p.maxLtv, p.lltv) = (0.3e18, 0.4e18);
        assertEq(create("low", oracle, address(coin), p).LIQUIDATION_INCENTIVE(), 1.15e18);
        (p.maxLtv, p.lltv) = (0.9e18, 0.98e18);
        assertEq(create("high", oracle, address(coin), p).LIQUIDATION_INCENTIVE(), 1006036217303822937);
    }

    function test_only_the_vault_mints_and_burns_the_token() external {
        vm.expectRevert(abi.encodeWithSelector(SyntheticToken.NotVault.selector, address(this)));
        token.mint(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(SyntheticToken.NotVault.selector, address(this)));
        token.burn(alice, 1);
    }

    function test_the_token_takes_permits_once_and_in_time() external {
        (address signer, uint256 key) = makeAddrAndKey("signer");
        bytes32 kind = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        uint256 deadline = vm.getBlockTimestamp() + 1;
        bytes32 digest = keccak256(
            abi.encodePacked(
                "\x19\x01", token.DOMAIN_SEPARATOR(), keccak256(abi.encode(kind, signer, bob, 7, 0, deadline))
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        token.permit(signer, bob, 7, deadline, v, r, s);
        assertEq(token.allowance(signer, bob), 7);
        vm.expectRevert();
        token.permit(signer, bob, 7, deadline, v, r, s);
        vm.warp(deadline + 1);
        vm.expectRevert();
        token.permit(signer, bob, 7, deadline, v, r, s);
    }

    /* DEPOSIT AND MINT */

    function test_deposit_and_mint_in_one_call_is_the_two_calls() external {
        fund(alice, 10 ether);
        fund(bob, 10 ether);
        vm.prank(alice);
        vault.depositAndMint(alice, 10 ether, 10_000e18, alice);
        vm.startPrank(bob);
        vault.deposit(bob, 10 ether);
        vault.mintSynthetic(bob, 10_000e18, bob);
        vm.stopPrank();
        assertEq(collateralOf(alice), collateralOf(bob));
        assertEq(debtOf(alice), debtOf(bob));
        assertEq(debtOf(alice), 10_050e18); // with the mint fee of half a percent
        assertEq(token.balanceOf(alice), 10_000e18);
        assertEq(vault.totalCollateral(), 20 ether);
        assertEq(coin.balanceOf(address(vault)), 20 ether);
    }

    function test_the_factory_acts_by_id_for_its_caller() external {
        fund(alice, 10 ether);
        vm.startPrank(alice);
        factory.deposit(FUSD, 4 ether);
        factory.mintSynthetic(FUSD, 1_000e18);
        factory.depositAndMint(FUSD, 6 ether, 1_000e18);
        assertEq(collateralOf(alice), 10 ether);
        assertEq(token.balanceOf(alice), 2_000e18);
        assertEq(factory.burnSynthetic(FUSD, 500e18), 500e18);
        factory.withdraw(FUSD, 5 ether);
        vm.stopPrank();
        assertEq(collateralOf(alice), 5 ether);
        assertEq(coin.balanceOf(alice), 5 ether);
        assertEq(debtOf(alice), 1_510e18);
    }

    function test_one_mints_up_to_the_limit_and_no_unit_more() external {
        fund(alice, 10 ether);
        vm.startPrank(alice);
        vault.deposit(alice, 10 ether);
        uint256 most = vault.mintableOf(alice);
        uint256 snapshot = vm.snapshotState();
        vault.mintSynthetic(alice, most, alice);
        assertLe(debtOf(alice), 16_000e18);
        vm.revertToState(snapshot);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.Undercollateralised.selector, 16_000e18 + 1, 16_000e18));
        vault.mintSynthetic(alice, most + 3, alice);
    }

    function test_a_mint_ends_at_the_ceiling_and_begins_at_the_minimum() external {
        open(bob, 10_000 ether, 9_940_000e18);
        fund(alice, 1_000 ether);
        vm.startPrank(alice);
        vault.deposit(alice, 1_000 ether);
        vm.expectRevert();
        vault.mintSynthetic(alice, 11_000e18, alice);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.BelowMinimumDebt.selector, 99.9975e18));
        vault.mintSynthetic(alice, 99.5e18, alice);
        vault.mintSynthetic(alice, 100e18, alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISyntheticVault.CeilingReached.selector, type(uint256).max, 10_000_000e18)
        );
        vault.mintSynthetic(alice, type(uint256).max, alice);
    }

    function test_nothing_and_nobody_are_refused_by_name() external {
        fund(alice, 10 ether);
        vm.startPrank(alice);
        vm.expectRevert(ISyntheticVault.ZeroAmount.selector);
        vault.deposit(alice, 0);
        vm.expectRevert(ISyntheticVault.ZeroAddress.selector);
        vault.deposit(address(0), 1);
        vm.expectRevert(ISyntheticVault.TooMuchCollateral.selector);
        vault.deposit(alice, uint256(type(uint128).max) + 1);
        vault.deposit(alice, 1 ether);
        vm.expectRevert(ISyntheticVault.ZeroAmount.selector);
        vault.mintSynthetic(alice, 0, alice);
        vm.expectRevert(ISyntheticVault.ZeroAddress.selector);
        vault.mintSynthetic(alice, 100e18, address(0));
        vm.expectRevert(ISyntheticVault.ZeroAmount.selector);
        vault.withdraw(alice, 0, alice);
        vm.expectRevert(ISyntheticVault.ZeroAmount.selector);
        vault.burnSynthetic(alice, 0);
        vm.expectRevert(ISyntheticVault.ZeroAddress.selector);
        vault.withdraw(alice, 1, address(0));
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.NotEnoughCollateral.selector, 1 ether));
        vault.withdraw(alice, 1 ether + 1, alice);
        vm.expectRevert(ISyntheticVault.ZeroAddress.selector);
        vault.liquidate(alice, 1, 0, address(0));
    }

    function test_a_stranger_pays_in_and_back_but_takes_nothing_out() external {
        open(alice, 10 ether, 10_000e18);
        open(bob, 10 ether, 1_000e18);
        fund(bob, 1 ether);
        vm.startPrank(bob);
        vault.deposit(alice, 1 ether);
        vault.burnSynthetic(alice, 50e18);
        assertEq(collateralOf(alice), 11 ether);
        assertEq(debtOf(alice), 10_000e18);
        assertEq(token.balanceOf(alice), 10_000e18);
        bytes memory refused = abi.encodeWithSelector(ISyntheticVault.NotOperator.selector, alice, bob);
        vm.expectRevert(refused);
        vault.withdraw(alice, 1, bob);
        vm.expectRevert(refused);
        vault.mintSynthetic(alice, 1, bob);
        vm.expectRevert(refused);
        vault.depositAndMint(alice, 1, 1, bob);
        vm.expectRevert(refused);
        vault.burnAndWithdraw(alice, 1, 1, bob);
        vm.stopPrank();
        vm.prank(alice);
        vault.setOperator(bob, true);
        vm.prank(bob);
        vault.withdraw(alice, 1 ether, bob);
        assertEq(coin.balanceOf(bob), 1 ether);
        vm.prank(alice);
        vault.setOperator(bob, false);
        vm.prank(bob);
        vm.expectRevert(refused);
        vault.withdraw(alice, 1, bob);
    }

    /* FEES */

    function test_five_percent_a_year_are_five_percent_after_a_year() external {
        open(alice, 10 ether, 10_000e18);
        vm.warp(vm.getBlockTimestamp() + 365 days);
        assertApproxEqRel(debtOf(alice), 10_552.5e18, 1e10);
        assertApproxEqRel(vault.index(), 1.05e27, 1);
    }

    function test_the_fee_does_not_depend_on_how_often_it_is_taken(uint8 steps) external {
        open(alice, 10 ether, 10_000e18);
        uint256 start = vm.getBlockTimestamp();
        uint256 snapshot = vm.snapshotState();
        vm.warp(start + 30 days);
        uint256 once = vault.index();
        vm.revertToState(snapshot);
        uint256 count = uint256(steps) % 60 + 1;
        for (uint256 i = 1; i <= count; ++i) {
            vm.warp(start + 30 days * i / count);
            vault.collectFees();
        }
        assertApproxEqAbs(vault.index(), once, 200); // 10^-27 parts, of roundings up
    }

    function test_fees_are_what_debts_are_beyond_the_supply() external {
        open(alice, 10 ether, 10_000e18);
        assertEq(vault.collectFees(), 50e18);
        assertEq(token.balanceOf(treasury), 50e18);
        assertEq(vault.collectFees(), 0);
        pass(100 days);
        uint256 due = vault.totalDebt() - token.totalSupply();
        assertGt(due, 100e18);
        assertEq(vault.collectFees(), due);
        assertEq(vault.totalDebt(), token.totalSupply());
    }

    function test_the_index_ends_where_nothing_can_overflow() external {
        ISyntheticVault.Parameters memory p = parameters();
        p.stabilityFee = RAY + 12_857_214_404_249_400_000;
        vault = create("dear", oracle, address(coin), p);
        token = vault.SYNTHETIC();
        open(alice, 10 ether, 10_000e18);
        vm.warp(vm.getBlockTimestamp() + 365 days);
        assertApproxEqRel(vault.index(), 1.5e27, 1e12);
        vm.warp(vm.getBlockTimestamp() + 20_000 * 365 days);
        assertEq(vault.index(), RAY << 16);
        uint256 debt = debtOf(alice);
        assertEq(debt, 10_050e18 << 16);
        vault.collectFees();
        vm.prank(treasury);
        token.transfer(alice, debt - 10_000e18);
        vm.startPrank(alice);
        vault.burnAndWithdraw(alice, type(uint256).max, 10 ether, alice);
        assertEq(coin.balanceOf(alice), 10 ether);
    }

    /* EXITS */

    function test_one_pays_back_all_whatever_more_is_named() external {
        open(alice, 10 ether, 10_000e18);
        open(bob, 10 ether, 10_000e18);
        pass(30 days);
        vm.prank(bob);
        token.transfer(alice, 1_000e18);
        uint256 debt = debtOf(alice);
        vm.startPrank(alice);
        assertEq(vault.burnSynthetic(alice, type(uint256).max), debt);
        assertEq(debtOf(alice), 0);
        assertEq(token.balanceOf(alice), 11_000e18 - debt);
        vault.withdraw(alice, 10 ether, alice);
        assertEq(coin.balanceOf(alice), 10 ether);
    }

    function test_a_part_paid_back_leaves_no_dust() external {
        open(alice, 10 ether, 10_000e18);
        open(bob, 10 ether, 10_000e18);
        vm.prank(bob);
        token.transfer(alice, 100e18);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.BelowMinimumDebt.selector, 99e18));
        vault.burnSynthetic(alice, 9_951e18);
        vault.burnSynthetic(alice, 9_950e18);
        assertEq(debtOf(alice), 100e18);
    }

    function test_a_withdrawal_stays_within_the_limit() external {
        open(alice, 10 ether, 10_000e18);
        vm.startPrank(alice);
        // 10,050 at 80 % of 2,000 need 6.28125 coins
        vm.expectRevert(
            abi.encodeWithSelector(ISyntheticVault.Undercollateralised.selector, 10_050e18, 10_050e18 - 1600)
        );
        vault.withdraw(alice, 3.71875 ether + 1, alice);
        vault.withdraw(alice, 3.71875 ether, alice);
        assertEq(collateralOf(alice), 6.28125 ether);
    }

    function test_with_a_dead_oracle_and_paused_one_pays_back_and_takes_out() external {
        open(alice, 10 ether, 10_000e18);
        open(bob, 10 ether, 10_000e18);
        vm.prank(guardian);
        vault.pause(10 days);
        killOracle();
        vm.prank(bob);
        token.transfer(alice, 1_000e18);
        assertEq(uint8(vault.mode()), uint8(ISyntheticVault.Mode.Stale));
        vm.startPrank(alice);
        vault.burnSynthetic(alice, 1_000e18);
        // a quarter of the debt frees a quarter of the collateral, without a price
        uint256 quarter = debtOf(alice) / 4 + 1;
        vault.burnAndWithdraw(alice, quarter, 2.5 ether, alice);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Stale));
        vault.burnAndWithdraw(alice, 10e18, 2.5 ether, alice);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Stale));
        vault.withdraw(alice, 1, alice);
        vault.burnSynthetic(alice, type(uint256).max);
        vault.withdraw(alice, 7.5 ether, alice);
        assertEq(coin.balanceOf(alice), 10 ether);
    }

    function test_a_pause_stops_minting_and_nothing_else() external {
        open(alice, 10 ether, 10_000e18);
        fund(alice, 1 ether);
        uint256 until = vm.getBlockTimestamp() + 1 days;
        vm.prank(guardian);
        vault.pause(1 days);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.EnforcedPause.selector, until));
        vault.mintSynthetic(alice, 100e18, alice);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.EnforcedPause.selector, until));
        vault.depositAndMint(alice, 1 ether, 100e18, alice);
        vault.deposit(alice, 1 ether);
        vault.withdraw(alice, 2 ether, alice);
        vault.burnSynthetic(alice, 1_000e18);
        vault.burnAndWithdraw(alice, 1_000e18, 1 ether, alice);
        vm.warp(until);
        feed.updateAnswer(2000e8);
        vault.mintSynthetic(alice, 100e18, alice);
    }

    function test_a_live_price_is_asked_for_by_every_mint() external {
        fund(alice, 10 ether);
        killOracle();
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Stale));
        vault.depositAndMint(alice, 10 ether, 1_000e18, alice);
        vault.deposit(alice, 10 ether);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Stale));
        vault.mintSynthetic(alice, 1_000e18, alice);
        vault.withdraw(alice, 10 ether, alice);
    }

    function test_views_say_what_the_operations_do() external {
        open(alice, 10 ether, 10_000e18);
        assertEq(vault.healthOf(alice), uint256(20_000e18) * 0.86e18 / 10_050e18);
        assertEq(vault.healthOf(bob), type(uint256).max);
        (uint256 price, uint256 since) = vault.lastPrice();
        assertEq(price, 2000e36);
        assertEq(since, vm.getBlockTimestamp());
        killOracle();
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Stale));
        vault.healthOf(alice);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Stale));
        vault.mintableOf(alice);
    }
}
