// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title A synthetic asset: an ERC-20 that only its vault mints and burns
contract SyntheticToken is ERC20Permit {
    address public immutable VAULT;

    error NotVault(address caller);

    constructor(string memory name, string memory symbol, address vault) ERC20(name, symbol) ERC20Permit(name) {
        VAULT = vault;
    }

    modifier onlyVault() {
        if (msg.sender != VAULT) revert NotVault(msg.sender);
        _;
    }

    function mint(address to, uint256 amount) external onlyVault {
        _mint(to, amount);
    }

    /// @notice Without an allowance: the vault burns only what its own caller holds.
    function burn(address from, uint256 amount) external onlyVault {
        _burn(from, amount);
    }
}
