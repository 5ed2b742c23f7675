// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "./IOracle.sol";
import {ISyntheticVault} from "./ISyntheticVault.sol";

/// @title Creates synthetic assets and passes calls on to their vaults by the asset's id
interface ISyntheticAssetFactory {
    struct Synthetic {
        address token;
        address vault;
    }

    error NoSuchSynthetic(bytes32 assetId);
    error NotOwner(address account);
    error SyntheticExists(bytes32 assetId);
    error ZeroOwner();

    event SyntheticCreated(
        bytes32 indexed assetId,
        address indexed token,
        address indexed vault,
        address oracle,
        address collateral,
        ISyntheticVault.Parameters parameters
    );

    /// @notice The timelock. It creates synthetics and can shut a vault down; it can change nothing that exists.
    function OWNER() external view returns (address);

    /// @notice Deploys an ERC-20 and its own vault. An id is used once.
    function createSynthetic(
        bytes32 assetId, IOracle oracle, address collateral, ISyntheticVault.Parameters calldata parameters
    ) external returns (address token, address vault);

    /// @notice Asked by a vault while it is being made: a token that the caller alone mints and burns.
    function deployToken(string calldata name, string calldata symbol) external returns (address token);

    /// @notice As the vault's function of this name, for the caller's own position. Allowances are given to the vault.
    function deposit(bytes32 assetId, uint256 amount) external;
    function withdraw(bytes32 assetId, uint256 amount) external;
    function mintSynthetic(bytes32 assetId, uint256 amount) external;
    function burnSynthetic(bytes32 assetId, uint256 amount) external returns (uint256 burned);
    function depositAndMint(bytes32 assetId, uint256 collateralAmount, uint256 amount) external;

    function syntheticOf(bytes32 assetId) external view returns (address token, address vault);
}
