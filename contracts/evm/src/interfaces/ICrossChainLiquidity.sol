// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title One token over several chains, by Chainlink CCIP
/// @notice On its home chain the token is locked, on the others it is burnt and minted. A lane is one other chain: its contract,
/// its limits in both directions and its silo. What came over a lane only ever leaves over that lane, so a lane that is broken
/// into loses its own silo at most, and that no faster than its inbound limit.
/// Every message says (chain, epoch, sequence). Each is booked once, in any order; a report of liquidity is taken only when it is
/// later than the last. A message that is ours but cannot be paid out now is kept, and anybody may retry it, to its recipient.
interface ICrossChainLiquidity {
    struct Limits {
        uint128 capacity;
        uint128 rate;
    }

    /// @param amount In units of `decimals`, which is the lesser of both chains', so nothing is lost by converting.
    /// @param liquidity The sender's silo of this lane after this message, in the same units.
    struct Message {
        uint64 destination;
        uint64 epoch;
        uint64 sequence;
        address sender;
        address recipient;
        uint8 decimals;
        uint256 amount;
        uint256 liquidity;
    }

    /// @param silo Locked for the lane here, or issued here against what the other side has locked.
    /// @param remoteLiquidity What the other side last said of its silo, in units of this chain's token, as of the epoch and
    /// sequence of its message.
    struct LaneState {
        uint64 selector;
        address remote;
        uint256 silo;
        uint64 epoch;
        uint64 sequence;
        uint64 remoteEpoch;
        uint64 remoteSequence;
        uint256 remoteLiquidity;
    }

    struct Receipt {
        address recipient;
        uint8 decimals;
        uint256 amount;
    }

    event LaneAdded(uint64 indexed selector, address remote, uint8 remoteDecimals);
    event LimitsSet(uint64 indexed selector, uint32 gasLimit, Limits outbound, Limits inbound);
    event EpochAdvanced(uint64 indexed selector, uint64 epoch);
    event Sent(
        uint64 indexed selector,
        uint64 epoch,
        uint64 sequence,
        address indexed sender,
        address indexed recipient,
        uint256 amount,
        bytes32 messageId
    );
    event LiquidityReported(uint64 indexed selector, uint64 epoch, uint64 sequence, uint256 liquidity);
    event Received(
        uint64 indexed selector, uint64 epoch, uint64 sequence, address indexed recipient, uint256 amount
    );
    event ReceiveFailed(
        uint64 indexed selector,
        uint64 epoch,
        uint64 sequence,
        address indexed recipient,
        uint256 amount,
        uint8 decimals,
        bytes reason
    );

    error BadTerms();
    error Reentrancy();
    error Expired(uint256 deadline);
    error WrongChain(uint256 chain);
    error UnknownLane(uint64 selector);
    error LaneExists(uint64 selector);
    error LaneCursed(uint64 selector);
    error ZeroAmount();
    error BadRecipient(address recipient);
    error FeeTokenRefused(address feeToken);
    error FeeAboveMax(uint256 fee, uint256 maxFee);
    error FeeNotPaid(uint256 fee, uint256 paid);
    error RefundFailed();
    error SiloTooSmall(uint256 amount, uint256 silo);
    error InvalidRouter(address router);
    error ForeignSender(bytes sender);
    error UnexpectedTokens();
    error AlreadyReceived(uint64 selector, uint64 epoch, uint64 sequence);
    error NotRepresentable(uint256 amount, uint8 decimals);
    error NothingToRetry(uint64 selector, uint64 epoch, uint64 sequence);
    error OnlySelf();

    /// @notice Locks or burns up to `amount` of the caller's tokens, and has as much paid to `recipient` on another chain.
    /// @param amount Rounded down to what both chains can represent; what is rounded off is not taken.
    /// @param feeToken Zero for the native coin, whose excess is returned, or LINK.
    /// @param maxFee More than this is not paid.
    function send(
        uint64 selector, address recipient, uint256 amount, address feeToken, uint256 maxFee, uint256 deadline
    ) external payable returns (bytes32 messageId, uint256 sent);

    /// @notice Tells the other side this side's liquidity, and nothing else. The caller pays.
    function report(uint64 selector, address feeToken, uint256 maxFee) external payable returns (bytes32 messageId);

    /// @notice What `send` costs now.
    function quoteFee(uint64 selector, address recipient, uint256 amount, address feeToken)
        external
        view
        returns (uint256);

    /// @notice Pays out a kept message to its recipient. Anybody may.
    function retry(uint64 selector, uint64 epoch, uint64 sequence) external;

    /// @notice A kept message, or nothing.
    function receiptOf(uint64 selector, uint64 epoch, uint64 sequence) external view returns (Receipt memory);

    function isReceived(uint64 selector, uint64 epoch, uint64 sequence) external view returns (bool);

    /// @notice Adds a chain for good: its contract and decimals never change. Elsewhere than at home there is one, the home. Owner
    /// only.
    function addLane(
        uint64 selector,
        address remote,
        uint8 remoteDecimals,
        uint32 gasLimit,
        Limits calldata outbound,
        Limits calldata inbound
    ) external;

    /// @notice Changes the limits of a lane, and the gas its messages are given over there. Owner only.
    function setLimits(uint64 selector, uint32 gasLimit, Limits calldata outbound, Limits calldata inbound) external;

    /// @notice Begins an epoch: reports from now on outrank every report before. Owner only.
    function advanceEpoch(uint64 selector) external;

    /// @notice What could be sent and received now.
    function available(uint64 selector) external view returns (uint256 outbound, uint256 inbound);

    /// @notice The liquidity of all chains as this one knows it.
    function liquidityState() external view returns (LaneState[] memory);

    function laneState(uint64 selector) external view returns (LaneState memory);
}
