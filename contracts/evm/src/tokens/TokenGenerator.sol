// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {ILiquidityPoolManager} from "../interfaces/ILiquidityPoolManager.sol";
import {IMemeToken} from "../interfaces/IMemeToken.sol";
import {ITokenGenerator} from "../interfaces/ITokenGenerator.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {LiquidityLock} from "./LiquidityLock.sol";
import {MemeToken} from "./MemeToken.sol";

interface IMinDelay {
    function getMinDelay() external view returns (uint256);
}

interface IApprove {
    function approve(address spender, uint256 amount) external;
}

/// @title Makes tokens of one template
/// @dev It has no owner and keeps nothing: what it takes it passes on in the same call.
contract TokenGenerator is ITokenGenerator {
    /* CONSTANTS */

    uint256 public constant MAX_SUPPLY = type(uint128).max;
    /// @notice The least delay of a timelock that may mint, and the least period of a rate.
    uint256 public constant MIN_MINT_DELAY = 1 days;
    uint256 public constant MIN_MINT_PERIOD = 1 days;
    /// @notice At most a tenth of the initial supply is minted at once.
    uint256 public constant MINT_SHARE = 10;
    uint256 public constant MAX_NAME = 64;

    /* IMMUTABLES */

    address public immutable TEMPLATE;
    ILiquidityPoolManager public immutable POOLS;
    LiquidityLock public immutable LOCK;

    /* STORAGE */

    uint256 private transient _busy;

    /* CONSTRUCTOR */

    constructor(ILiquidityPoolManager pools) {
        TEMPLATE = address(new MemeToken(address(this)));
        POOLS = pools;
        LOCK = new LiquidityLock(IAccountLedger(address(pools)));
    }

    modifier nonReentrant() {
        if (_busy != 0) revert Reentered();
        _busy = 1;
        _;
        _busy = 0;
    }

    /* GENERATION */

    function generate(Creation calldata creation) external nonReentrant returns (address) {
        return _generate(msg.sender, creation, creation.recipient);
    }

    function generateBatch(Creation[] calldata creations) external nonReentrant returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](creations.length);
        for (uint256 i; i < creations.length; ++i) {
            try this.generateFor(msg.sender, creations[i]) returns (address token) {
                outcomes[i].token = token;
            } catch (bytes memory failure) {
                outcomes[i].failure = failure;
                emit GenerationFailed(msg.sender, i, failure);
            }
        }
    }

    /// @notice One item of a batch, for the generator itself: a call of its own, so that it fails alone.
    function generateFor(address creator, Creation calldata creation) external returns (address) {
        if (msg.sender != address(this)) revert NotSelf();
        return _generate(creator, creation, creation.recipient);
    }

    function generateWithPool(Creation calldata creation, Pool calldata pool)
        external
        nonReentrant
        returns (address token, uint256 poolId, uint256 lock)
    {
        uint256 supply = creation.token.initialSupply;
        if (pool.tokenAmount > supply || pool.weight > 1e18) revert InvalidParameters();
        token = _generate(msg.sender, creation, address(this));
        (poolId, lock) = _openPool(token, pool);
        Tokens.give(token, creation.recipient, supply - pool.tokenAmount);
    }

    /* VIEWS */

    function tokenOf(address creator, Creation calldata creation) public view returns (address) {
        return Clones.predictDeterministicAddressWithImmutableArgs(
            TEMPLATE, abi.encode(creation.token), _salt(creator, creation)
        );
    }

    /* INTERNAL */

    function _generate(address creator, Creation calldata c, address to) private returns (address token) {
        _check(c.token);
        if (c.recipient == address(0)) revert InvalidParameters();
        // A creation at a place that is taken would burn all gas of the call, and with it the rest of a batch.
        if (tokenOf(creator, c).code.length != 0) revert SaltUsed();
        token = Clones.cloneDeterministicWithImmutableArgs(TEMPLATE, abi.encode(c.token), _salt(creator, c));
        emit TokenGenerated(token, creator, c.snapshotHash, c.recipient, c.token);
        IMemeToken(token).initialize(to);
    }

    function _check(IMemeToken.Parameters calldata p) private view {
        bool bad = bytes(p.name).length == 0 || bytes(p.name).length > MAX_NAME;
        bad = bad || bytes(p.symbol).length == 0 || bytes(p.symbol).length > MAX_NAME;
        bad = bad || p.initialSupply == 0 || p.cap < p.initialSupply || p.cap > MAX_SUPPLY;
        if (p.minter == address(0)) {
            bad = bad || p.cap != p.initialSupply || p.mintLimit != 0 || p.mintPeriod != 0;
        } else {
            bad = bad || p.mintLimit == 0 || p.mintLimit > p.initialSupply / MINT_SHARE;
            bad = bad || p.mintPeriod < MIN_MINT_PERIOD || p.mintPeriod > type(uint48).max;
        }
        if (bad) revert InvalidParameters();
        if (p.minter != address(0) && !_isTimelock(p.minter)) revert NotATimelock(p.minter);
    }

    /// @dev That it says so is all that can be asked of it: the rate and the cap hold even if it lies.
    function _isTimelock(address minter) private view returns (bool) {
        (bool ok, bytes memory said) = minter.staticcall(abi.encodeCall(IMinDelay.getMinDelay, ()));
        return ok && said.length >= 32 && abi.decode(said, (uint256)) >= MIN_MINT_DELAY;
    }

    function _openPool(address token, Pool calldata p) private returns (uint256 poolId, uint256 lock) {
        ILiquidityPoolManager.PoolParameters memory q;
        q.kind = ILiquidityPoolManager.Kind.Weighted;
        (q.tokens, q.weights) = (new address[](2), new uint256[](2));
        (q.tokens[0], q.tokens[1]) = (token, p.quoteToken);
        (q.weights[0], q.weights[1]) = (p.weight, 1e18 - p.weight);
        q.fee = p.fee;
        poolId = POOLS.createPool(q);
        uint256[] memory amounts = new uint256[](2);
        (amounts[0], amounts[1]) = (p.tokenAmount, p.quoteAmount);
        Tokens.take(p.quoteToken, msg.sender, p.quoteAmount);
        // Exactly what the pool takes in this call: no allowance is left.
        IApprove(token).approve(address(POOLS), p.tokenAmount);
        IApprove(p.quoteToken).approve(address(POOLS), p.quoteAmount);
        uint256 shares = POOLS.initialize(poolId, amounts, address(this));
        IAccountLedger(address(POOLS)).approve(address(LOCK), poolId, shares);
        lock = LOCK.lock(poolId, shares, p.beneficiary, p.unlockTime);
        emit PoolOpened(token, poolId, lock, shares);
    }

    function _salt(address creator, Creation calldata c) private pure returns (bytes32) {
        return keccak256(abi.encode(creator, c.salt, c.snapshotHash, c.recipient));
    }
}
