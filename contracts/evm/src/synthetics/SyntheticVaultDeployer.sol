// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {SyntheticVault} from "./SyntheticVault.sol";

/// @title The code of a vault, for factories
/// @dev It trusts nobody and keeps nothing: a vault means something only where a factory lists it.
contract SyntheticVaultDeployer {
    /// @param arguments The constructor's, encoded.
    function deploy(bytes32 salt, bytes calldata arguments) external returns (address vault) {
        bytes32 own = keccak256(abi.encode(msg.sender, salt));
        return Create2.deploy(0, own, abi.encodePacked(type(SyntheticVault).creationCode, arguments));
    }
}
