// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {Tokens} from "../../src/libraries/Tokens.sol";
import {
    CallbackToken,
    FalseToken,
    FeeToken,
    MockToken,
    NoReturnToken,
    RebasingToken,
    RevertingToken
} from "../mocks/OddTokens.sol";
import {TreeBase} from "./TreeBase.sol";

/// @dev Loses a unit on the way of each plain transfer, as tokens that round do.
contract RoundingToken is MockToken {
    constructor() MockToken(18) {}

    function transfer(address to, uint256 amount) external override returns (bool) {
        _move(msg.sender, to, amount - 1);
        _move(msg.sender, address(0xDEAD), 1);
        return true;
    }
}

/// @dev Distributions of tokens that do not do what they should, and of one that comes back.
contract OddTokensTest is TreeBase {
    /* ODD TOKENS */

    function test_tokens_of_6_18_and_27_decimals_and_without_a_return_are_paid_whole() public {
        MockToken[4] memory tokens =
            [new MockToken(6), new MockToken(18), new MockToken(27), MockToken(address(new NoReturnToken(6)))];
        for (uint256 i; i < 4; ++i) {
            _switchTo(tokens[i]);
            vault = _vaultOf(10, 7, 70);
            for (uint256 k; k < 10; ++k) {
                _claim(k);
            }
            assertEq(token.balanceOf(accountOf(9)), 7);
            assertEq(token.balanceOf(address(vault)), 0);
        }
    }

    function test_a_token_with_a_fee_is_refused_by_name() public {
        _switchTo(new FeeToken(18));
        IDistribution.Parameters memory p = _parametersOf(10, 100e18, 1000e18);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TokenTakesFee.selector, address(token)));
        front.createDistribution(p);
        (address[] memory to, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (to[0], amounts[0]) = (accountOf(0), 1e18);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TokenTakesFee.selector, address(token)));
        front.payout(address(token), to, amounts, 1e18);
    }

    function test_a_token_of_which_a_unit_is_lost_on_the_way_to_the_vault_is_refused_by_name() public {
        _switchTo(new RoundingToken());
        IDistribution.Parameters memory p = _parametersOf(10, 100e18, 1000e18);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TokenTakesFee.selector, address(token)));
        front.createDistribution(p);
    }

    function test_a_token_that_lost_half_pays_as_long_as_there_is_some_and_marks_nobody_else() public {
        RebasingToken odd = new RebasingToken(18);
        _switchTo(odd);
        vault = _vaultOf(10, 100e18, 1000e18);
        odd.rebase(0.5e18);
        for (uint256 i; i < 5; ++i) {
            _claim(i);
        }
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(token)));
        _claim(5);
        assertFalse(vault.isClaimed(5));
    }

    function test_a_token_that_says_false_or_reverts_marks_nothing() public {
        FalseToken no = new FalseToken(18);
        _switchTo(no);
        vault = _vaultOf(10, 100e18, 1000e18);
        no.setRefusing(true);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(token)));
        _claim(0);
        no.setRefusing(false);
        _claim(0);
        RevertingToken bad = new RevertingToken(18);
        _switchTo(bad);
        vault = _vaultOf(10, 100e18, 1000e18);
        bad.setBlocked(accountOf(1), true);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(token)));
        _claim(1);
        _claim(2); // one blocked account stops no other
        assertFalse(vault.isClaimed(1));
    }

    function test_an_address_without_code_is_no_token() public {
        IDistribution.Parameters memory p = _parametersOf(10, 100e18, 1000e18);
        p.token = address(0xDEAD);
        vm.expectRevert();
        front.createDistribution(p);
    }

    /* RE-ENTRANCY: every entry, called from the transfer of every other */

    function test_no_entry_of_a_vault_can_be_entered_from_a_transfer_of_it() public {
        CallbackToken odd = new CallbackToken(18);
        _switchTo(odd);
        IDistribution.Parameters memory p = _parametersOf(10, 100e18, 1000e18);
        p.duration = 100 * DAY;
        vault = create(p);
        vm.warp(vm.getBlockTimestamp() + 10 * DAY);
        bytes[] memory entries = new bytes[](5);
        entries[0] = abi.encodeCall(vault.claimWithProof, (9, 100e18, proofOf(tree, 9)));
        entries[1] = abi.encodeCall(vault.release, (0));
        entries[2] = abi.encodeCall(vault.clawBack, ());
        (bytes32[] memory proof, bool[] memory flags) = proofOfRange(tree, 8, 1);
        IDistributionVault.Leaf[] memory one = new IDistributionVault.Leaf[](1);
        one[0] = leaves[8];
        entries[3] = abi.encodeCall(vault.claimBatch, (one, proof, flags));
        entries[4] = abi.encodeCall(
            vault.claimFor, (leaves[7], proofOf(tree, 7), none(), "", accountOf(7), vm.getBlockTimestamp(), "")
        );
        _claim(0);
        for (uint256 i; i < entries.length; ++i) {
            odd.program(address(vault), entries[i]);
            _claim(1 + i); // from a claim
            _wasRefused(odd);
            vm.warp(vm.getBlockTimestamp() + DAY);
            odd.program(address(vault), entries[i]);
            vault.release(0); // from a release
            _wasRefused(odd);
        }
        vm.warp(vault.terms().end + vault.terms().grace + 1);
        for (uint256 i; i < entries.length; ++i) {
            odd.mint(address(vault), 1);
            odd.program(address(vault), entries[i]);
            vault.clawBack(); // from a claw-back
            _wasRefused(odd);
        }
    }

    function test_a_token_that_comes_back_amid_creation_or_payout_finds_the_door_shut() public {
        CallbackToken odd = new CallbackToken(18);
        _switchTo(odd);
        IDistribution.Parameters memory p = _parametersOf(10, 100e18, 1000e18);
        address[] memory to = new address[](1);
        to[0] = accountOf(0);
        bytes memory pay = abi.encodeCall(front.payout, (address(odd), new address[](0), new uint256[](0), 0));
        odd.program(address(front), pay);
        front.createDistribution(p);
        assertTrue(odd.called() && !odd.ok());
        assertEq(odd.errorSaid(), IDistribution.Reentered.selector);
        ++salts;
        p = _parametersOf(10, 100e18, 1000e18);
        odd.program(address(front), abi.encodeCall(front.createDistribution, (p)));
        front.payout(address(odd), to, new uint256[](1), 0);
        assertFalse(odd.ok());
    }

    function _wasRefused(CallbackToken odd) private view {
        assertTrue(odd.called());
        assertFalse(odd.ok());
        assertEq(odd.errorSaid(), IDistributionVault.Reentered.selector);
    }
}
