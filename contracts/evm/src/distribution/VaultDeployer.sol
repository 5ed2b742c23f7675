// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDistributionVault} from "../interfaces/IDistributionVault.sol";
import {DistributionVault} from "./DistributionVault.sol";

/// @title Carries the code of vaults, which with that of `Distribution` is more than one contract may have
/// @dev Anyone may call. A vault listens to who had it made, and only `Distribution` finds its own by id.
contract VaultDeployer {
    function deploy(IDistributionVault.Terms calldata terms, address[] calldata verifiers) external returns (address) {
        return address(new DistributionVault(terms, verifiers, msg.sender));
    }
}
