// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IMemeToken} from "../interfaces/IMemeToken.sol";
import {Signatures} from "../libraries/Signatures.sol";

/// @title The one template of the generator's tokens
/// @dev A token is a copy (ERC-1167) whose parameters stand in its own code: transfers never read them, and nobody can
/// change them.
contract MemeToken is IMemeToken {
    /* CONSTANTS */

    uint8 public constant decimals = 18;
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    bytes32 private constant VERSION = keccak256("1");

    /* IMMUTABLES */

    address public immutable GENERATOR;

    /* STORAGE */

    uint256 public totalSupply;
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address owner => uint256) public nonces;
    /// @dev What had been minted of the rate at `_mintedAt`; it leaks away at `mintLimit` a `mintPeriod`.
    uint208 private _minted;
    uint48 private _mintedAt;

    /* CONSTRUCTOR */

    constructor(address generator) {
        GENERATOR = generator;
    }

    function initialize(address to) external {
        // The time of the creation stays, whatever is burnt.
        if (msg.sender != GENERATOR || _mintedAt != 0) revert AlreadyInitialized();
        _mintedAt = uint48(block.timestamp);
        _mint(to, parameters().initialSupply);
    }

    /* TRANSFERS */

    function transfer(address to, uint256 amount) external returns (bool) {
        _transfer(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, amount);
        _transfer(from, to, amount);
        return true;
    }

    function batchTransfer(address[] calldata recipients, uint256[] calldata amounts) external returns (bool) {
        if (recipients.length != amounts.length) revert LengthsDiffer();
        for (uint256 i; i < recipients.length; ++i) {
            _transfer(msg.sender, recipients[i], amounts[i]);
        }
        return true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        _approve(msg.sender, spender, amount);
        return true;
    }

    /// @notice EIP-2612. The nonce is part of what is signed and used at once: no signature serves twice.
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        if (block.timestamp > deadline) revert Expired(deadline);
        bytes32 structHash = keccak256(abi.encode(PERMIT, owner, spender, value, nonces[owner]++, deadline));
        address signer = Signatures.signerOf(Signatures.digestOf(DOMAIN_SEPARATOR(), structHash), v, r, s);
        if (signer == address(0) || signer != owner) revert InvalidSignature();
        _approve(owner, spender, value);
    }

    /* SUPPLY */

    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    function burnFrom(address owner, uint256 amount) external {
        _spend(owner, amount);
        _burn(owner, amount);
    }

    function mint(address to, uint256 amount) external {
        Parameters memory p = parameters();
        if (msg.sender != p.minter) revert NotMinter(msg.sender);
        if (amount > p.cap - totalSupply) revert CapExceeded(p.cap);
        uint256 used = _used(p);
        if (amount > p.mintLimit - used) revert MintRateExceeded(p.mintLimit - used);
        (_minted, _mintedAt) = (uint208(used + amount), uint48(block.timestamp));
        _mint(to, amount);
    }

    /* VIEWS */

    function name() public view returns (string memory) {
        return parameters().name;
    }

    function symbol() external view returns (string memory) {
        return parameters().symbol;
    }

    function parameters() public view returns (Parameters memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (Parameters));
    }

    function mintable() external view returns (uint256) {
        Parameters memory p = parameters();
        if (p.minter == address(0)) return 0;
        uint256 byRate = p.mintLimit - _used(p);
        uint256 byCap = p.cap - totalSupply;
        return byRate < byCap ? byRate : byCap;
    }

    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return Signatures.domainOf(keccak256(bytes(name())), VERSION);
    }

    /* INTERNAL */

    function _transfer(address from, address to, uint256 amount) private {
        if (to == address(0)) revert InvalidReceiver();
        uint256 held = balanceOf[from];
        if (held < amount) revert InsufficientBalance(held);
        unchecked {
            balanceOf[from] = held - amount;
            balanceOf[to] += amount; // at most the supply
        }
        emit Transfer(from, to, amount);
    }

    function _spend(address owner, uint256 amount) private {
        uint256 allowed = allowance[owner][msg.sender];
        if (allowed == type(uint256).max) return;
        if (allowed < amount) revert InsufficientAllowance(allowed);
        unchecked {
            allowance[owner][msg.sender] = allowed - amount;
        }
    }

    function _approve(address owner, address spender, uint256 amount) private {
        allowance[owner][spender] = amount;
        emit Approval(owner, spender, amount);
    }

    function _mint(address to, uint256 amount) private {
        if (to == address(0)) revert InvalidReceiver();
        totalSupply += amount;
        unchecked {
            balanceOf[to] += amount;
        }
        emit Transfer(address(0), to, amount);
    }

    function _burn(address owner, uint256 amount) private {
        if (!parameters().burnable) revert NotBurnable();
        uint256 held = balanceOf[owner];
        if (held < amount) revert InsufficientBalance(held);
        unchecked {
            balanceOf[owner] = held - amount;
            totalSupply -= amount;
        }
        emit Transfer(owner, address(0), amount);
    }

    /// @dev What is still used of the rate: what has leaked away is floored, so rounding lets nobody mint faster.
    function _used(Parameters memory p) private view returns (uint256) {
        uint256 elapsed = block.timestamp - _mintedAt;
        if (elapsed >= p.mintPeriod) return 0;
        uint256 leaked = p.mintLimit * elapsed / p.mintPeriod;
        return _minted > leaked ? _minted - leaked : 0;
    }
}
