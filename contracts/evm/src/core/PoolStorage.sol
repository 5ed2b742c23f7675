// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GuardedPause} from "../access/GuardedPause.sol";
import {ILiquidityPoolManager} from "../interfaces/ILiquidityPoolManager.sol";
import {AssetSlots} from "../libraries/AssetSlots.sol";
import {StableMath} from "../libraries/StableMath.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {AccountLedger} from "./AccountLedger.sol";
import {PoolCurve} from "./PoolCurve.sol";

/// @title What the manager keeps of its pools, what their owner may change, and what can be read of them
abstract contract PoolStorage is ILiquidityPoolManager, AccountLedger, GuardedPause {
    using AssetSlots for uint256;

    /* CONSTANTS */

    uint256 public constant FIRST_SHARES = 1e24;
    uint256 public constant BURNT_SHARES = 1e18;
    uint256 public constant MIN_RAMP = 1 days;
    uint256 public constant MAX_RAMP_FACTOR = 10;
    uint256 internal constant UNIT = 1e18;
    uint256 internal constant MAX_AMOUNT = type(uint112).max;
    uint256 internal constant RAMPING = 1 << 16;
    uint256 internal constant STABLE_PAIR = uint256(uint8(Kind.Stable)) | (2 << 8);

    /* IMMUTABLES */

    /// @notice The protocol's part of a fee, in units of 1e-18.
    uint256 public immutable PROTOCOL_SHARE;
    PoolCurve public immutable CURVE;

    /* STORAGE */

    uint256 public pools;
    /// @dev kind 8 | count 8 | ramping 8 | off-peg 16 (tenths) | fee 64 | amplification 32 (hundredths) | volatility 16 |
    /// decimals 5 x 8 | groups 3 x 8
    mapping(uint256 pool => uint256) internal _heads;
    /// @dev from 32 | target 32 | start 64 | end 64
    mapping(uint256 pool => uint256) internal _ramps;
    /// @dev Four weights of 64 bits a slot.
    mapping(uint256 pool => mapping(uint256 four => uint256)) internal _weights;
    mapping(uint256 pool => mapping(uint256 index => uint256)) internal _assets;
    /// @dev Address 160 | what the protocol is owed 96.
    mapping(uint256 pool => mapping(uint256 index => uint256)) internal _tokens;
    /// @dev Supply 128 | cap 128.
    mapping(uint256 pool => uint256) internal _supplies;

    bool internal transient _entered;

    /* CONSTRUCTOR */

    constructor(address initialOwner, address initialGuardian, uint256 protocolShare)
        GuardedPause(initialOwner, initialGuardian)
    {
        if (protocolShare > UNIT / 2) revert InvalidParameters();
        PROTOCOL_SHARE = protocolShare;
        CURVE = new PoolCurve();
    }

    /* MODIFIERS */

    modifier nonReentrant() {
        _enter();
        _;
        _entered = false;
    }

    modifier before(uint256 deadline) {
        _checkDeadline(deadline);
        _;
    }

    modifier unlocked() {
        if (_entered) revert Locked();
        _;
    }

    /* OWNER */

    /// @inheritdoc ILiquidityPoolManager
    function rampAmplification(uint256 pool, uint256 target, uint256 endTime) external nonReentrant onlyOwner {
        uint256 head = _heads[pool];
        _count(head);
        if (uint8(head) == uint8(Kind.Weighted) || head & RAMPING != 0) revert InvalidRamp();
        StableMath.checkAmplification(target);
        uint256 from = uint32(head >> 104);
        unchecked {
            // amplifications fit 32 bits
            if (endTime < block.timestamp + MIN_RAMP || endTime > type(uint64).max) revert InvalidRamp();
            if (target > from * MAX_RAMP_FACTOR || target * MAX_RAMP_FACTOR < from) revert InvalidRamp();
        }
        _heads[pool] = head | RAMPING;
        _ramps[pool] = from | (target << 32) | (block.timestamp << 64) | (endTime << 128);
        emit AmplificationRamped(pool, from, target, endTime);
    }

    /// @inheritdoc ILiquidityPoolManager
    function stopRamp(uint256 pool) external nonReentrant {
        uint256 head = _heads[pool];
        if (head & RAMPING == 0) revert InvalidRamp();
        if (block.timestamp < uint64(_ramps[pool] >> 128)) _checkOwner();
        uint256 amplification = _amplification(pool, head);
        _heads[pool] = (head & ~(RAMPING | (uint256(type(uint32).max) << 104))) | (amplification << 104);
        delete _ramps[pool];
        emit AmplificationRamped(pool, amplification, amplification, block.timestamp);
    }

    /// @inheritdoc ILiquidityPoolManager
    function setSupplyCap(uint256 pool, uint256 cap) external onlyOwner {
        _count(_heads[pool]);
        if (cap >> 128 != 0) revert AmountTooLarge(cap);
        _supplies[pool] = uint128(_supplies[pool]) | (cap << 128);
        emit SupplyCapSet(pool, cap);
    }

    /// @inheritdoc ILiquidityPoolManager
    function collectProtocolFee(uint256 pool, uint256 index) external nonReentrant returns (uint256 amount) {
        uint256 word = _tokens[pool][index];
        amount = word >> 160;
        _tokens[pool][index] = uint160(word);
        emit ProtocolFeeCollected(pool, index, amount);
        Tokens.give(address(uint160(word)), owner, amount);
    }

    /* VIEWS */

    /// @inheritdoc ILiquidityPoolManager
    function poolState(uint256 pool) external view unlocked returns (PoolState memory state) {
        uint256 head = _heads[pool];
        uint256 count = _count(head);
        state.kind = Kind(uint8(head));
        state.fee = _fee(head);
        state.volatilityMultiplier = uint16(head >> 136);
        state.supply = uint128(_supplies[pool]);
        state.tokens = new address[](count);
        for (uint256 i; i < count; ++i) {
            state.tokens[i] = _token(pool, i);
        }
        state.averages = _averages(pool, count);
        state.curve = _curvePool(pool, head);
    }

    /// @inheritdoc ILiquidityPoolManager
    function oraclePrice(uint256 pool, uint256 indexIn, uint256 indexOut) external view unlocked returns (uint256) {
        uint256 head = _tradable(pool, indexIn, indexOut);
        uint256 averageIn = _assets[pool][indexIn].average();
        uint256 averageOut = _assets[pool][indexOut].average();
        uint256 partIn;
        uint256 partOut;
        unchecked {
            // averages fit 112 bits, rates 60
            if (uint8(head) == uint8(Kind.Weighted)) {
                (partIn, partOut) = _weightsOf(pool, indexIn, indexOut);
            } else if (head & 0xffff == STABLE_PAIR) {
                uint256 xIn = averageIn * _rate(head, indexIn);
                uint256 xOut = averageOut * _rate(head, indexOut);
                if (StableMath.fitsUnchecked(xIn, xOut, 1)) {
                    (partIn, partOut) = StableMath.partsOfTwo(xIn, xOut, indexIn == 0, _amplification(pool, head));
                }
            }
            // parts fit 120 bits and are within 2^17 of each other: a price is under 2^136
            partIn *= averageOut;
            partOut *= averageIn;
        }
        unchecked {
            // what the curve says, without its call
            if ((partOut - 1) >> 216 == 0) return StableMath.ratio(partIn, partOut);
        }
        CurvePool memory curve = _curvePool(pool, head);
        curve.balances = _averages(pool, curve.balances.length);
        return CURVE.price(curve, indexIn, indexOut);
    }

    /// @inheritdoc ILiquidityPoolManager
    function totalSupply(uint256 pool) external view unlocked returns (uint256) {
        return uint128(_supplies[pool]);
    }

    /// @notice What the protocol is owed in an asset.
    function protocolFeeOf(uint256 pool, uint256 index) external view returns (uint256) {
        return _tokens[pool][index] >> 160;
    }

    /* INTERNAL */

    function _enter() internal {
        if (_entered) revert Locked();
        _entered = true;
    }

    function _checkDeadline(uint256 deadline) internal view {
        if (block.timestamp > deadline) revert Expired(deadline);
    }

    function _tradable(uint256 pool, uint256 indexIn, uint256 indexOut) internal view returns (uint256 head) {
        head = _heads[pool];
        uint256 count = _count(head);
        if (indexIn >= count || indexOut >= count || indexIn == indexOut) revert UnknownAsset();
    }

    /// @dev Returns the supply as it was.
    function _mintShares(uint256 pool, uint256 shares, address to) internal returns (uint256 supply) {
        uint256 word = _supplies[pool];
        supply = uint128(word);
        if (shares == 0 || shares > MAX_AMOUNT || supply == 0) revert InvalidParameters();
        uint256 cap = word >> 128;
        if (supply + shares > (cap == 0 ? type(uint128).max : cap)) revert SupplyCapExceeded(supply + shares);
        _supplies[pool] = word + shares;
        _credit(to, pool, shares);
    }

    /// @dev Returns the supply as it was.
    function _burnShares(uint256 pool, uint256 shares) internal returns (uint256 supply) {
        if (shares == 0) revert InvalidParameters();
        _debit(msg.sender, pool, shares);
        uint256 word = _supplies[pool];
        supply = uint128(word);
        _supplies[pool] = word - shares; // all shares of holders and the burnt ones are the supply
    }

    function _curvePool(uint256 pool, uint256 head) internal view returns (CurvePool memory curve) {
        uint256 count = _count(head);
        uint256 kind = uint8(head);
        curve.balances = new uint256[](count);
        curve.rates = new uint256[](count);
        curve.weights = new uint256[](count);
        curve.groups = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            curve.balances[i] = _assets[pool][i].balance();
            curve.rates[i] = kind == uint8(Kind.Weighted) ? 1 : _rate(head, i);
            curve.weights[i] = kind == uint8(Kind.Stable) ? UNIT : uint64(_weights[pool][i >> 2] >> ((i & 3) << 6));
            unchecked {
                curve.groups[i] = (head >> (192 + 3 * i)) & 7; // of a stable pool all zero
            }
        }
        curve.amplification = _amplification(pool, head); // of a weighted pool zero
        curve.offPegMultiplier = uint16(head >> 24);
    }

    function _averages(uint256 pool, uint256 count) internal view returns (uint256[] memory averages) {
        averages = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            averages[i] = _assets[pool][i].average();
        }
    }

    /// @dev Adds to what the protocol is owed and tells the token.
    function _owe(uint256 pool, uint256 index, uint256 owed) internal returns (address) {
        uint256 word = _tokens[pool][index];
        if (owed != 0) {
            if (owed + (word >> 160) >> 96 != 0) revert AmountTooLarge(owed); // what is owed is to be collected first
            _tokens[pool][index] = word + (owed << 160);
        }
        return address(uint160(word));
    }

    function _amplification(uint256 pool, uint256 head) internal view returns (uint256) {
        if (head & RAMPING == 0) return uint32(head >> 104);
        uint256 ramp = _ramps[pool];
        (uint256 from, uint256 target) = (uint32(ramp), uint32(ramp >> 32));
        (uint256 start, uint256 end) = (uint64(ramp >> 64), uint64(ramp >> 128));
        if (block.timestamp >= end) return target;
        unchecked {
            uint256 elapsed = block.timestamp - start;
            return target > from
                ? from + (target - from) * elapsed / (end - start)
                : from - (from - target) * elapsed / (end - start);
        }
    }

    /// @dev From base units to 18 decimals; assets of stable groups have at most 18.
    function _rate(uint256 head, uint256 index) internal pure returns (uint256) {
        unchecked {
            return 10 ** (18 - ((head >> (152 + 5 * index)) & 31));
        }
    }

    function _fee(uint256 head) internal pure returns (uint256) {
        return uint64(head >> 40);
    }

    function _count(uint256 head) internal pure returns (uint256 count) {
        count = uint8(head >> 8);
        if (count == 0) revert UnknownPool();
    }

    function _token(uint256 pool, uint256 index) internal view returns (address) {
        return address(uint160(_tokens[pool][index]));
    }

    function _weightsOf(uint256 pool, uint256 indexIn, uint256 indexOut) internal view returns (uint256, uint256) {
        uint256 word = _weights[pool][indexIn >> 2];
        uint256 other = indexIn >> 2 == indexOut >> 2 ? word : _weights[pool][indexOut >> 2];
        return (uint64(word >> ((indexIn & 3) << 6)), uint64(other >> ((indexOut & 3) << 6)));
    }
}
