// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Attestations} from "../../src/libraries/Attestations.sol";
import {MerkleProofs} from "../../src/libraries/MerkleProofs.sol";
import {Signatures} from "../../src/libraries/Signatures.sol";
import {Tokens} from "../../src/libraries/Tokens.sol";

/// @notice An attested claim with nothing around it, to measure what the rest of ours costs: no pause, no rotation and no
/// removal of verifiers, no contracts that sign, no lock, no start, end or maximum, no reasons. Nobody should deploy it.
contract MinimalClaims {
    bytes32 private immutable ID;
    bytes32 private immutable ROOT;
    bytes32 private immutable REQUIREMENTS;
    bytes32 private immutable DOMAIN;
    address private immutable TOKEN;
    address private immutable FIRST;
    address private immutable SECOND;
    address private immutable THIRD;
    mapping(bytes32 nullifier => uint256) private _used;
    mapping(uint256 word => uint256) private _claimed;

    event Claimed(address indexed account, uint256 index, uint256 amount);

    error Refused();

    constructor(bytes32 id, bytes32 root, bytes32 requirements, address token, address[] memory verifiers) {
        (ID, ROOT, REQUIREMENTS, TOKEN) = (id, root, requirements, token);
        (FIRST, SECOND, THIRD) = (verifiers[0], verifiers[1], verifiers[2]);
        DOMAIN = Signatures.domainOf(keccak256("Minimal"), keccak256("1"));
    }

    function domainSeparator() external view returns (bytes32) {
        return DOMAIN;
    }

    function claim(
        uint256 index,
        uint256 amount,
        bytes32[] calldata siblings,
        bytes32 nullifier,
        uint256 issuedAt,
        uint256 expiresAt,
        bytes calldata signatures
    ) external {
        if (block.timestamp > expiresAt || _used[nullifier] != 0 || signatures.length != 130) revert Refused();
        bytes32 digest = Signatures.digestOf(
            DOMAIN, Attestations.hashOf(ID, msg.sender, nullifier, REQUIREMENTS, issuedAt, expiresAt)
        );
        uint256 one = uint8(Signatures.wordAt(signatures, 0)[0]);
        uint256 two = uint8(Signatures.wordAt(signatures, 65)[0]);
        if (one >= two || two > 2) revert Refused();
        if (Signatures.signerAt(digest, signatures, 1) != _verifier(one)) revert Refused();
        if (Signatures.signerAt(digest, signatures, 66) != _verifier(two)) revert Refused();
        _used[nullifier] = 1;
        uint256 bits = _claimed[index >> 8];
        uint256 bit = 1 << (index & 255);
        if (bits & bit != 0) revert Refused();
        _claimed[index >> 8] = bits | bit;
        if (MerkleProofs.rootOf(siblings, MerkleProofs.leafOf(ID, index, msg.sender, amount)) != ROOT) revert Refused();
        emit Claimed(msg.sender, index, amount);
        Tokens.give(TOKEN, msg.sender, amount);
    }

    function _verifier(uint256 place) private view returns (address) {
        return place == 0 ? FIRST : place == 1 ? SECOND : THIRD;
    }
}

/// @notice A payout with nothing around it: no pause, no lock, no event, and of each transfer only whether it reverted. A token
/// that answers no would keep the amount here, and a sum that is not the total would as well. Nobody should deploy it.
contract MinimalPayout {
    error Refused();

    function payout(address token, address[] calldata recipients, uint256[] calldata amounts, uint256 total) external {
        Tokens.move(token, msg.sender, address(this), total);
        bool ok = true;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, shl(224, 0xa9059cbb)) // transfer(address,uint256)
            let to := recipients.offset
            let end := add(to, shl(5, recipients.length))
            let distance := sub(amounts.offset, to)
            for {} lt(to, end) { to := add(to, 0x20) } {
                mstore(add(data, 0x04), calldataload(to))
                mstore(add(data, 0x24), calldataload(add(to, distance)))
                ok := and(ok, call(gas(), token, 0, data, 0x44, 0x00, 0x00))
            }
        }
        if (!ok) revert Refused();
    }
}

/// @notice What one transfer to a new holder costs, asked for from code: no payout can cost less than the last of many.
contract TransferMeter {
    error Refused();

    function last(address token, address[] calldata recipients, uint256 amount) external returns (uint256 used) {
        bool ok = true;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, shl(224, 0xa9059cbb)) // transfer(address,uint256)
            mstore(add(data, 0x24), amount)
            for { let i := 0 } lt(i, recipients.length) { i := add(i, 1) } {
                mstore(add(data, 0x04), calldataload(add(recipients.offset, shl(5, i))))
                let before := gas()
                ok := and(ok, call(before, token, 0, data, 0x44, 0x00, 0x00))
                used := sub(before, gas())
            }
        }
        if (!ok) revert Refused();
    }
}
