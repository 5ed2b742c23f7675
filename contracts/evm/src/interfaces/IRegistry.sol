// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What is deployed where, said by the timelock
/// @notice Nothing is upgraded in place. A change is a new deployment, registered here, and named the successor of the old one.
/// Positions move only when their owner moves them.
interface IRegistry {
    /// @param account The address; left-padded on EVM chains, the program or package id elsewhere.
    /// @param codeHash `EXTCODEHASH` on EVM chains, the hash of the published binary elsewhere.
    struct Deployment {
        bytes32 account;
        bytes32 codeHash;
        uint64 registeredAt;
    }

    event Registered(
        bytes32 indexed name, uint256 indexed version, bytes32 indexed chain, bytes32 account, bytes32 codeHash
    );
    event SuccessorSet(address indexed predecessor, address indexed successor);

    error ZeroOwner();
    error NotOwner(address account);
    error EmptyName();
    error ZeroAccount();
    error VersionNotAbove(uint256 version, uint256 latest);
    error AlreadyRegistered(bytes32 chain, bytes32 account);
    error CodeHashDiffers(bytes32 found);
    error NotRegisteredHere(address account);
    error NotALaterVersion(address predecessor, address successor);

    /// @notice The timelock. It never changes.
    function owner() external view returns (address);

    /// @notice Writes a deployment down. On this chain its code must have `codeHash`. Versions of a name on a chain only rise.
    /// @param chain keccak256 of the CAIP-2 id, as "eip155:1".
    function register(bytes32 name, uint256 version, bytes32 chain, bytes32 account, bytes32 codeHash) external;

    /// @notice Names where positions of `predecessor` can move: a later version of the same name on this chain.
    function setSuccessor(address predecessor, address successor) external;

    /// @notice Zero when there is none. What migrates asks here, and its owner says which address was meant.
    function successorOf(address predecessor) external view returns (address);

    function deploymentOf(bytes32 name, uint256 version, bytes32 chain) external view returns (Deployment memory);

    /// @notice The highest version of a name on a chain; zero when there is none.
    function latestVersion(bytes32 name, bytes32 chain) external view returns (uint256);

    /// @notice Whether an address of this chain is registered and its code is still what was registered.
    function isGenuine(address account) external view returns (bool);

    /// @notice keccak256 of this chain's CAIP-2 id.
    function localChain() external view returns (bytes32);
}
