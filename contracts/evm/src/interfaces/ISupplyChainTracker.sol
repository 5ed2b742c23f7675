// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "./IOracle.sol";

/// @title Items, who has them, what became of them, and what feeds said of their conditions
/// @notice The chain keeps who said what and when, in an order that nobody can change afterwards. It cannot see goods: a
/// record is as true as the one who made it.
interface ISupplyChainTracker {
    /// @dev As in the event vocabulary of GS1's EPCIS: commissioning, packing, shipping, storing, inspecting, and so on.
    enum Status {
        None,
        Produced,
        Packed,
        InTransit,
        Stored,
        Inspected,
        Delivered,
        Recalled,
        Destroyed
    }

    enum Kind {
        Registered,
        StatusChanged,
        CustodyAccepted,
        Noted,
        ConditionRecorded
    }

    /// @notice What lies off the chain, named by the parts of its CID (version 1, sha2-256).
    /// @param codec The multicodec of the content, 0x55 for raw bytes.
    struct Payload {
        bytes32 digest;
        uint64 codec;
    }

    /// @param head Of the item's hash chain. At first it is the item's id, which holds who registered it with what.
    /// @param count How many records are in it, the registration among them.
    /// @param offeredTo Who may accept the custody; zero: nobody.
    struct Item {
        bytes32 head;
        address custodian;
        Status status;
        uint32 count;
        uint40 updatedAt;
        uint16 breaches;
        address offeredTo;
    }

    /// @notice The range in which a feed must be for an item, in the units of `IOracle.price`.
    struct Limits {
        uint128 min;
        uint128 max;
    }

    /// @notice A batch is kept as the hash of this.
    struct Batch {
        bytes32 root;
        bytes32 domain;
        address author;
        uint40 time;
        uint32 leaves;
    }

    event Recorded(
        bytes32 indexed item,
        address indexed actor,
        Kind kind,
        uint256 sequence,
        bytes32 data,
        Payload payload,
        bytes32 head
    );
    event CustodyOffered(bytes32 indexed item, address indexed from, address indexed to);
    event ConditionBreached(bytes32 indexed item, bytes32 indexed feed, uint256 low, uint256 high);
    event BatchCommitted(uint256 indexed batch, Batch content, Payload payload);
    event RolesSet(address indexed account, uint256 roles);
    event FeedSet(bytes32 indexed feed, IOracle oracle);

    error NotOwner(address caller);
    error MissingRole(uint256 role);
    error NotCustodian(address caller);
    error NotOffered(address caller);
    error UnknownItem();
    error AlreadyRegistered();
    error NoSuchTransition(Status from, Status to);
    error InvalidReceiver();
    error InvalidBatch();
    error InvalidLimits();
    error UnknownFeed();
    error ConditionUnavailable(IOracle.Status status);

    /// @notice Registers an item that the caller, a producer, makes and has. Its id is the first link of its chain.
    function register(bytes32 salt, Payload calldata payload) external returns (bytes32 item);

    /// @notice Changes the status of an item: by who has it and the role the step asks for, or the role alone where a
    /// step is one of inspectors or of recall.
    function changeStatus(bytes32 item, Status status, Payload calldata payload) external;

    /// @notice Adds to the record of an item one has.
    function note(bytes32 item, Payload calldata payload) external;

    /// @notice Offers the custody to a custodian, or to nobody (zero) what was offered before. The record of a hand-over is
    /// its acceptance.
    function offerCustody(bytes32 item, address to) external;

    function acceptCustody(bytes32 item, Payload calldata payload) external;

    /// @notice A producer who has the item says in which range a feed must be, once, before the item is packed.
    function setLimits(bytes32 item, bytes32 feed, Limits calldata limits) external;

    /// @notice Writes what a feed says now into the record of an item. Refused when the feed's guards find it unfit.
    /// @return breach Whether it may be outside of the item's limits.
    function recordCondition(bytes32 item, bytes32 feed) external returns (bool breach);

    /// @notice One root for many records, for lists too long to be written one by one.
    function commitBatch(bytes32 salt, bytes32 root, uint256 leaves, Payload calldata payload)
        external
        returns (uint256 batch);

    /// @notice Whether a record is in a batch.
    function verifyInclusion(
        uint256 batch,
        Batch calldata content,
        uint256 index,
        bytes32 item,
        bytes32 record,
        bytes32[] calldata siblings
    ) external view returns (bool);

    /// @notice The owner (a timelock) says what an account may do.
    function setRoles(address account, uint256 roles) external;

    /// @notice The owner names the oracle of a feed.
    function setFeed(bytes32 feed, IOracle oracle) external;

    function itemOf(bytes32 item) external view returns (Item memory);
    function itemIdOf(address producer, bytes32 salt, Payload calldata payload) external view returns (bytes32);
    function batchDomainOf(address author, bytes32 salt) external view returns (bytes32);
    function batchHashOf(uint256 batch) external view returns (bytes32);

    /// @notice The head after one more record: with the events of an item anyone computes its chain again.
    function nextHead(
        bytes32 head,
        bytes32 item,
        Kind kind,
        uint256 sequence,
        address actor,
        uint256 time,
        bytes32 data,
        Payload calldata payload
    ) external pure returns (bytes32);
}
