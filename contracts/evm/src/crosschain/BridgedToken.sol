// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title What a token is on the chains that are not its home
/// @dev The bridge alone mints, and burns what it holds itself. There is no other power.
contract BridgedToken is ERC20, ERC20Permit {
    address public immutable BRIDGE;
    uint8 private immutable _DECIMALS;

    error NotTheBridge(address account);

    constructor(string memory name_, string memory symbol_, uint8 decimals_, address bridge)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
    {
        BRIDGE = bridge;
        _DECIMALS = decimals_;
    }

    modifier onlyBridge() {
        if (msg.sender != BRIDGE) revert NotTheBridge(msg.sender);
        _;
    }

    function mint(address to, uint256 amount) external onlyBridge {
        _mint(to, amount);
    }

    function burn(uint256 amount) external onlyBridge {
        _burn(msg.sender, amount);
    }

    function decimals() public view override returns (uint8) {
        return _DECIMALS;
    }
}
