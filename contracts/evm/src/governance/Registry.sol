// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";

/// @title Registry of deployments under the timelock
/// @dev It holds nothing and is asked by nothing on the way out of a position.
contract Registry is IRegistry {
    /* IMMUTABLES */

    /// @inheritdoc IRegistry
    address public immutable owner;

    /* STORAGE */

    struct Label {
        bytes32 name;
        uint256 version;
    }

    mapping(bytes32 name => mapping(bytes32 chain => mapping(uint256 version => Deployment))) private _deployments;
    mapping(bytes32 chain => mapping(bytes32 account => Label)) private _labels;
    /// @inheritdoc IRegistry
    mapping(bytes32 name => mapping(bytes32 chain => uint256)) public latestVersion;
    /// @inheritdoc IRegistry
    mapping(address predecessor => address) public successorOf;

    /* CONSTRUCTOR */

    constructor(address timelock) {
        if (timelock == address(0)) revert ZeroOwner();
        owner = timelock;
    }

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    /* ONLY OWNER */

    /// @inheritdoc IRegistry
    function register(bytes32 name, uint256 version, bytes32 chain, bytes32 account, bytes32 codeHash)
        external
        onlyOwner
    {
        if (name == 0) revert EmptyName();
        if (account == 0) revert ZeroAccount();
        uint256 latest = latestVersion[name][chain];
        if (version <= latest) revert VersionNotAbove(version, latest);
        if (_labels[chain][account].name != 0) revert AlreadyRegistered(chain, account);
        if (chain == localChain()) {
            bytes32 found = address(uint160(uint256(account))).codehash;
            // a word with bits above an address is no account of this chain
            if (uint256(account) >> 160 != 0 || found != codeHash) revert CodeHashDiffers(found);
            if (address(uint160(uint256(account))).code.length == 0) revert CodeHashDiffers(found);
        }
        latestVersion[name][chain] = version;
        _deployments[name][chain][version] = Deployment(account, codeHash, uint64(block.timestamp));
        _labels[chain][account] = Label(name, version);
        emit Registered(name, version, chain, account, codeHash);
    }

    /// @inheritdoc IRegistry
    function setSuccessor(address predecessor, address successor) external onlyOwner {
        bytes32 chain = localChain();
        Label memory older = _labels[chain][_word(predecessor)];
        Label memory newer = _labels[chain][_word(successor)];
        if (older.name == 0) revert NotRegisteredHere(predecessor);
        if (newer.name == 0) revert NotRegisteredHere(successor);
        if (older.name != newer.name || newer.version <= older.version) revert NotALaterVersion(predecessor, successor);
        successorOf[predecessor] = successor;
        emit SuccessorSet(predecessor, successor);
    }

    /* VIEWS */

    /// @inheritdoc IRegistry
    function deploymentOf(bytes32 name, uint256 version, bytes32 chain) external view returns (Deployment memory) {
        return _deployments[name][chain][version];
    }

    /// @inheritdoc IRegistry
    function isGenuine(address account) external view returns (bool) {
        bytes32 chain = localChain();
        Label memory label = _labels[chain][_word(account)];
        return label.name != 0 && _deployments[label.name][chain][label.version].codeHash == account.codehash;
    }

    /// @inheritdoc IRegistry
    function localChain() public view returns (bytes32) {
        return keccak256(bytes(string.concat("eip155:", Strings.toString(block.chainid))));
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
