// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../interfaces/IOracle.sol";
import {ISyntheticAssetFactory} from "../interfaces/ISyntheticAssetFactory.sol";
import {ISyntheticVault} from "../interfaces/ISyntheticVault.sol";
import {SyntheticToken} from "./SyntheticToken.sol";
import {SyntheticVault} from "./SyntheticVault.sol";
import {SyntheticVaultDeployer} from "./SyntheticVaultDeployer.sol";
import {VaultTerms} from "./VaultTerms.sol";

/// @title Synthetic assets by their id
/// @dev The vaults take its word for who called, so each call goes out with `msg.sender` as the account and with nothing else.
contract SyntheticAssetFactory is ISyntheticAssetFactory {
    /// @inheritdoc ISyntheticAssetFactory
    address public immutable OWNER;
    /// @notice Carries the code of a vault: both would not fit one contract.
    SyntheticVaultDeployer public immutable DEPLOYER;
    mapping(bytes32 assetId => Synthetic) private _synthetics;

    constructor(address owner, SyntheticVaultDeployer deployer) {
        if (owner == address(0)) revert ZeroOwner();
        OWNER = owner;
        DEPLOYER = deployer;
    }

    /// @inheritdoc ISyntheticAssetFactory
    function createSynthetic(
        bytes32 assetId, IOracle oracle, address collateral, ISyntheticVault.Parameters calldata parameters
    ) external returns (address token, address vault) {
        if (msg.sender != OWNER) revert NotOwner(msg.sender);
        if (_synthetics[assetId].vault != address(0)) revert SyntheticExists(assetId);
        VaultTerms.check(oracle, collateral, parameters);
        vault = DEPLOYER.deploy(assetId, abi.encode(address(this), oracle, collateral, OWNER, parameters));
        token = address(SyntheticVault(vault).SYNTHETIC());
        _synthetics[assetId] = Synthetic(token, vault);
        emit SyntheticCreated(assetId, token, vault, address(oracle), collateral, parameters);
    }

    /// @inheritdoc ISyntheticAssetFactory
    function deployToken(string calldata name, string calldata symbol) external returns (address token) {
        return address(new SyntheticToken(name, symbol, msg.sender));
    }

    /// @inheritdoc ISyntheticAssetFactory
    function deposit(bytes32 assetId, uint256 amount) external {
        _vault(assetId).deposit(msg.sender, amount);
    }

    /// @inheritdoc ISyntheticAssetFactory
    function withdraw(bytes32 assetId, uint256 amount) external {
        _vault(assetId).withdraw(msg.sender, amount, msg.sender);
    }

    /// @inheritdoc ISyntheticAssetFactory
    function mintSynthetic(bytes32 assetId, uint256 amount) external {
        _vault(assetId).mintSynthetic(msg.sender, amount, msg.sender);
    }

    /// @inheritdoc ISyntheticAssetFactory
    function burnSynthetic(bytes32 assetId, uint256 amount) external returns (uint256 burned) {
        return _vault(assetId).burnSynthetic(msg.sender, amount);
    }

    /// @inheritdoc ISyntheticAssetFactory
    function depositAndMint(bytes32 assetId, uint256 collateralAmount, uint256 amount) external {
        _vault(assetId).depositAndMint(msg.sender, collateralAmount, amount, msg.sender);
    }

    /// @inheritdoc ISyntheticAssetFactory
    function syntheticOf(bytes32 assetId) external view returns (address token, address vault) {
        Synthetic storage synthetic = _synthetics[assetId];
        return (synthetic.token, synthetic.vault);
    }

    function _vault(bytes32 assetId) private view returns (ISyntheticVault vault) {
        vault = ISyntheticVault(_synthetics[assetId].vault);
        if (address(vault) == address(0)) revert NoSuchSynthetic(assetId);
    }
}
