// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernanceToken} from "./GovernanceToken.sol";
import {Registry} from "./Registry.sol";

/// @title Deploys timelock, registry, token and governor, and never is anybody but the governor given a role
/// @dev Timelock and governor name each other. The governor's address is known beforehand (a contract's nonces count from one,
/// EIP-161), so the timelock is born with the governor as its only proposer and no admin but itself. The governor's code does not
/// fit beside the rest (EIP-3860), so it comes in a second call, from anybody, and must have the hash that was said in the first.
contract GovernanceDeployment {
    uint256 public constant TIMELOCK_DELAY = 2 days;

    struct Terms {
        string name;
        string symbol;
        uint256 supply;
        address holder;
        address guardian;
        uint256 proposalThreshold;
        bytes32 governorCodeHash;
    }

    error CodeHashDiffers(bytes32 found);
    error AlreadyDeployed();

    TimelockController public immutable timelock;
    Registry public immutable registry;
    GovernanceToken public immutable token;
    /// @notice Where the governor is, or will be.
    address public immutable governor;
    uint256 public immutable proposalThreshold;
    /// @notice keccak256 of the governor's creation code, without its arguments.
    bytes32 public immutable governorCodeHash;

    constructor(Terms memory terms) {
        governor = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), hex"04")))));
        address[] memory proposers = new address[](1);
        proposers[0] = governor;
        // the zero address as executor: what has passed and waited, anybody may execute
        timelock = new TimelockController(TIMELOCK_DELAY, proposers, new address[](1), address(0));
        registry = new Registry(address(timelock));
        token = new GovernanceToken(
            terms.name, terms.symbol, registry, terms.guardian, address(0), terms.holder, terms.supply
        );
        proposalThreshold = terms.proposalThreshold;
        governorCodeHash = terms.governorCodeHash;
    }

    /// @notice Puts the governor where the timelock expects it. Anybody may, once.
    function deployGovernor(bytes calldata creationCode) external {
        bytes32 hash = keccak256(creationCode);
        if (hash != governorCodeHash) revert CodeHashDiffers(hash);
        bytes memory code = bytes.concat(creationCode, abi.encode(token, timelock, proposalThreshold));
        address expected = governor;
        if (expected.code.length != 0) revert AlreadyDeployed();
        assembly ("memory-safe") {
            if iszero(eq(create(0, add(code, 0x20), mload(code)), expected)) {
                returndatacopy(0x00, 0x00, returndatasize())
                revert(0x00, returndatasize())
            }
        }
    }
}
