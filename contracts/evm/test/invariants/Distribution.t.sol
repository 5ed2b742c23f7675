// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {DistributionBase} from "../distribution/DistributionBase.sol";
import {MockToken} from "../mocks/OddTokens.sol";

/// @dev Claims, releases, pauses, rotations and claw-backs of three distributions in any order: one whose tree is for more
/// than its funds, one that vests, one of persons. Beside each it keeps what must have happened.
contract DistributionHandler is Test {
    uint256 public constant LEAVES = 12;
    uint256 public constant EACH = 100e18;
    address private immutable CREATOR;

    DistributionVault public plain;
    DistributionVault public vesting;
    DistributionVault public people;
    MockToken public token;
    bytes32[] private _plainTree;
    bytes32[] private _vestingTree;
    uint256[] private _keys;

    mapping(uint256 index => uint256) public paid; // times, by `plain`
    mapping(uint256 index => uint256) public granted; // times, by `vesting`
    mapping(uint256 index => uint256) public released;
    mapping(uint256 index => uint256) public lastVested;
    mapping(uint256 person => uint256) public persons; // times, by `people`
    uint256 public plainSum;
    uint256 public vestingSum;
    uint256 public peopleSum;
    uint256 public clawedPlain;
    uint256 public clawedVesting;
    uint256 public clawedPeople;
    bool public unexpected;

    constructor(
        DistributionVault[3] memory vaults,
        bytes32[] memory plainTree,
        bytes32[] memory vestingTree,
        uint256[] memory keys,
        address creator
    ) {
        (plain, vesting, people) = (vaults[0], vaults[1], vaults[2]);
        (_plainTree, _vestingTree, _keys, CREATOR) = (plainTree, vestingTree, keys, creator);
        token = MockToken(plain.terms().token);
    }

    function warp(uint256 seconds_) external {
        vm.warp(vm.getBlockTimestamp() + bound(seconds_, 1, 9 days));
    }

    function claim(uint256 index) external {
        index %= LEAVES;
        vm.prank(accountOf(index));
        try plain.claimWithProof(index, EACH, _proof(_plainTree, index)) {
            ++paid[index];
            plainSum += EACH;
        } catch {
            // funds left, in time, and never claimed: there is no reason to refuse
            if (paid[index] == 0 && token.balanceOf(address(plain)) >= EACH && _open(plain)) unexpected = true;
        }
    }

    function claimVesting(uint256 index) external {
        index %= LEAVES;
        uint256 before = token.balanceOf(accountOf(index));
        vm.prank(accountOf(index));
        try vesting.claimWithProof(index, EACH, _proof(_vestingTree, index)) {
            ++granted[index];
            _released(index, token.balanceOf(accountOf(index)) - before);
        } catch {
            (uint256 all,) = vesting.totals();
            if (granted[index] == 0 && all + EACH <= vesting.terms().funded && _open(vesting)) unexpected = true;
        }
    }

    function release(uint256 index) external {
        index %= LEAVES;
        uint256 due = vesting.releasable(index);
        try vesting.release(index) returns (uint256 amount) {
            if (amount != due) unexpected = true;
            _released(index, amount);
        } catch {
            if (due != 0) unexpected = true;
        }
    }

    /// @dev One of eight persons, with any wallet and any two of the verifiers.
    function claimPerson(uint256 person, uint256 wallet, uint256 leave) external {
        person = 1 + person % 8;
        address account = accountOf(wallet % LEAVES);
        IDistributionVault.Attestation memory a = IDistributionVault.Attestation(
            bytes32(person), uint64(vm.getBlockTimestamp()), uint64(vm.getBlockTimestamp() + 1)
        );
        bytes memory signatures = _sign(account, a, leave % 3);
        vm.prank(account);
        try people.claimWithAttestations(0, 0, new bytes32[](0), a, signatures) {
            ++persons[person];
            peopleSum += EACH;
        } catch {}
    }

    function pause(uint256 duration) external {
        address guardian = people.terms().guardian;
        vm.prank(guardian);
        try people.pauseAttestations(bound(duration, 1, 10 days)) {} catch {}
    }

    function unpause() external {
        address admin = people.terms().admin;
        vm.prank(admin);
        try people.unpauseAttestations() {} catch {}
    }

    function clawBack(uint256 which) external {
        vm.startPrank(CREATOR);
        if (which % 3 == 0) {
            try plain.clawBack() returns (uint256 amount) {
                clawedPlain += amount;
            } catch {}
        } else if (which % 3 == 1) {
            try vesting.clawBack() returns (uint256 amount) {
                clawedVesting += amount;
            } catch {}
        } else {
            try people.clawBack() returns (uint256 amount) {
                clawedPeople += amount;
            } catch {}
        }
        vm.stopPrank();
    }

    function accountOf(uint256 i) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("account", i)))));
    }

    function _released(uint256 index, uint256 amount) private {
        released[index] += amount;
        vestingSum += amount;
        // what had vested when it was last looked at can only have grown
        uint256 vested = released[index] + vesting.releasable(index);
        if (vested < lastVested[index]) unexpected = true;
        lastVested[index] = vested;
    }

    function _open(DistributionVault vault) private view returns (bool) {
        IDistributionVault.Terms memory t = vault.terms();
        return vm.getBlockTimestamp() >= t.start && vm.getBlockTimestamp() <= t.end + t.grace;
    }

    function _proof(bytes32[] memory tree, uint256 leaf) private pure returns (bytes32[] memory proof) {
        uint256 place = tree.length - 1 - leaf;
        uint256 depth;
        for (uint256 i = place; i > 0; i = (i - 1) / 2) {
            ++depth;
        }
        proof = new bytes32[](depth);
        for (uint256 k; k < depth; ++k) {
            proof[k] = tree[place & 1 == 1 ? place + 1 : place - 1];
            place = (place - 1) / 2;
        }
    }

    function _sign(address claimant, IDistributionVault.Attestation memory a, uint256 leave)
        private
        view
        returns (bytes memory all)
    {
        IDistributionVault.Terms memory t = people.terms();
        bytes32 typehash = keccak256(
            "Attestation(bytes32 distributionId,address claimant,bytes32 nullifier,bytes32 requirementsHash,uint64 issuedAt,uint64 expiresAt)"
        );
        bytes32 inner = keccak256(
            abi.encode(typehash, t.id, claimant, a.nullifier, t.requirementsHash, a.issuedAt, a.expiresAt)
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", people.domainSeparator(), inner));
        for (uint256 i; i < 3; ++i) {
            if (i == leave) continue;
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keys[i], digest);
            all = abi.encodePacked(all, uint8(i), r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
        }
    }
}

contract DistributionInvariants is DistributionBase {
    DistributionHandler private handler;
    DistributionVault private plainVault;
    DistributionVault private vestingVault;
    DistributionVault private peopleVault;

    function setUp() public override {
        super.setUp();
        bytes32[] memory plainTree = treeOf(someLeaves(12, 100e18), nextId());
        plainVault = create(plain(plainTree[0], 12, 750e18)); // of 1,200 that the tree promises
        bytes32[] memory vestingTree = treeOf(someLeaves(12, 100e18), nextId());
        IDistribution.Parameters memory p = plain(vestingTree[0], 12, 1050e18);
        (p.cliff, p.duration) = (5 * DAY, 90 * DAY);
        vestingVault = create(p);
        p = attested(bytes32(0), 6, 600e18);
        p.maxPerClaim = 100e18;
        peopleVault = create(p);
        handler = new DistributionHandler(
            [plainVault, vestingVault, peopleVault], plainTree, vestingTree, keys, address(this)
        );
        targetContract(address(handler));
    }

    function invariant_what_was_paid_is_what_left_and_never_more_than_was_funded() public view {
        assertEq(handler.plainSum() + handler.clawedPlain(), 750e18 - token.balanceOf(address(plainVault)));
        assertLe(handler.plainSum(), 750e18);
    }

    function invariant_each_leaf_is_paid_at_most_once_and_its_bit_says_so() public view {
        for (uint256 i; i < 12; ++i) {
            assertLe(handler.paid(i), 1);
            assertEq(plainVault.isClaimed(i), handler.paid(i) == 1);
            assertLe(handler.granted(i), 1);
            assertEq(vestingVault.isClaimed(i), handler.granted(i) == 1);
        }
    }

    function invariant_each_person_is_paid_at_most_once() public view {
        uint256 count;
        for (uint256 i = 1; i <= 8; ++i) {
            assertLe(handler.persons(i), 1);
            assertEq(peopleVault.isNullified(bytes32(i)), handler.persons(i) == 1);
            count += handler.persons(i);
        }
        assertLe(count, 6);
        assertEq(handler.peopleSum() + handler.clawedPeople(), 600e18 - token.balanceOf(address(peopleVault)));
    }

    function invariant_grants_are_paid_what_has_vested_and_no_more() public view {
        IDistributionVault.Terms memory t = vestingVault.terms();
        uint256 elapsed = vm.getBlockTimestamp() - t.vestingStart;
        for (uint256 i; i < 12; ++i) {
            uint256 due = elapsed < t.cliff ? 0 : elapsed >= t.duration ? 100e18 : 100e18 * elapsed / t.duration;
            assertLe(handler.released(i), due);
            assertEq(vestingVault.grantOf(i).released, handler.released(i));
            if (handler.granted(i) == 1) assertEq(handler.released(i) + vestingVault.releasable(i), due);
        }
    }

    function invariant_vested_amounts_never_fall() public view {
        for (uint256 i; i < 12; ++i) {
            assertGe(handler.released(i) + vestingVault.releasable(i), handler.lastVested(i));
        }
    }

    function invariant_no_claw_back_takes_what_grants_hold() public view {
        (uint256 granted, uint256 released) = vestingVault.totals();
        assertGe(token.balanceOf(address(vestingVault)), granted - released);
        assertEq(released, handler.vestingSum());
    }

    function invariant_grants_are_never_for_more_than_was_funded() public view {
        (uint256 granted, uint256 released) = vestingVault.totals();
        assertLe(granted, 1050e18);
        assertLe(released, granted);
        uint256 sum;
        for (uint256 i; i < 12; ++i) {
            sum += handler.granted(i) * 100e18;
        }
        assertEq(granted, sum);
    }

    function invariant_nothing_stops_the_release_of_what_has_vested() public {
        for (uint256 i; i < 12; ++i) {
            uint256 due = vestingVault.releasable(i);
            if (due != 0) assertEq(vestingVault.release(i), due);
        }
    }

    function invariant_nothing_eligible_is_refused_and_the_front_keeps_nothing() public view {
        assertFalse(handler.unexpected());
        assertEq(token.balanceOf(address(front)), 0);
    }
}
