// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ILiquidityPoolManager, ISwapPayer} from "../interfaces/ILiquidityPoolManager.sol";
import {IOrderSettlement} from "../interfaces/IOrderSettlement.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title Signed orders, settled against the pools by anyone
/// @notice It holds no tokens: what comes in goes from the maker to the manager, what comes out to the recipient.
contract OrderSettlement is IOrderSettlement, ISwapPayer {
    /* CONSTANTS */

    bytes32 public constant PART_TYPEHASH =
        keccak256("Part(uint256 amountIn,uint256 minAmountOut,uint256 validFrom,uint256 deadline)");
    bytes32 public constant ORDER_TYPEHASH = keccak256(
        "Order(address maker,address recipient,address tokenIn,address tokenOut,uint256 pool,uint256 maxDeviation,uint256 salt,uint256 epoch,Part[] parts)Part(uint256 amountIn,uint256 minAmountOut,uint256 validFrom,uint256 deadline)"
    );
    bytes32 private constant NAME = keccak256("Fluxdesk OrderSettlement");
    bytes32 private constant VERSION = keccak256("1");
    uint256 private constant UNIT = 1e18;
    uint256 private constant PRICE_UNIT = 1e36;

    /* IMMUTABLES */

    ILiquidityPoolManager public immutable MANAGER;
    bytes32 private immutable DOMAIN;
    uint256 private immutable CHAIN;

    /* STORAGE */

    /// @inheritdoc IOrderSettlement
    mapping(address maker => uint256) public epochOf;
    /// @notice One bit a salt, settled or cancelled.
    mapping(address maker => mapping(uint256 word => uint256)) public saltsOf;

    constructor(ILiquidityPoolManager manager) {
        MANAGER = manager;
        DOMAIN = Signatures.domainOf(NAME, VERSION);
        CHAIN = block.chainid;
    }

    /* SETTLEMENT */

    /// @inheritdoc IOrderSettlement
    function settle(
        OrderTerms calldata order,
        uint256 index,
        Part calldata part,
        uint256 indexIn,
        uint256 indexOut,
        bytes calldata signature
    ) external returns (uint256 amountOut) {
        if (order.recipient == address(0)) revert InvalidRecipient();
        if (block.timestamp < part.validFrom) revert TooEarly(part.validFrom);
        if (block.timestamp > part.deadline) revert Expired(part.deadline);
        if (order.epoch != epochOf[order.maker]) revert WrongEpoch(epochOf[order.maker]);
        if (index >= order.partHashes.length || order.partHashes[index] != hashPart(part)) revert WrongPart(index);
        bytes32 orderHash = _hash(order);
        if (!Signatures.isSignedBy(order.maker, digestOf(orderHash), signature)) revert InvalidSignature();
        uint256 bound = _bound(order, part.amountIn, indexIn, indexOut);
        _spend(order.maker, order.salt + index);

        address tokenOut;
        (amountOut, tokenOut) = _swap(order, part, indexIn, indexOut);
        if (tokenOut != order.tokenOut) revert WrongToken(tokenOut);
        if (amountOut < bound) revert PriceOutOfBounds(amountOut, bound);
        emit OrderSettled(order.maker, orderHash, index, part.amountIn, amountOut);
    }

    /// @inheritdoc ISwapPayer
    /// @dev The manager calls back nobody but who swaps, so `data` is what `_swap` gave.
    function paySwap(address token, uint256 amount, bytes calldata data) external {
        if (msg.sender != address(MANAGER)) revert NotManager();
        (address maker, address tokenIn) = abi.decode(data, (address, address));
        if (token != tokenIn) revert WrongToken(token);
        Tokens.move(token, maker, msg.sender, amount);
    }

    /* CANCELLING */

    /// @inheritdoc IOrderSettlement
    function cancelSalts(uint256 word, uint256 mask) external {
        saltsOf[msg.sender][word] |= mask;
        emit SaltsCancelled(msg.sender, word, mask);
    }

    /// @inheritdoc IOrderSettlement
    function advanceEpoch() external returns (uint256 epoch) {
        epoch = ++epochOf[msg.sender];
        emit EpochAdvanced(msg.sender, epoch);
    }

    /* VIEWS */

    /// @inheritdoc IOrderSettlement
    function isSpent(address maker, uint256 salt) external view returns (bool) {
        return (saltsOf[maker][salt >> 8] >> (salt & 255)) & 1 != 0;
    }

    /// @inheritdoc IOrderSettlement
    function hashPart(Part calldata part) public pure returns (bytes32) {
        return keccak256(
            abi.encode(PART_TYPEHASH, part.amountIn, part.minAmountOut, part.validFrom, part.deadline)
        );
    }

    /// @inheritdoc IOrderSettlement
    function hashOrder(Order calldata order) external pure returns (bytes32) {
        bytes32[] memory parts = new bytes32[](order.parts.length);
        for (uint256 i; i < parts.length; ++i) {
            parts[i] = hashPart(order.parts[i]);
        }
        return keccak256(
            abi.encode(
                ORDER_TYPEHASH,
                order.maker,
                order.recipient,
                order.tokenIn,
                order.tokenOut,
                order.pool,
                order.maxDeviation,
                order.salt,
                order.epoch,
                keccak256(abi.encodePacked(parts))
            )
        );
    }

    /// @inheritdoc IOrderSettlement
    function digestOf(bytes32 orderHash) public view returns (bytes32) {
        // after a fork the chain has another id, and so the domain
        bytes32 domain = block.chainid == CHAIN ? DOMAIN : Signatures.domainOf(NAME, VERSION);
        return Signatures.digestOf(domain, orderHash);
    }

    /* INTERNAL */

    function _hash(OrderTerms calldata order) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                ORDER_TYPEHASH,
                order.maker,
                order.recipient,
                order.tokenIn,
                order.tokenOut,
                order.pool,
                order.maxDeviation,
                order.salt,
                order.epoch,
                keccak256(abi.encodePacked(order.partHashes))
            )
        );
    }

    /// @dev The least that the averages allow; read before the swap, as views of prices revert within it.
    function _bound(OrderTerms calldata order, uint256 amountIn, uint256 indexIn, uint256 indexOut)
        private
        view
        returns (uint256)
    {
        if (order.maxDeviation >= UNIT) return 0;
        uint256 price = MANAGER.oraclePrice(order.pool, indexIn, indexOut);
        return Math.mulDiv(Math.mulDiv(amountIn, price, PRICE_UNIT), UNIT - order.maxDeviation, UNIT);
    }

    function _spend(address maker, uint256 salt) private {
        uint256 word = saltsOf[maker][salt >> 8];
        uint256 bit = 1 << (salt & 255);
        if (word & bit != 0) revert SaltSpent(salt);
        saltsOf[maker][salt >> 8] = word | bit;
    }

    function _swap(OrderTerms calldata order, Part calldata part, uint256 indexIn, uint256 indexOut)
        private
        returns (uint256, address)
    {
        ILiquidityPoolManager.Hop[] memory path = new ILiquidityPoolManager.Hop[](1);
        path[0] = ILiquidityPoolManager.Hop(order.pool, indexIn, indexOut);
        return MANAGER.swapPath(
            path,
            part.amountIn,
            part.minAmountOut,
            ILiquidityPoolManager.Payment.Callback,
            false,
            order.recipient,
            part.deadline,
            abi.encode(order.maker, order.tokenIn)
        );
    }
}
