// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILiquidityPoolManager, ISwapPayer} from "../interfaces/ILiquidityPoolManager.sol";
import {AssetSlots} from "../libraries/AssetSlots.sol";
import {DynamicFee} from "../libraries/DynamicFee.sol";
import {StableMath} from "../libraries/StableMath.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {WeightedMath} from "../libraries/WeightedMath.sol";
import {PoolStorage} from "./PoolStorage.sol";

/// @title Pools of two to eight assets in one contract
contract LiquidityPoolManager is PoolStorage {
    using AssetSlots for uint256;

    constructor(address initialOwner, address initialGuardian, uint256 protocolShare)
        PoolStorage(initialOwner, initialGuardian, protocolShare)
    {}

    /* POOLS */

    /// @inheritdoc ILiquidityPoolManager
    function createPool(PoolParameters calldata parameters) external returns (uint256 pool) {
        pool = ++pools;
        uint256 count = parameters.tokens.length;
        (uint256 head, uint256 first, uint256 second) = CURVE.describe(parameters);
        _heads[pool] = head;
        if (first != 0) _weights[pool][0] = first;
        if (second != 0) _weights[pool][1] = second;
        for (uint256 i; i < count; ++i) {
            _tokens[pool][i] = uint160(parameters.tokens[i]);
        }
        emit PoolCreated(pool, parameters.kind, parameters.tokens, parameters.fee);
    }

    /// @inheritdoc ILiquidityPoolManager
    function initialize(uint256 pool, uint256[] calldata amounts, address to)
        external
        nonReentrant
        whenNotPaused
        returns (uint256 shares)
    {
        uint256 count = _count(_heads[pool]);
        if (uint128(_supplies[pool]) != 0) revert AlreadyInitialized();
        if (amounts.length != count) revert InvalidParameters();
        _supplies[pool] |= FIRST_SHARES;
        shares = FIRST_SHARES - BURNT_SHARES;
        _credit(address(0), pool, BURNT_SHARES);
        _credit(to, pool, shares);
        for (uint256 i; i < count; ++i) {
            if (amounts[i] == 0) revert InvalidParameters();
            _assets[pool][i] = AssetSlots.pack(amounts[i], amounts[i]);
        }
        emit LiquidityAdded(pool, to, amounts, shares);
        for (uint256 i; i < count; ++i) {
            Tokens.take(_token(pool, i), msg.sender, amounts[i]);
        }
    }

    /* SWAPS */

    /// @inheritdoc ILiquidityPoolManager
    function swapExactIn(
        uint256 pool,
        uint256 indexIn,
        uint256 indexOut,
        uint256 amountIn,
        uint256 minAmountOut,
        address to,
        uint256 deadline
    ) external nonReentrant whenNotPaused before(deadline) returns (uint256 amountOut) {
        address tokenIn;
        address tokenOut;
        (amountOut, tokenIn, tokenOut) = _swap(pool, indexIn, indexOut, amountIn);
        if (amountOut < minAmountOut) revert InsufficientOutput(amountOut);
        Tokens.take(tokenIn, msg.sender, amountIn);
        Tokens.give(tokenOut, to, amountOut);
    }

    /// @inheritdoc ILiquidityPoolManager
    function swapExactOut(
        uint256 pool,
        uint256 indexIn,
        uint256 indexOut,
        uint256 amountOut,
        uint256 maxAmountIn,
        address to,
        uint256 deadline
    ) external nonReentrant whenNotPaused before(deadline) returns (uint256 amountIn) {
        uint256 head = _tradable(pool, indexIn, indexOut);
        if (amountOut > MAX_AMOUNT) revert AmountTooLarge(amountOut);
        uint256 slotIn = _assets[pool][indexIn];
        uint256 slotOut = _assets[pool][indexOut];
        uint256 averageIn = slotIn.average();
        uint256 averageOut = slotOut.average();
        uint256 fee = _pairFee(head, slotIn.balance(), averageIn, slotOut.balance(), averageOut);
        uint256 owedIn;
        uint256 owedOut;
        if (uint8(head) == uint8(Kind.Weighted)) {
            (uint256 weightIn, uint256 weightOut) = _weightsOf(pool, indexIn, indexOut);
            (amountIn, owedIn) =
                CURVE.weightedAmountIn(slotIn.balance(), weightIn, slotOut.balance(), weightOut, amountOut, fee);
            owedIn = _protocolPart(owedIn);
        } else {
            (amountIn, owedOut) = CURVE.amountIn(_curvePool(pool, head), indexIn, indexOut, amountOut, fee);
            owedOut = _protocolPart(owedOut);
        }
        if (amountIn > maxAmountIn) revert ExcessiveInput(amountIn);
        _assets[pool][indexIn] = AssetSlots.pack(slotIn.balance() + amountIn - owedIn, averageIn);
        _assets[pool][indexOut] = AssetSlots.pack(slotOut.balance() - amountOut - owedOut, averageOut);
        address tokenIn = _owe(pool, indexIn, owedIn);
        address tokenOut = _owe(pool, indexOut, owedOut);
        emit Swap(pool, msg.sender, indexIn, indexOut, amountIn, amountOut);
        Tokens.take(tokenIn, msg.sender, amountIn);
        Tokens.give(tokenOut, to, amountOut);
    }

    /// @inheritdoc ILiquidityPoolManager
    function swapPath(
        Hop[] calldata path,
        uint256 amountIn,
        uint256 minAmountOut,
        Payment payment,
        bool toInternalBalance,
        address to,
        uint256 deadline,
        bytes calldata data
    ) external nonReentrant whenNotPaused before(deadline) returns (uint256 amountOut, address tokenOut) {
        if (path.length == 0) revert InvalidPath();
        address first;
        amountOut = amountIn;
        for (uint256 i; i < path.length; ++i) {
            address tokenIn;
            address last = tokenOut;
            (amountOut, tokenIn, tokenOut) = _swap(path[i].pool, path[i].indexIn, path[i].indexOut, amountOut);
            if (i == 0) first = tokenIn;
            else if (tokenIn != last) revert InvalidPath();
        }
        if (amountOut < minAmountOut) revert InsufficientOutput(amountOut);
        if (payment == Payment.Token) {
            Tokens.take(first, msg.sender, amountIn);
        } else if (payment == Payment.InternalBalance) {
            _debit(msg.sender, uint160(first), amountIn);
        } else {
            uint256 held = Tokens.balanceOfThis(first);
            ISwapPayer(msg.sender).paySwap(first, amountIn, data);
            if (Tokens.balanceOfThis(first) - held != amountIn) revert NotPaid(amountIn);
        }
        if (toInternalBalance) _credit(to, uint160(tokenOut), amountOut);
        else Tokens.give(tokenOut, to, amountOut);
    }

    /// @dev All of a swap but the payments.
    function _swap(uint256 pool, uint256 indexIn, uint256 indexOut, uint256 amountIn)
        private
        returns (uint256 amountOut, address tokenIn, address tokenOut)
    {
        uint256 head = _tradable(pool, indexIn, indexOut);
        if (amountIn > MAX_AMOUNT) revert AmountTooLarge(amountIn);
        uint256 slotIn = _assets[pool][indexIn];
        uint256 slotOut = _assets[pool][indexOut];
        uint256 averageIn = slotIn.average();
        uint256 averageOut = slotOut.average();
        slotIn = slotIn.balance();
        slotOut = slotOut.balance();
        uint256 fee = _pairFee(head, slotIn, averageIn, slotOut, averageOut);
        uint256 owedIn;
        uint256 owedOut;
        if (uint8(head) == uint8(Kind.Weighted)) {
            fee = WeightedMath.feeOf(amountIn, fee);
            (uint256 weightIn, uint256 weightOut) = _weightsOf(pool, indexIn, indexOut);
            amountOut = WeightedMath.amountOut(slotIn, weightIn, slotOut, weightOut, amountIn - fee);
            owedIn = _protocolPart(fee);
        } else {
            (amountOut, fee) = _stableOut(pool, head, indexIn, indexOut, slotIn, slotOut, amountIn, fee);
            owedOut = _protocolPart(fee);
        }
        if (amountOut == 0) revert InsufficientOutput(0);
        unchecked {
            // amounts fit 112 bits: a balance that would leave its own, down or up, is refused by the slot
            _assets[pool][indexIn] = AssetSlots.pack(slotIn + amountIn - owedIn, averageIn);
            _assets[pool][indexOut] = AssetSlots.pack(slotOut - amountOut - owedOut, averageOut);
        }
        tokenIn = _owe(pool, indexIn, owedIn);
        tokenOut = _owe(pool, indexOut, owedOut);
        emit Swap(pool, msg.sender, indexIn, indexOut, amountIn, amountOut);
    }

    /// @dev A stable pair has a path of its own here; all else is the curve's.
    function _stableOut(
        uint256 pool,
        uint256 head,
        uint256 indexIn,
        uint256 indexOut,
        uint256 balanceIn,
        uint256 balanceOut,
        uint256 amountIn,
        uint256 fee
    ) private view returns (uint256, uint256) {
        if (head & 0xffff == STABLE_PAIR) {
            uint256 rateIn = _rate(head, indexIn);
            uint256 rateOut = _rate(head, indexOut);
            (uint256 xIn, uint256 xOut, uint256 amount) = (balanceIn * rateIn, balanceOut * rateOut, amountIn * rateIn);
            if (StableMath.fitsUnchecked(xIn, xOut, amount)) {
                return StableMath.swapOutOfTwo(
                    xIn, xOut, indexIn == 0, amount, _amplification(pool, head), fee, uint16(head >> 24), rateOut
                );
            }
        }
        return CURVE.amountOut(_curvePool(pool, head), indexIn, indexOut, amountIn, fee);
    }

    /* LIQUIDITY */

    /// @inheritdoc ILiquidityPoolManager
    function addProportional(uint256 pool, uint256 shares, uint256[] calldata maxAmounts, address to, uint256 deadline)
        external
        nonReentrant
        whenNotPaused
        before(deadline)
        returns (uint256[] memory amounts)
    {
        uint256 count = _count(_heads[pool]);
        if (maxAmounts.length != count) revert InvalidParameters();
        uint256 supply = _mintShares(pool, shares, to);
        amounts = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            uint256 amount;
            unchecked {
                amount = _divUp(_assets[pool][i].balance() * shares, supply); // of 112 bits each
            }
            if (amount > maxAmounts[i]) revert ExcessiveInput(amount);
            amounts[i] = amount;
        }
        _book(pool, supply, supply + shares, amounts);
        emit LiquidityAdded(pool, to, amounts, shares);
        for (uint256 i; i < count; ++i) {
            Tokens.take(_token(pool, i), msg.sender, amounts[i]);
        }
    }

    /// @inheritdoc ILiquidityPoolManager
    function addOneExactIn(uint256 pool, uint256 index, uint256 amount, uint256 minShares, address to, uint256 deadline)
        external
        nonReentrant
        whenNotPaused
        before(deadline)
        returns (uint256 shares)
    {
        (CurvePool memory curve, uint256 supply, uint256 fee) = _side(pool, index, amount);
        (shares, fee) = CURVE.sharesForOne(curve, index, supply, amount, fee);
        if (shares < minShares || shares == 0) revert InsufficientOutput(shares);
        _addOne(pool, index, amount, shares, fee, to);
    }

    /// @inheritdoc ILiquidityPoolManager
    function addOneExactShares(
        uint256 pool,
        uint256 index,
        uint256 shares,
        uint256 maxAmount,
        address to,
        uint256 deadline
    ) external nonReentrant whenNotPaused before(deadline) returns (uint256 amount) {
        (CurvePool memory curve, uint256 supply, uint256 fee) = _side(pool, index, shares);
        (amount, fee) = CURVE.oneForNewShares(curve, index, supply, shares, fee);
        if (amount > maxAmount) revert ExcessiveInput(amount);
        _addOne(pool, index, amount, shares, fee, to);
    }

    /// @inheritdoc ILiquidityPoolManager
    function removeProportional(
        uint256 pool,
        uint256 shares,
        uint256[] calldata minAmounts,
        bool toInternalBalance,
        address to,
        uint256 deadline
    ) external nonReentrant before(deadline) returns (uint256[] memory amounts) {
        uint256 count = _count(_heads[pool]);
        if (minAmounts.length != count) revert InvalidParameters();
        uint256 supply = _burnShares(pool, shares);
        amounts = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            uint256 amount;
            unchecked {
                amount = _assets[pool][i].balance() * shares / supply; // of 112 and 128 bits
            }
            if (amount < minAmounts[i]) revert InsufficientOutput(amount);
            amounts[i] = amount;
        }
        _book(pool, supply, supply - shares, amounts);
        emit LiquidityRemoved(pool, msg.sender, amounts, shares);
        for (uint256 i; i < count; ++i) {
            address token = _token(pool, i);
            if (toInternalBalance) _credit(to, uint160(token), amounts[i]);
            else Tokens.give(token, to, amounts[i]);
        }
    }

    /// @inheritdoc ILiquidityPoolManager
    function removeOneExactShares(
        uint256 pool,
        uint256 index,
        uint256 shares,
        uint256 minAmount,
        address to,
        uint256 deadline
    ) external nonReentrant before(deadline) returns (uint256 amount) {
        (CurvePool memory curve, uint256 supply, uint256 fee) = _side(pool, index, shares);
        (amount, fee) = CURVE.oneForShares(curve, index, supply, shares, fee);
        if (amount < minAmount || amount == 0) revert InsufficientOutput(amount);
        _removeOne(pool, index, amount, shares, fee, to);
    }

    /// @inheritdoc ILiquidityPoolManager
    function removeOneExactOut(
        uint256 pool,
        uint256 index,
        uint256 amount,
        uint256 maxShares,
        address to,
        uint256 deadline
    ) external nonReentrant before(deadline) returns (uint256 shares) {
        (CurvePool memory curve, uint256 supply, uint256 fee) = _side(pool, index, amount);
        (shares, fee) = CURVE.sharesForOneOut(curve, index, supply, amount, fee);
        if (shares > maxShares) revert ExcessiveInput(shares);
        _removeOne(pool, index, amount, shares, fee, to);
    }

    /* INTERNAL BALANCES */

    /// @inheritdoc ILiquidityPoolManager
    function deposit(address token, uint256 amount, address to) external nonReentrant whenNotPaused {
        _checkToken(token);
        _credit(to, uint160(token), amount);
        emit Deposited(token, to, amount);
        Tokens.take(token, msg.sender, amount);
    }

    /// @inheritdoc ILiquidityPoolManager
    function withdraw(address token, uint256 amount, address to) external nonReentrant {
        _checkToken(token);
        _debit(msg.sender, uint160(token), amount);
        emit Withdrawn(token, msg.sender, to, amount);
        Tokens.give(token, to, amount);
    }

    /* INTERNAL */

    /// @dev Smaller ids are pools.
    function _checkToken(address token) private pure {
        if (uint160(token) >> 64 == 0) revert InvalidToken(token);
    }

    function _pairFee(uint256 head, uint256 balanceIn, uint256 averageIn, uint256 balanceOut, uint256 averageOut)
        private
        pure
        returns (uint256)
    {
        uint256 multiplier = uint16(head >> 136);
        if (multiplier == 0) return _fee(head);
        uint256 apart = DynamicFee.deviation(balanceIn, averageIn, balanceOut, averageOut);
        return DynamicFee.volatileFee(_fee(head), multiplier, apart);
    }

    /// @dev What liquidity in one asset needs: the pool, its supply, and the volatile fee of the asset's dearest trade.
    function _side(uint256 pool, uint256 index, uint256 amount)
        private
        view
        returns (CurvePool memory curve, uint256 supply, uint256 fee)
    {
        uint256 head = _heads[pool];
        uint256 count = _count(head);
        if (index >= count) revert UnknownAsset();
        if (amount > MAX_AMOUNT) revert AmountTooLarge(amount);
        curve = _curvePool(pool, head);
        supply = uint128(_supplies[pool]);
        fee = _fee(head);
        uint256 multiplier = uint16(head >> 136);
        if (multiplier != 0) {
            uint256[] memory averages = _averages(pool, count);
            uint256 apart;
            for (uint256 i; i < count; ++i) {
                if (i == index) continue;
                uint256 found = DynamicFee.deviation(
                    curve.balances[index], averages[index], curve.balances[i], averages[i]
                );
                if (found > apart) apart = found;
            }
            fee = DynamicFee.volatileFee(fee, multiplier, apart);
        }
    }

    function _addOne(uint256 pool, uint256 index, uint256 amount, uint256 shares, uint256 fee, address to) private {
        uint256 supply = _mintShares(pool, shares, to);
        uint256 owed = _protocolPart(fee);
        uint256[] memory amounts = new uint256[](_count(_heads[pool]));
        amounts[index] = amount - owed;
        _book(pool, supply, supply + shares, amounts);
        amounts[index] = amount;
        address token = _owe(pool, index, owed);
        emit LiquidityAdded(pool, to, amounts, shares);
        Tokens.take(token, msg.sender, amount);
    }

    function _removeOne(uint256 pool, uint256 index, uint256 amount, uint256 shares, uint256 fee, address to) private {
        uint256 supply = _burnShares(pool, shares);
        uint256 owed = _protocolPart(fee);
        uint256[] memory amounts = new uint256[](_count(_heads[pool]));
        amounts[index] = amount + owed;
        _book(pool, supply, supply - shares, amounts);
        amounts[index] = amount;
        address token = _owe(pool, index, owed);
        emit LiquidityRemoved(pool, msg.sender, amounts, shares);
        Tokens.give(token, to, amount);
    }

    /// @dev Averages go with the supply, those of assets that stay as they are too: liquidity has no weight in them.
    function _book(uint256 pool, uint256 supply, uint256 supplyAfter, uint256[] memory amounts) private {
        for (uint256 i; i < amounts.length; ++i) {
            uint256 slot = _assets[pool][i];
            uint256 held = slot.balance();
            held = supplyAfter > supply ? held + amounts[i] : held - amounts[i];
            _assets[pool][i] = slot.packRescaled(held, supply, supplyAfter);
        }
    }

    /// @dev A fee is a part of a trade, and under 2^130.
    function _protocolPart(uint256 fee) private view returns (uint256) {
        unchecked {
            return fee * PROTOCOL_SHARE / UNIT;
        }
    }

    function _divUp(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a == 0 ? 0 : (a - 1) / b + 1;
        }
    }
}
