// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FluxdeskGovernor} from "../../src/governance/FluxdeskGovernor.sol";
import {GovernanceToken} from "../../src/governance/GovernanceToken.sol";
import {Registry} from "../../src/governance/Registry.sol";
import {IGovernanceToken} from "../../src/interfaces/IGovernanceToken.sol";
import {IGuardedPause} from "../../src/interfaces/IGuardedPause.sol";
import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {Stage} from "./Stage.sol";

contract RegistryTest is Stage {
    bytes32 private constant NAME = "GovernanceToken";
    GovernanceToken private next;

    function setUp() public {
        stage();
        give(alice, SUPPLY / 2);
        next = new GovernanceToken("Fluxdesk", "FLUX", registry, guardian, address(token), address(0), 0);
        pass(1);
    }

    function word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function register(uint256 version, address account) private {
        bytes32 chain = registry.localChain();
        vm.prank(address(timelock));
        registry.register(NAME, version, chain, word(account), account.codehash);
    }

    function succeed() private {
        register(1, address(token));
        register(2, address(next));
        vm.prank(address(timelock));
        registry.setSuccessor(address(token), address(next));
    }

    /* DEPLOYMENTS */

    function test_a_deployment_is_registered_by_a_vote() public {
        govern(
            alice,
            address(registry),
            abi.encodeCall(
                registry.register, (NAME, 1, registry.localChain(), word(address(token)), address(token).codehash)
            ),
            "first"
        );
        IRegistry.Deployment memory found = registry.deploymentOf(NAME, 1, registry.localChain());
        assertEq(found.account, word(address(token)));
        assertEq(found.codeHash, address(token).codehash);
        assertEq(found.registeredAt, now_);
        assertEq(registry.latestVersion(NAME, registry.localChain()), 1);
        assertTrue(registry.isGenuine(address(token)));
        assertFalse(registry.isGenuine(address(next)));
    }

    function test_code_that_changed_is_not_genuine() public {
        register(1, address(token));
        vm.etch(address(token), hex"00");
        assertFalse(registry.isGenuine(address(token)));
    }

    function test_the_chain_is_named_as_caip_2_names_it() public {
        vm.chainId(8453);
        assertEq(registry.localChain(), keccak256("eip155:8453"));
    }

    function test_what_the_registry_refuses() public {
        bytes32 here = registry.localChain();
        bytes32 there = keccak256("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp");
        bytes32 hash = address(token).codehash;
        vm.startPrank(address(timelock));
        vm.expectRevert(IRegistry.EmptyName.selector);
        registry.register(0, 1, here, word(address(token)), hash);
        vm.expectRevert(IRegistry.ZeroAccount.selector);
        registry.register(NAME, 1, there, 0, hash);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.VersionNotAbove.selector, 0, 0));
        registry.register(NAME, 0, here, word(address(token)), hash);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.CodeHashDiffers.selector, hash));
        registry.register(NAME, 1, here, word(address(token)), bytes32(uint256(1)));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.CodeHashDiffers.selector, hash));
        registry.register(NAME, 1, here, word(address(token)) | bytes32(uint256(1) << 200), hash);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.CodeHashDiffers.selector, guardian.codehash));
        registry.register(NAME, 1, here, word(guardian), guardian.codehash);
        registry.register(NAME, 3, there, bytes32(uint256(7)), bytes32(uint256(9)));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AlreadyRegistered.selector, there, bytes32(uint256(7))));
        registry.register("Other", 1, there, bytes32(uint256(7)), bytes32(uint256(9)));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.VersionNotAbove.selector, 3, 3));
        registry.register(NAME, 3, there, bytes32(uint256(8)), bytes32(uint256(9)));
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotOwner.selector, address(this)));
        registry.register(NAME, 1, here, word(address(token)), hash);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotOwner.selector, address(this)));
        registry.setSuccessor(address(token), address(next));
        vm.expectRevert(IRegistry.ZeroOwner.selector);
        new Registry(address(0));
    }

    function test_a_successor_is_a_later_version_of_the_same_name() public {
        register(1, address(token));
        vm.startPrank(address(timelock));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotRegisteredHere.selector, address(next)));
        registry.setSuccessor(address(token), address(next));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotRegisteredHere.selector, address(next)));
        registry.setSuccessor(address(next), address(token));
        registry.register("Other", 9, registry.localChain(), word(address(governor)), address(governor).codehash);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistry.NotALaterVersion.selector, address(token), address(governor))
        );
        registry.setSuccessor(address(token), address(governor));
        registry.register(NAME, 2, registry.localChain(), word(address(next)), address(next).codehash);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotALaterVersion.selector, address(next), address(token)));
        registry.setSuccessor(address(next), address(token));
        registry.setSuccessor(address(token), address(next));
        assertEq(registry.successorOf(address(token)), address(next));
    }

    /* STAKE MOVES TO A SUCCESSOR */

    function test_stake_moves_without_a_cooldown_and_goes_on_voting() public {
        succeed();
        vm.startPrank(alice);
        token.stake(100e18);
        token.migrateStake(60e18, address(next));
        assertEq(next.positionOf(alice).staked, 60e18);
        assertEq(next.getVotes(alice), 60e18, "the delegate is kept");
        assertEq(token.positionOf(alice).staked, 40e18);
        assertEq(token.getVotes(alice), SUPPLY / 2 - 60e18);
        assertEq(next.totalSupply(), token.balanceOf(address(next)));
        next.unstake(60e18);
        pass(next.COOLDOWN());
        next.withdraw();
        assertEq(next.balanceOf(alice), 60e18);
    }

    function test_what_was_earned_before_the_move_is_still_paid() public {
        succeed();
        token.transfer(address(timelock), 100e18);
        vm.prank(address(timelock));
        token.fundRewards(100e18, 100 days);
        vm.startPrank(alice);
        token.stake(100e18);
        pass(10 days);
        token.migrateStake(100e18, address(next));
        pass(10 days);
        assertApproxEqAbs(token.claimRewards(), 10e18, 1e6);
    }

    function test_stake_goes_only_where_the_registry_and_its_owner_say() public {
        vm.startPrank(alice);
        token.stake(100e18);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.NotTheSuccessor.selector, address(0)));
        token.migrateStake(1, address(0));
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.NotTheSuccessor.selector, address(next)));
        token.migrateStake(1, address(next));
        vm.stopPrank();
        succeed();
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.NotTheSuccessor.selector, bob));
        token.migrateStake(1, bob);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.AmountAboveStake.selector, 101e18, 100e18));
        token.migrateStake(101e18, address(next));
        vm.expectRevert(IGovernanceToken.ZeroAmount.selector);
        token.migrateStake(0, address(next));
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.NotThePredecessor.selector, alice));
        next.receiveMigratedStake(alice, 1, alice);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.NotThePredecessor.selector, address(0)));
        token.migrate(1);
    }

    function test_a_move_cannot_go_around_a_cooldown() public {
        succeed();
        vm.startPrank(alice);
        token.stake(100e18);
        token.unstake(100e18);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.AmountAboveStake.selector, 1, 0));
        token.migrateStake(1, address(next));
    }

    function test_tokens_that_are_not_staked_move_too() public {
        vm.startPrank(alice);
        token.approve(address(next), 50e18);
        next.migrate(50e18);
        assertEq(next.balanceOf(alice), 50e18);
        assertEq(next.totalSupply(), token.balanceOf(address(next)));
        vm.expectRevert();
        next.migrate(1);
        vm.expectRevert(IGovernanceToken.ZeroAmount.selector);
        next.migrate(0);
    }

    function test_a_paused_successor_takes_nothing_and_the_stake_stays() public {
        succeed();
        vm.prank(guardian);
        next.pause(1 days);
        vm.startPrank(alice);
        token.stake(100e18);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.EnforcedPause.selector, now_ + 1 days));
        token.migrateStake(100e18, address(next));
        assertEq(token.positionOf(alice).staked, 100e18);
    }

    function test_the_timelock_goes_over_to_the_governor_of_the_successor() public {
        FluxdeskGovernor later = new FluxdeskGovernor(next, timelock, THRESHOLD);
        bytes32 proposer = timelock.PROPOSER_ROLE();
        govern(alice, address(timelock), abi.encodeCall(timelock.grantRole, (proposer, address(later))), "in");
        govern(alice, address(timelock), abi.encodeCall(timelock.revokeRole, (proposer, address(governor))), "out");
        vm.startPrank(alice);
        token.approve(address(next), SUPPLY / 2);
        next.migrate(SUPPLY / 2);
        next.delegate(alice);
        vm.stopPrank();
        governor = later;
        pass(1);
        govern(alice, address(token), abi.encodeCall(IGuardedPause.setGuardian, (bob)), "by the later governor");
        assertEq(token.guardian(), bob);
    }
}
