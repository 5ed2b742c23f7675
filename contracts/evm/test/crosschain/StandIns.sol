// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAny2EVMMessageReceiver} from "@chainlink/contracts-ccip/contracts/interfaces/IAny2EVMMessageReceiver.sol";
import {IRMN} from "@chainlink/contracts-ccip/contracts/interfaces/IRMN.sol";
import {IRouterClient} from "@chainlink/contracts-ccip/contracts/interfaces/IRouterClient.sol";
import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";

interface IPayable20 {
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @notice Stands in for the CCIP router of one chain, behind Chainlink's own `IRouterClient`. It takes the fee and keeps the
/// message; whoever tests carries messages over, when and as often as wanted. Unlike `CCIPLocalSimulator` there can be two with
/// selectors of their own.
contract RouterStandIn is IRouterClient {
    struct Outgoing {
        bytes32 id;
        uint64 destination;
        address sender;
        address receiver;
        uint256 gasLimit;
        bytes data;
    }

    event MessageSent(bytes32 indexed id, uint64 indexed destination, address sender, address receiver, uint256 gasLimit, bytes data);
    event MessageRouted(bytes32 indexed id, bool success, bytes answer);

    uint64 public immutable SELECTOR;
    uint256 public fee;
    Outgoing[] private _outgoing;

    constructor(uint64 selector) {
        SELECTOR = selector;
    }

    function setFee(uint256 fee_) external {
        fee = fee_;
    }

    function sent() external view returns (uint256) {
        return _outgoing.length;
    }

    function outgoing(uint256 place) external view returns (Outgoing memory) {
        return _outgoing[place];
    }

    function isChainSupported(uint64) external pure returns (bool) {
        return true;
    }

    function getFee(uint64, Client.EVM2AnyMessage memory) public view returns (uint256) {
        return fee;
    }

    function ccipSend(uint64 destination, Client.EVM2AnyMessage calldata message) external payable returns (bytes32 id) {
        if (message.feeToken == address(0)) {
            if (msg.value < fee) revert InsufficientFeeTokenAmount();
        } else {
            if (msg.value != 0) revert InvalidMsgValue();
            IPayable20(message.feeToken).transferFrom(msg.sender, address(this), fee);
        }
        require(bytes4(message.extraArgs) == Client.GENERIC_EXTRA_ARGS_V2_TAG, "extra args");
        uint256 gasLimit = abi.decode(message.extraArgs[4:], (Client.GenericExtraArgsV2)).gasLimit;
        id = keccak256(abi.encode(SELECTOR, destination, _outgoing.length));
        address receiver = abi.decode(message.receiver, (address));
        _outgoing.push(Outgoing(id, destination, msg.sender, receiver, gasLimit, message.data));
        emit MessageSent(id, destination, msg.sender, receiver, gasLimit, message.data);
    }

    /// @notice What the off-ramp has the router do: the receiver is called with the gas that was paid for, and may fail.
    function route(bytes32 id, uint64 source, address sender, address receiver, uint256 gasLimit, bytes calldata data)
        external
        returns (bool success, bytes memory answer)
    {
        Client.Any2EVMMessage memory message = Client.Any2EVMMessage({
            messageId: id,
            sourceChainSelector: source,
            sender: abi.encode(sender),
            data: data,
            destTokenAmounts: new Client.EVMTokenAmount[](0)
        });
        (success, answer) =
            receiver.call{gas: gasLimit}(abi.encodeCall(IAny2EVMMessageReceiver.ccipReceive, (message)));
        emit MessageRouted(id, success, answer);
    }
}

/// @notice Stands in for the risk management network.
contract RmnStandIn is IRMN {
    mapping(bytes16 subject => bool) public cursed;

    function curse(uint64 selector, bool on) external {
        cursed[bytes16(uint128(selector))] = on;
    }

    function isBlessed(TaggedRoot calldata) external pure returns (bool) {
        return true;
    }

    function isCursed() external pure returns (bool) {
        return false;
    }

    function isCursed(bytes16 subject) external view returns (bool) {
        return cursed[subject];
    }
}
