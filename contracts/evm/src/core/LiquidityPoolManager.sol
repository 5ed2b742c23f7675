// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILiquidityPoolManager} from "../interfaces/ILiquidityPoolManager.sol";
import {AssetSlots} from "../libraries/AssetSlots.sol";
import {StableMath} from "../libraries/StableMath.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {WeightedMath} from "../libraries/WeightedMath.sol";

/// @title Pools of two to eight assets in one contract
contract LiquidityPoolManager is ILiquidityPoolManager {
    using AssetSlots for uint256;

    /* CONSTANTS */

    uint256 public constant FIRST_SHARES = 1e24;
    uint256 public constant BURNT_SHARES = 1e12;
    /// @notice Over how many seconds a balance moves its average by 1 - 1/e.
    uint256 public constant WINDOW = 600;
    uint256 private constant UNIT = 1e18;
    uint256 private constant ADDRESS = type(uint160).max;

    /* STORAGE */

    /// @dev kind 8 | count 8 | paused 8 | off-peg 16 (tenths) | fee 64 | amplification 32 (hundredths) | decimals 8 x 8
    mapping(uint256 pool => uint256) private _heads;
    /// @dev Four weights of 64 bits a slot.
    mapping(uint256 pool => mapping(uint256 four => uint256)) private _weights;
    mapping(uint256 pool => mapping(uint256 asset => uint256)) private _books;
    /// @dev Address 160 | what the protocol is owed 96.
    mapping(uint256 pool => mapping(uint256 asset => uint256)) private _tokens;
    mapping(uint256 pool => uint256) public supply;
    mapping(uint256 pool => mapping(address holder => uint256)) public sharesOf;
    uint256 public pools;
    /// @notice The protocol's part of a fee, in units of 1e-18.
    uint256 public immutable PROTOCOL_SHARE;

    bool private transient _busy;

    constructor(uint256 protocolShare) {
        if (protocolShare > UNIT / 2) revert BadTerms();
        PROTOCOL_SHARE = protocolShare;
    }

    modifier alone(uint256 deadline) {
        if (_busy) revert Locked();
        if (block.timestamp > deadline) revert Expired();
        _busy = true;
        _;
        _busy = false;
    }

    /* POOLS */

    function createPool(Terms calldata terms) external returns (uint256 pool) {
        uint256 count = terms.tokens.length;
        if (count < 2 || count > 8 || terms.fee > UNIT / 10) revert BadTerms();
        pool = ++pools;
        uint256 head = uint256(uint8(terms.kind)) | (count << 8) | (terms.fee << 40);
        if (terms.kind == Kind.Weighted) {
            if (terms.weights.length != count || terms.amplification != 0) revert BadTerms();
            uint256 whole;
            for (uint256 i; i < count; ++i) {
                uint256 weight = terms.weights[i];
                if (weight < UNIT / 100) revert BadTerms();
                whole += weight;
                _weights[pool][i >> 2] |= weight << ((i & 3) << 6);
            }
            if (whole != UNIT) revert BadTerms();
        } else {
            if (terms.amplification < 100 || terms.amplification > 1e8 || terms.offPeg < 10 || terms.offPeg > 1000) {
                revert BadTerms();
            }
            head |= (terms.offPeg << 24) | (terms.amplification << 104);
        }
        for (uint256 i; i < count; ++i) {
            address token = terms.tokens[i];
            for (uint256 k; k < i; ++k) {
                if (terms.tokens[k] == token) revert BadTerms();
            }
            (bool ok, bytes memory said) = token.staticcall(abi.encodeWithSelector(0x313ce567)); // decimals()
            if (!ok || said.length < 32) revert BadTerms();
            uint256 decimals = abi.decode(said, (uint256));
            if (decimals > 36 || (terms.kind == Kind.Stable && decimals > 18)) revert BadTerms();
            head |= decimals << (136 + (i << 3));
            _tokens[pool][i] = uint160(token);
        }
        _heads[pool] = head;
        emit PoolCreated(pool, terms.kind, terms.tokens, terms.fee);
    }

    function open(uint256 pool, uint256[] calldata amounts, address to)
        external
        alone(type(uint256).max)
        returns (uint256 shares)
    {
        uint256 count = _count(_heads[pool]);
        if (supply[pool] != 0) revert AlreadyOpened();
        if (amounts.length != count) revert BadTerms();
        for (uint256 i; i < count; ++i) {
            if (amounts[i] == 0) revert BadTerms();
            _books[pool][i] = AssetSlots.first(amounts[i]);
            Tokens.take(_token(pool, i), msg.sender, amounts[i]);
        }
        supply[pool] = FIRST_SHARES;
        shares = FIRST_SHARES - BURNT_SHARES;
        sharesOf[pool][to] += shares;
        emit LiquidityAdded(pool, to, amounts, shares);
    }

    /* TRADES */

    function swapExactIn(
        uint256 pool, uint256 joins, uint256 leaves, uint256 amount, uint256 least, address to, uint256 deadline
    ) external alone(deadline) returns (uint256 out) {
        uint256 head = _running(pool, joins, leaves);
        uint256 bookIn = _books[pool][joins];
        uint256 bookOut = _books[pool][leaves];
        uint256 tokenIn = _tokens[pool][joins];
        uint256 tokenOut = _tokens[pool][leaves];
        uint256 owed;
        if (uint8(head) == uint8(Kind.Weighted)) {
            uint256 fee = WeightedMath.feeOf(amount, _fee(head));
            (uint256 weightIn, uint256 weightOut) = _weightsOf(pool, joins, leaves);
            out = WeightedMath.amountOut(bookIn.balance(), weightIn, bookOut.balance(), weightOut, amount - fee);
            owed = fee * PROTOCOL_SHARE / UNIT;
            if (owed != 0) _tokens[pool][joins] = tokenIn + (owed << 160);
            _books[pool][joins] = bookIn.withBalance(bookIn.balance() + amount - owed, WINDOW);
            _books[pool][leaves] = bookOut.withBalance(bookOut.balance() - out, WINDOW);
        } else {
            uint256 fee;
            (out, fee) = _stableOut(pool, head, joins, leaves, amount);
            owed = fee * PROTOCOL_SHARE / UNIT;
            if (owed != 0) _tokens[pool][leaves] = tokenOut + (owed << 160);
            _books[pool][joins] = bookIn.withBalance(bookIn.balance() + amount, WINDOW);
            _books[pool][leaves] = bookOut.withBalance(bookOut.balance() - out - owed, WINDOW);
        }
        if (out < least || out == 0) revert TooLittle(out);
        emit Swapped(pool, to, joins, leaves, amount, out);
        Tokens.take(address(uint160(tokenIn & ADDRESS)), msg.sender, amount);
        Tokens.give(address(uint160(tokenOut & ADDRESS)), to, out);
    }

    function swapExactOut(
        uint256 pool, uint256 joins, uint256 leaves, uint256 amount, uint256 most, address to, uint256 deadline
    ) external alone(deadline) returns (uint256 paid) {
        uint256 head = _running(pool, joins, leaves);
        if (uint8(head) != uint8(Kind.Weighted)) revert BadTerms();
        uint256 bookIn = _books[pool][joins];
        uint256 bookOut = _books[pool][leaves];
        (uint256 weightIn, uint256 weightOut) = _weightsOf(pool, joins, leaves);
        uint256 net = WeightedMath.amountIn(bookIn.balance(), weightIn, bookOut.balance(), weightOut, amount);
        paid = WeightedMath.withFee(net, _fee(head));
        if (paid > most) revert TooMuch(paid);
        uint256 owed = (paid - net) * PROTOCOL_SHARE / UNIT;
        uint256 tokenIn = _tokens[pool][joins];
        if (owed != 0) _tokens[pool][joins] = tokenIn + (owed << 160);
        _books[pool][joins] = bookIn.withBalance(bookIn.balance() + paid - owed, WINDOW);
        _books[pool][leaves] = bookOut.withBalance(bookOut.balance() - amount, WINDOW);
        emit Swapped(pool, to, joins, leaves, paid, amount);
        Tokens.take(address(uint160(tokenIn & ADDRESS)), msg.sender, paid);
        Tokens.give(_token(pool, leaves), to, amount);
    }

    /* LIQUIDITY */

    function addProportional(uint256 pool, uint256 shares, uint256[] calldata most, address to, uint256 deadline)
        external
        alone(deadline)
        returns (uint256[] memory amounts)
    {
        uint256 head = _heads[pool];
        uint256 count = _count(head);
        if (uint8(head >> 16) != 0) revert Paused();
        if (most.length != count || shares == 0) revert BadTerms();
        uint256 all = supply[pool];
        amounts = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            uint256 book = _books[pool][i];
            uint256 amount = _divUp(book.balance() * shares, all);
            if (amount > most[i]) revert TooMuch(amount);
            _books[pool][i] = book.withBalance(book.balance() + amount, WINDOW);
            amounts[i] = amount;
            Tokens.take(_token(pool, i), msg.sender, amount);
        }
        supply[pool] = all + shares;
        sharesOf[pool][to] += shares;
        emit LiquidityAdded(pool, to, amounts, shares);
    }

    function addOne(uint256 pool, uint256 asset, uint256 amount, uint256 least, address to, uint256 deadline)
        external
        alone(deadline)
        returns (uint256 shares)
    {
        uint256 head = _heads[pool];
        if (asset >= _count(head)) revert NoSuchAsset();
        if (uint8(head >> 16) != 0) revert Paused();
        if (uint8(head) != uint8(Kind.Weighted)) revert BadTerms();
        uint256 book = _books[pool][asset];
        uint256 all = supply[pool];
        shares = WeightedMath.sharesForOne(book.balance(), _weight(pool, asset), all, amount, _fee(head));
        if (shares < least || shares == 0) revert TooLittle(shares);
        _books[pool][asset] = book.withBalance(book.balance() + amount, WINDOW);
        supply[pool] = all + shares;
        sharesOf[pool][to] += shares;
        uint256[] memory amounts = new uint256[](_count(head));
        amounts[asset] = amount;
        emit LiquidityAdded(pool, to, amounts, shares);
        Tokens.take(_token(pool, asset), msg.sender, amount);
    }

    function removeProportional(uint256 pool, uint256 shares, uint256[] calldata least, address to, uint256 deadline)
        external
        alone(deadline)
        returns (uint256[] memory amounts)
    {
        uint256 count = _count(_heads[pool]);
        if (least.length != count || shares == 0) revert BadTerms();
        uint256 held = sharesOf[pool][msg.sender];
        if (shares > held) revert NotEnoughShares();
        uint256 all = supply[pool];
        unchecked {
            sharesOf[pool][msg.sender] = held - shares;
            supply[pool] = all - shares;
        }
        amounts = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            uint256 book = _books[pool][i];
            uint256 amount = book.balance() * shares / all;
            if (amount < least[i]) revert TooLittle(amount);
            _books[pool][i] = book.withBalance(book.balance() - amount, WINDOW);
            amounts[i] = amount;
            Tokens.give(_token(pool, i), to, amount);
        }
        emit LiquidityRemoved(pool, msg.sender, amounts, shares);
    }

    /* WHAT THERE IS */

    function balanceOf(uint256 pool, uint256 asset) external view returns (uint256) {
        return _books[pool][asset].balance();
    }

    function averageOf(uint256 pool, uint256 asset) external view returns (uint256) {
        if (_busy) revert Locked();
        return _books[pool][asset].average(WINDOW);
    }

    /* INSIDE */

    function _running(uint256 pool, uint256 joins, uint256 leaves) private view returns (uint256 head) {
        head = _heads[pool];
        uint256 count = _count(head);
        if (joins >= count || leaves >= count || joins == leaves) revert NoSuchAsset();
        if (uint8(head >> 16) != 0) revert Paused();
    }

    function _stableOut(uint256 pool, uint256 head, uint256 joins, uint256 leaves, uint256 amount)
        private
        view
        returns (uint256 out, uint256 fee)
    {
        uint256 count = _count(head);
        uint256[] memory xs = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            xs[i] = _books[pool][i].balance() * _rate(head, i);
        }
        return StableMath.swapOut(
            xs, joins, leaves, amount * _rate(head, joins), uint32(head >> 104), _fee(head), uint16(head >> 24), _rate(head, leaves)
        );
    }

    /// @dev From base units to 18 decimals; stable assets have at most 18.
    function _rate(uint256 head, uint256 asset) private pure returns (uint256) {
        unchecked {
            return 10 ** (18 - uint8(head >> (136 + (asset << 3))));
        }
    }

    function _fee(uint256 head) private pure returns (uint256) {
        return uint64(head >> 40);
    }

    function _count(uint256 head) private pure returns (uint256 count) {
        count = uint8(head >> 8);
        if (count == 0) revert NoSuchPool();
    }

    function _token(uint256 pool, uint256 asset) private view returns (address) {
        return address(uint160(_tokens[pool][asset] & ADDRESS));
    }

    function _weight(uint256 pool, uint256 asset) private view returns (uint256) {
        return uint64(_weights[pool][asset >> 2] >> ((asset & 3) << 6));
    }

    function _weightsOf(uint256 pool, uint256 joins, uint256 leaves) private view returns (uint256, uint256) {
        uint256 word = _weights[pool][joins >> 2];
        uint256 other = joins >> 2 == leaves >> 2 ? word : _weights[pool][leaves >> 2];
        return (uint64(word >> ((joins & 3) << 6)), uint64(other >> ((leaves & 3) << 6)));
    }

    function _divUp(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a == 0 ? 0 : (a - 1) / b + 1;
        }
    }
}
