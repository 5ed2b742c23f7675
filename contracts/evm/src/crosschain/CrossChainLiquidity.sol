// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAny2EVMMessageReceiver} from "@chainlink/contracts-ccip/contracts/interfaces/IAny2EVMMessageReceiver.sol";
import {IRMN} from "@chainlink/contracts-ccip/contracts/interfaces/IRMN.sol";
import {IRouterClient} from "@chainlink/contracts-ccip/contracts/interfaces/IRouterClient.sol";
import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {GuardedPause} from "../access/GuardedPause.sol";
import {ICrossChainLiquidity} from "../interfaces/ICrossChainLiquidity.sol";
import {TokenBuckets} from "../libraries/TokenBuckets.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {BridgedToken} from "./BridgedToken.sol";

/// @title Liquidity of one token over CCIP
/// @dev Locking is an entry, and can be paused. Burning is the way home and receiving the end of a way, and neither can.
contract CrossChainLiquidity is ICrossChainLiquidity, GuardedPause, IAny2EVMMessageReceiver, IERC165 {
    using TokenBuckets for TokenBuckets.Bucket;

    /* IMMUTABLES */

    IRouterClient public immutable ROUTER;
    /// @notice The risk management network's contract; zero where there is none and the router alone says what is cursed.
    IRMN public immutable RMN;
    address public immutable LINK;
    address public immutable TOKEN;
    /// @notice Whether this is the token's home, where it is locked.
    bool public immutable HOME;
    uint64 public immutable LOCAL_SELECTOR;
    uint64 public immutable FIRST_EPOCH;
    uint8 private immutable _DECIMALS;
    uint256 private immutable _CHAIN;

    /* STORAGE */

    struct Lane {
        address remote;
        uint8 remoteDecimals;
        uint32 gasLimit;
        uint64 epoch;
        uint64 sequence;
        uint128 silo;
        uint64 remoteEpoch;
        uint64 remoteSequence;
        uint128 remoteLiquidity;
        TokenBuckets.Bucket outbound;
        TokenBuckets.Bucket inbound;
    }

    mapping(uint64 selector => Lane) private _lanes;
    uint64[] private _selectors;
    mapping(uint64 selector => mapping(uint64 epoch => mapping(uint256 word => uint256))) private _received;
    mapping(uint64 selector => mapping(uint64 epoch => mapping(uint64 sequence => Receipt))) private _receipts;

    bool private transient _entered;

    /* CONSTRUCTOR */

    struct Setup {
        IRouterClient router;
        IRMN rmn;
        address link;
        address token;
        bool home;
        uint64 localSelector;
        uint64 firstEpoch;
        address owner;
        address guardian;
    }

    /// @param setup `firstEpoch` is above every epoch that an earlier deployment on this chain has used.
    constructor(Setup memory setup) GuardedPause(setup.owner, setup.guardian) {
        if (address(setup.router).code.length == 0 || setup.localSelector == 0 || setup.firstEpoch == 0) {
            revert BadTerms();
        }
        (ROUTER, RMN, LINK, TOKEN) = (setup.router, setup.rmn, setup.link, setup.token);
        (HOME, LOCAL_SELECTOR, FIRST_EPOCH) = (setup.home, setup.localSelector, setup.firstEpoch);
        _DECIMALS = IERC20Metadata(setup.token).decimals();
        _CHAIN = block.chainid;
    }

    modifier nonReentrant() {
        if (_entered) revert Reentrancy();
        _entered = true;
        _;
        _entered = false;
    }

    /* SENDING */

    /// @inheritdoc ICrossChainLiquidity
    function send(
        uint64 selector, address recipient, uint256 amount, address feeToken, uint256 maxFee, uint256 deadline
    ) external payable nonReentrant returns (bytes32 messageId, uint256 sent) {
        if (block.timestamp > deadline) revert Expired(deadline);
        if (HOME) _checkNotPaused();
        Lane storage lane = _laneOf(selector);
        if (recipient == address(0) || recipient == lane.remote) revert BadRecipient(recipient);
        uint256 unit = _unit(lane);
        sent = amount - amount % unit;
        if (sent == 0) revert ZeroAmount();
        lane.outbound.consume(sent);
        uint256 silo = lane.silo;
        if (HOME) {
            lane.silo = uint128(_atMost128(silo + sent));
        } else {
            if (sent > silo) revert SiloTooSmall(sent, silo);
            lane.silo = uint128(silo - sent);
        }
        messageId = _dispatch(selector, lane, recipient, sent / unit, feeToken, maxFee);
    }

    /// @inheritdoc ICrossChainLiquidity
    function report(uint64 selector, address feeToken, uint256 maxFee)
        external
        payable
        nonReentrant
        returns (bytes32 messageId)
    {
        messageId = _dispatch(selector, _laneOf(selector), address(0), 0, feeToken, maxFee);
    }

    /// @dev The state is final before the first call to another contract; tokens come first, the refund last.
    function _dispatch(
        uint64 selector, Lane storage lane, address recipient, uint256 amount, address feeToken, uint256 maxFee
    ) private returns (bytes32 messageId) {
        if (block.chainid != _CHAIN) revert WrongChain(block.chainid);
        if (_isCursed(selector)) revert LaneCursed(selector);
        uint64 sequence = ++lane.sequence;
        Client.EVM2AnyMessage memory message = _wrap(selector, lane, sequence, recipient, amount, feeToken);
        uint256 fee = ROUTER.getFee(selector, message);
        if (fee > maxFee) revert FeeAboveMax(fee, maxFee);
        uint256 sent = amount * _unit(lane);
        if (sent != 0) {
            Tokens.take(TOKEN, msg.sender, sent);
            if (!HOME) BridgedToken(TOKEN).burn(sent);
        }
        if (feeToken == address(0)) {
            if (msg.value < fee) revert FeeNotPaid(fee, msg.value);
            messageId = ROUTER.ccipSend{value: fee}(selector, message);
        } else {
            if (feeToken != LINK || msg.value != 0) revert FeeTokenRefused(feeToken);
            if (fee != 0) {
                Tokens.take(LINK, msg.sender, fee);
                if (!IERC20Metadata(LINK).approve(address(ROUTER), fee)) revert FeeNotPaid(fee, 0);
            }
            messageId = ROUTER.ccipSend(selector, message);
        }
        emit Sent(selector, lane.epoch, sequence, msg.sender, recipient, sent, messageId);
        if (feeToken == address(0) && msg.value > fee) {
            (bool ok,) = msg.sender.call{value: msg.value - fee}("");
            if (!ok) revert RefundFailed();
        }
    }

    function _wrap(
        uint64 selector, Lane storage lane, uint64 sequence, address recipient, uint256 amount, address feeToken
    ) private view returns (Client.EVM2AnyMessage memory) {
        bytes memory data = abi.encode(
            Message({
                destination: selector,
                epoch: lane.epoch,
                sequence: sequence,
                sender: msg.sender,
                recipient: recipient,
                decimals: _sharedDecimals(lane),
                amount: amount,
                liquidity: lane.silo / _unit(lane)
            })
        );
        return Client.EVM2AnyMessage({
            receiver: abi.encode(lane.remote),
            data: data,
            tokenAmounts: new Client.EVMTokenAmount[](0),
            feeToken: feeToken,
            extraArgs: Client._argsToBytes(
                Client.GenericExtraArgsV2({gasLimit: lane.gasLimit, allowOutOfOrderExecution: true})
            )
        });
    }

    /* RECEIVING */

    /// @notice From the router only. Reverts for what is not ours; what is ours is booked, and kept if it cannot be paid out.
    function ccipReceive(Client.Any2EVMMessage calldata any) external nonReentrant {
        if (msg.sender != address(ROUTER)) revert InvalidRouter(msg.sender);
        uint64 selector = any.sourceChainSelector;
        Lane storage lane = _laneOf(selector);
        if (any.sender.length != 32 || abi.decode(any.sender, (uint256)) != uint160(lane.remote)) {
            revert ForeignSender(any.sender);
        }
        if (any.destTokenAmounts.length != 0) revert UnexpectedTokens();
        Message memory message = abi.decode(any.data, (Message));
        if (message.destination != LOCAL_SELECTOR) revert WrongChain(message.destination);
        _markReceived(selector, message.epoch, message.sequence);
        _takeReport(selector, lane, message);
        if (message.amount == 0) return;
        try this.deliver(selector, message.recipient, message.amount, message.decimals) returns (uint256 paid) {
            emit Received(selector, message.epoch, message.sequence, message.recipient, paid);
        } catch (bytes memory reason) {
            _receipts[selector][message.epoch][message.sequence] =
                Receipt(message.recipient, message.decimals, message.amount);
            emit ReceiveFailed(
                selector,
                message.epoch,
                message.sequence,
                message.recipient,
                message.amount,
                message.decimals,
                reason
            );
        }
    }

    /// @notice A call of its own, so that whatever fails in it leaves nothing behind. This contract only.
    function deliver(uint64 selector, address recipient, uint256 amount, uint8 decimals)
        external
        returns (uint256 paid)
    {
        if (msg.sender != address(this)) revert OnlySelf();
        paid = _deliver(selector, recipient, amount, decimals);
    }

    /// @inheritdoc ICrossChainLiquidity
    function retry(uint64 selector, uint64 epoch, uint64 sequence) external nonReentrant {
        Receipt memory receipt = _receipts[selector][epoch][sequence];
        if (receipt.amount == 0) revert NothingToRetry(selector, epoch, sequence);
        delete _receipts[selector][epoch][sequence];
        uint256 paid = _deliver(selector, receipt.recipient, receipt.amount, receipt.decimals);
        emit Received(selector, epoch, sequence, receipt.recipient, paid);
    }

    function _deliver(uint64 selector, address recipient, uint256 amount, uint8 decimals)
        private
        returns (uint256 paid)
    {
        if (_isCursed(selector)) revert LaneCursed(selector);
        Lane storage lane = _lanes[selector];
        paid = _toLocal(amount, decimals);
        lane.inbound.consume(paid);
        uint256 silo = lane.silo;
        if (HOME) {
            if (paid > silo) revert SiloTooSmall(paid, silo);
            lane.silo = uint128(silo - paid);
            Tokens.give(TOKEN, recipient, paid);
        } else {
            lane.silo = uint128(_atMost128(silo + paid));
            BridgedToken(TOKEN).mint(recipient, paid);
        }
    }

    function _markReceived(uint64 selector, uint64 epoch, uint64 sequence) private {
        mapping(uint256 => uint256) storage words = _received[selector][epoch];
        uint256 word = words[sequence >> 8];
        uint256 bit = 1 << (sequence & 0xff);
        if (word & bit != 0) revert AlreadyReceived(selector, epoch, sequence);
        words[sequence >> 8] = word | bit;
    }

    /// @dev Only a later report is taken: what was overtaken on its way says what was true before.
    function _takeReport(uint64 selector, Lane storage lane, Message memory message) private {
        (uint64 epoch, uint64 sequence) = (lane.remoteEpoch, lane.remoteSequence);
        if (message.epoch < epoch || (message.epoch == epoch && message.sequence <= sequence)) return;
        (lane.remoteEpoch, lane.remoteSequence) = (message.epoch, message.sequence);
        uint256 liquidity = _toLocalOrMost(message.liquidity, message.decimals);
        lane.remoteLiquidity = uint128(liquidity);
        emit LiquidityReported(selector, message.epoch, message.sequence, liquidity);
    }

    /* ONLY OWNER */

    /// @inheritdoc ICrossChainLiquidity
    function addLane(
        uint64 selector,
        address remote,
        uint8 remoteDecimals,
        uint32 gasLimit,
        Limits calldata outbound,
        Limits calldata inbound
    ) external onlyOwner {
        Lane storage lane = _lanes[selector];
        if (lane.remote != address(0)) revert LaneExists(selector);
        // the same address on another chain is not this contract: deployments by CREATE2 have one address everywhere
        if (selector == LOCAL_SELECTOR && remote == address(this)) revert BadTerms();
        if (selector == 0 || remote == address(0) || remoteDecimals > 36) revert BadTerms();
        // all that is issued here is one token: what a second lane forged would leave by the first, out of that one's silo
        if (!HOME && _selectors.length != 0) revert BadTerms();
        (lane.remote, lane.remoteDecimals, lane.epoch) = (remote, remoteDecimals, FIRST_EPOCH);
        _selectors.push(selector);
        emit LaneAdded(selector, remote, remoteDecimals);
        _setLimits(selector, lane, gasLimit, outbound, inbound);
    }

    /// @inheritdoc ICrossChainLiquidity
    function setLimits(uint64 selector, uint32 gasLimit, Limits calldata outbound, Limits calldata inbound)
        external
        onlyOwner
    {
        _setLimits(selector, _laneOf(selector), gasLimit, outbound, inbound);
    }

    /// @inheritdoc ICrossChainLiquidity
    function advanceEpoch(uint64 selector) external onlyOwner {
        Lane storage lane = _laneOf(selector);
        uint64 epoch = ++lane.epoch;
        lane.sequence = 0;
        emit EpochAdvanced(selector, epoch);
    }

    function _setLimits(
        uint64 selector, Lane storage lane, uint32 gasLimit, Limits calldata outbound, Limits calldata inbound
    ) private {
        if (gasLimit < 100_000) revert BadTerms();
        lane.gasLimit = gasLimit;
        lane.outbound.set(outbound.capacity, outbound.rate);
        lane.inbound.set(inbound.capacity, inbound.rate);
        emit LimitsSet(selector, gasLimit, outbound, inbound);
    }

    /* VIEWS */

    /// @inheritdoc ICrossChainLiquidity
    function quoteFee(uint64 selector, address recipient, uint256 amount, address feeToken)
        external
        view
        returns (uint256)
    {
        Lane storage lane = _laneOf(selector);
        return
            ROUTER.getFee(
                selector, _wrap(selector, lane, lane.sequence + 1, recipient, amount / _unit(lane), feeToken)
            );
    }

    /// @inheritdoc ICrossChainLiquidity
    function receiptOf(uint64 selector, uint64 epoch, uint64 sequence) external view returns (Receipt memory) {
        return _receipts[selector][epoch][sequence];
    }

    /// @inheritdoc ICrossChainLiquidity
    function isReceived(uint64 selector, uint64 epoch, uint64 sequence) external view returns (bool) {
        return _received[selector][epoch][sequence >> 8] & (1 << (sequence & 0xff)) != 0;
    }

    /// @inheritdoc ICrossChainLiquidity
    function available(uint64 selector) external view returns (uint256 outbound, uint256 inbound) {
        Lane storage lane = _laneOf(selector);
        return (lane.outbound.available(), lane.inbound.available());
    }

    /// @inheritdoc ICrossChainLiquidity
    function liquidityState() external view returns (LaneState[] memory states) {
        states = new LaneState[](_selectors.length);
        for (uint256 i; i < states.length; ++i) {
            states[i] = laneState(_selectors[i]);
        }
    }

    /// @inheritdoc ICrossChainLiquidity
    function laneState(uint64 selector) public view returns (LaneState memory) {
        Lane storage lane = _laneOf(selector);
        return LaneState({
            selector: selector,
            remote: lane.remote,
            silo: lane.silo,
            epoch: lane.epoch,
            sequence: lane.sequence,
            remoteEpoch: lane.remoteEpoch,
            remoteSequence: lane.remoteSequence,
            remoteLiquidity: lane.remoteLiquidity
        });
    }

    /// @notice The router asks this before it calls.
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IAny2EVMMessageReceiver).interfaceId || id == type(IERC165).interfaceId;
    }

    /* INTERNAL */

    function _laneOf(uint64 selector) private view returns (Lane storage lane) {
        lane = _lanes[selector];
        if (lane.remote == address(0)) revert UnknownLane(selector);
    }

    /// @dev The subject of a lane is its selector in 16 bytes, as CCIP has it.
    function _isCursed(uint64 selector) private view returns (bool) {
        return address(RMN) != address(0) && RMN.isCursed(bytes16(uint128(selector)));
    }

    function _sharedDecimals(Lane storage lane) private view returns (uint8) {
        return lane.remoteDecimals < _DECIMALS ? lane.remoteDecimals : _DECIMALS;
    }

    /// @dev The least amount here that the other side can represent.
    function _unit(Lane storage lane) private view returns (uint256) {
        return 10 ** (_DECIMALS - _sharedDecimals(lane));
    }

    /// @dev Exact, or not at all.
    function _toLocal(uint256 amount, uint8 decimals) private view returns (uint256 local) {
        if (decimals <= _DECIMALS) return amount * 10 ** (_DECIMALS - decimals);
        uint256 unit = 10 ** (decimals - _DECIMALS);
        if (amount % unit != 0) revert NotRepresentable(amount, decimals);
        local = amount / unit;
    }

    /// @dev A report is information: one that does not fit is held at the most instead of refusing the money beside it.
    function _toLocalOrMost(uint256 amount, uint8 decimals) private view returns (uint256) {
        uint256 most = type(uint128).max;
        if (amount > most || decimals > _DECIMALS || _DECIMALS - decimals > 36) return most;
        uint256 local = amount * 10 ** (_DECIMALS - decimals);
        return local < most ? local : most;
    }

    function _atMost128(uint256 amount) private pure returns (uint256) {
        if (amount > type(uint128).max) revert TokenBuckets.AmountAboveCapacity(amount, type(uint128).max);
        return amount;
    }
}
