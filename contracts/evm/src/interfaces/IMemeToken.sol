// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A token of the generator: ERC-20 with EIP-2612, without owner, tax, block list or pause
/// @notice 18 decimals. What it may do was fixed at its creation: burn or not, and mint or not, up to a cap, by a
/// minter that is a timelock and never faster than a rate.
interface IMemeToken {
    /// @param initialSupply Made at the creation, all of it for one account.
    /// @param cap The supply is never above it. Of a token that is not minted it is `initialSupply`.
    /// @param burnable Whether holders may burn what is theirs.
    /// @param minter May mint; zero: nobody, ever.
    /// @param mintLimit At most so much is minted at once, and in the long run in each `mintPeriod`.
    struct Parameters {
        string name;
        string symbol;
        uint256 initialSupply;
        uint256 cap;
        bool burnable;
        address minter;
        uint256 mintLimit;
        uint256 mintPeriod;
    }

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Approval(address indexed owner, address indexed spender, uint256 amount);

    error InsufficientBalance(uint256 balance);
    error InsufficientAllowance(uint256 allowance);
    error InvalidReceiver();
    error LengthsDiffer();
    error NotBurnable();
    error NotMinter(address caller);
    error CapExceeded(uint256 cap);
    error MintRateExceeded(uint256 mintable);
    error Expired(uint256 deadline);
    error InvalidSignature();
    error AlreadyInitialized();

    /// @notice By the generator, in the transaction of the creation.
    function initialize(address to) external;

    /// @notice Transfers to each of `recipients`; one failure is one of all.
    function batchTransfer(address[] calldata recipients, uint256[] calldata amounts) external returns (bool);

    function burn(uint256 amount) external;

    function burnFrom(address owner, uint256 amount) external;

    function mint(address to, uint256 amount) external;

    /// @notice What the minter could mint now, rate and cap together.
    function mintable() external view returns (uint256);

    function parameters() external view returns (Parameters memory);
}
