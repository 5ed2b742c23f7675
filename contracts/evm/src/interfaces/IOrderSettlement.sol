// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Signed orders, settled against the pools by anyone
/// @notice The maker signs an `Order` (EIP-712, name "Fluxdesk OrderSettlement", version "1") and allows this contract to
/// spend `tokenIn`. A limit order has one part. A TWAP has equal parts with windows one after another, a VWAP parts by its
/// volume profile. Part i is settled at most once: it spends the maker's one-shot salt `salt + i`.
interface IOrderSettlement {
    /// @param amountIn Taken from the maker when the part is settled, all of it or nothing.
    /// @param minAmountOut What the recipient gets, at least.
    /// @param validFrom First second of the part's window.
    /// @param deadline Last second of it.
    struct Part {
        uint256 amountIn;
        uint256 minAmountOut;
        uint256 validFrom;
        uint256 deadline;
    }

    /// @param maker Who signs and pays.
    /// @param recipient Who gets what comes out, all of it.
    /// @param pool The pool it is settled in, and whose moving averages bound the price.
    /// @param maxDeviation How far under the pool's average price a part may be settled, in units of 1e-18; 1e18 and more
    /// is no bound.
    /// @param salt The first of as many one-shot salts as there are parts.
    /// @param epoch The maker's epoch (`epochOf`): advancing it cancels every order of those before.
    struct Order {
        address maker;
        address recipient;
        address tokenIn;
        address tokenOut;
        uint256 pool;
        uint256 maxDeviation;
        uint256 salt;
        uint256 epoch;
        Part[] parts;
    }

    /// @notice An order without its parts: each is given by its hash, the settled one in full.
    struct OrderTerms {
        address maker;
        address recipient;
        address tokenIn;
        address tokenOut;
        uint256 pool;
        uint256 maxDeviation;
        uint256 salt;
        uint256 epoch;
        bytes32[] partHashes;
    }

    event OrderSettled(
        address indexed maker, bytes32 indexed orderHash, uint256 indexed part, uint256 amountIn, uint256 amountOut
    );
    event SaltsCancelled(address indexed maker, uint256 indexed word, uint256 mask);
    event EpochAdvanced(address indexed maker, uint256 epoch);

    error InvalidRecipient();
    error WrongPart(uint256 index);
    error WrongEpoch(uint256 current);
    error TooEarly(uint256 validFrom);
    error Expired(uint256 deadline);
    error SaltSpent(uint256 salt);
    error InvalidSignature();
    error WrongToken(address token);
    error PriceOutOfBounds(uint256 amountOut, uint256 bound);
    error NotManager();

    /// @notice Settles part `index` of an order.
    /// @param indexIn The place of `tokenIn` in the pool.
    /// @param indexOut The place of `tokenOut` in the pool.
    function settle(
        OrderTerms calldata order,
        uint256 index,
        Part calldata part,
        uint256 indexIn,
        uint256 indexOut,
        bytes calldata signature
    ) external returns (uint256 amountOut);

    /// @notice Spends the caller's salts of a word (256 salts, from `word * 256`) without settling: one bit a salt.
    function cancelSalts(uint256 word, uint256 mask) external;

    /// @notice Cancels every order the caller has signed so far.
    function advanceEpoch() external returns (uint256 epoch);

    function isSpent(address maker, uint256 salt) external view returns (bool);

    function epochOf(address maker) external view returns (uint256);

    function hashPart(Part calldata part) external pure returns (bytes32);

    /// @notice The EIP-712 struct hash of an order.
    function hashOrder(Order calldata order) external pure returns (bytes32);

    /// @notice What the maker signs.
    function digestOf(bytes32 orderHash) external view returns (bytes32);
}
