// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../interfaces/IOracle.sol";
import {ISupplyChainTracker} from "../interfaces/ISupplyChainTracker.sol";
import {MerkleProofs} from "../libraries/MerkleProofs.sol";

/// @title Items, custodians, statuses, conditions: an append-only record
/// @dev Of an item the chain keeps three slots, of which a record writes one or two. The records themselves are events; the
/// head of their hash chain is what holds them to their order and content.
contract SupplyChainTracker is ISupplyChainTracker {
    /* CONSTANTS */

    uint256 public constant PRODUCER = 1;
    uint256 public constant CARRIER = 2;
    uint256 public constant STORE = 4;
    uint256 public constant INSPECTOR = 8;
    uint256 public constant RETAILER = 16;
    uint256 public constant RECALLER = 32;
    uint256 private constant CUSTODIANS = PRODUCER | CARRIER | STORE | RETAILER;

    /* IMMUTABLES */

    /// @notice A timelock: it says who has which role and which oracle a feed is. It cannot touch a record.
    address public immutable OWNER;

    /* STORAGE */

    mapping(bytes32 item => Item) private _items;
    mapping(bytes32 item => mapping(bytes32 feed => Limits)) public limitsOf;
    mapping(address account => uint256) public rolesOf;
    mapping(bytes32 feed => IOracle) public feedOf;
    mapping(uint256 batch => bytes32) public batchHashOf;
    uint256 public batches;

    /* CONSTRUCTOR */

    constructor(address owner) {
        if (owner == address(0)) revert InvalidReceiver();
        OWNER = owner;
    }

    /* ITEMS */

    function register(bytes32 salt, Payload calldata payload) external returns (bytes32 item) {
        _needs(PRODUCER);
        item = itemIdOf(msg.sender, salt, payload);
        Item storage it = _items[item];
        if (it.count != 0) revert AlreadyRegistered();
        (it.custodian, it.status, it.count, it.updatedAt) =
            (msg.sender, Status.Produced, 1, uint40(block.timestamp));
        emit Recorded(item, msg.sender, Kind.Registered, 0, salt, payload, item);
    }

    function changeStatus(bytes32 item, Status status, Payload calldata payload) external {
        Item storage it = _known(item);
        (uint256 role, bool byCustodian) = _stepOf(it.status, status);
        if (role == 0) revert NoSuchTransition(it.status, status);
        _needs(role);
        if (byCustodian && msg.sender != it.custodian) revert NotCustodian(msg.sender);
        it.status = status;
        _append(it, item, Kind.StatusChanged, bytes32(uint256(status)), payload);
    }

    function note(bytes32 item, Payload calldata payload) external {
        _append(_held(item), item, Kind.Noted, bytes32(0), payload);
    }

    /* CUSTODY */

    function offerCustody(bytes32 item, address to) external {
        Item storage it = _held(item);
        if (it.status == Status.Destroyed) revert NoSuchTransition(it.status, it.status);
        if (to == msg.sender || (to != address(0) && rolesOf[to] & CUSTODIANS == 0)) revert InvalidReceiver();
        it.offeredTo = to;
        emit CustodyOffered(item, msg.sender, to);
    }

    function acceptCustody(bytes32 item, Payload calldata payload) external {
        Item storage it = _known(item);
        if (it.offeredTo != msg.sender) revert NotOffered(msg.sender);
        _needs(CUSTODIANS); // a role may have been taken away since the offer
        if (it.status == Status.Destroyed) revert NoSuchTransition(it.status, it.status);
        bytes32 from = bytes32(uint256(uint160(it.custodian)));
        (it.custodian, it.offeredTo) = (msg.sender, address(0));
        _append(it, item, Kind.CustodyAccepted, from, payload);
    }

    /* CONDITIONS */

    function setLimits(bytes32 item, bytes32 feed, Limits calldata limits) external {
        Item storage it = _held(item);
        _needs(PRODUCER);
        if (it.status != Status.Produced) revert NoSuchTransition(it.status, it.status);
        Limits memory past = limitsOf[item][feed];
        if (limits.min > limits.max || limits.max == 0 || past.max != 0) revert InvalidLimits();
        if (address(feedOf[feed]) == address(0)) revert UnknownFeed();
        limitsOf[item][feed] = limits;
        _append(it, item, Kind.Noted, keccak256(abi.encode(feed, limits.min, limits.max)), Payload(0, 0));
    }

    function recordCondition(bytes32 item, bytes32 feed) external returns (bool breach) {
        Item storage it = _known(item);
        if (msg.sender != it.custodian) _needs(INSPECTOR);
        IOracle oracle = feedOf[feed];
        if (address(oracle) == address(0)) revert UnknownFeed();
        (uint256 low, uint256 high, IOracle.Status status) = oracle.price();
        if (status != IOracle.Status.Ok) revert ConditionUnavailable(status);
        Limits memory limits = limitsOf[item][feed];
        breach = limits.max != 0 && (low < limits.min || high > limits.max);
        if (breach) {
            if (it.breaches != type(uint16).max) ++it.breaches;
            emit ConditionBreached(item, feed, low, high);
        }
        bytes32 data = keccak256(abi.encode(feed, low, high, breach));
        _append(it, item, Kind.ConditionRecorded, data, Payload(0, 0));
    }

    /* BATCHES */

    function commitBatch(bytes32 salt, bytes32 root, uint256 leaves, Payload calldata payload)
        external
        returns (uint256 batch)
    {
        _needs(CUSTODIANS | INSPECTOR);
        if (root == bytes32(0) || leaves == 0 || leaves > type(uint32).max) revert InvalidBatch();
        batch = ++batches;
        bytes32 domain = batchDomainOf(msg.sender, salt);
        Batch memory content = Batch(root, domain, msg.sender, uint40(block.timestamp), uint32(leaves));
        batchHashOf[batch] = keccak256(abi.encode(content));
        emit BatchCommitted(batch, content, payload);
    }

    function verifyInclusion(
        uint256 batch,
        Batch calldata content,
        uint256 index,
        bytes32 item,
        bytes32 record,
        bytes32[] calldata siblings
    ) external view returns (bool) {
        if (batchHashOf[batch] != keccak256(abi.encode(content)) || index >= content.leaves) return false;
        bytes32 leaf = MerkleProofs.leafOf(abi.encode(content.domain, index, item, record));
        return MerkleProofs.rootOf(siblings, leaf) == content.root;
    }

    /* OWNER */

    function setRoles(address account, uint256 roles) external {
        _onlyOwner();
        rolesOf[account] = roles;
        emit RolesSet(account, roles);
    }

    function setFeed(bytes32 feed, IOracle oracle) external {
        _onlyOwner();
        feedOf[feed] = oracle;
        emit FeedSet(feed, oracle);
    }

    /* VIEWS */

    function itemOf(bytes32 item) external view returns (Item memory it) {
        it = _items[item];
        it.head = _headOf(it.head, it.count, item);
    }

    function itemIdOf(address producer, bytes32 salt, Payload calldata payload) public view returns (bytes32) {
        return keccak256(
            abi.encode(block.chainid, address(this), "item", producer, salt, payload.digest, payload.codec)
        );
    }

    function batchDomainOf(address author, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), "batch", author, salt));
    }

    function nextHead(
        bytes32 head,
        bytes32 item,
        Kind kind,
        uint256 sequence,
        address actor,
        uint256 time,
        bytes32 data,
        Payload calldata payload
    ) external pure returns (bytes32) {
        return _nextHead(head, item, kind, sequence, actor, time, data, payload);
    }

    /* INTERNAL */

    function _append(Item storage it, bytes32 item, Kind kind, bytes32 data, Payload memory payload) private {
        uint32 sequence = it.count;
        bytes32 head = _headOf(it.head, sequence, item);
        head = _nextHead(head, item, kind, sequence, msg.sender, block.timestamp, data, payload);
        it.head = head;
        (it.count, it.updatedAt) = (sequence + 1, uint40(block.timestamp));
        emit Recorded(item, msg.sender, kind, sequence, data, payload, head);
    }

    function _nextHead(
        bytes32 head,
        bytes32 item,
        Kind kind,
        uint256 sequence,
        address actor,
        uint256 time,
        bytes32 data,
        Payload memory payload
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(head, item, kind, sequence, actor, time, data, payload.digest, payload.codec));
    }

    /// @dev After the registration no head is written yet: it is the id.
    function _headOf(bytes32 head, uint256 count, bytes32 item) private pure returns (bytes32) {
        return count == 1 ? item : head;
    }

    /// @dev The role that makes a step, and whether its bearer must have the item. No role: there is no such step.
    function _stepOf(Status from, Status to) private pure returns (uint256 role, bool byCustodian) {
        if (to == Status.Recalled) return (from == Status.Destroyed || from == to ? 0 : RECALLER, false);
        if (to == Status.Destroyed) return (from == Status.Destroyed ? 0 : CUSTODIANS, true);
        if (to == Status.Inspected) {
            return (from == Status.Packed || from == Status.Stored ? INSPECTOR : 0, false);
        }
        byCustodian = true;
        if (to == Status.Packed && from == Status.Produced) role = PRODUCER;
        if (to == Status.InTransit && (from == Status.Packed || from == Status.Stored || from == Status.Inspected)) {
            role = CARRIER;
        }
        if (to == Status.Stored && from == Status.InTransit) role = STORE | RETAILER;
        if (to == Status.Stored && from == Status.Inspected) role = STORE;
        if (to == Status.Delivered && (from == Status.InTransit || from == Status.Stored || from == Status.Inspected)) {
            role = RETAILER;
        }
    }

    /// @dev Any one of `roles`.
    function _needs(uint256 roles) private view {
        if (rolesOf[msg.sender] & roles == 0) revert MissingRole(roles);
    }

    function _known(bytes32 item) private view returns (Item storage it) {
        it = _items[item];
        if (it.count == 0) revert UnknownItem();
    }

    function _held(bytes32 item) private view returns (Item storage it) {
        it = _known(item);
        if (msg.sender != it.custodian) revert NotCustodian(msg.sender);
    }

    function _onlyOwner() private view {
        if (msg.sender != OWNER) revert NotOwner(msg.sender);
    }
}
