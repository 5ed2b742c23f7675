// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Tokens as the chain has them, for tests: the standard one and its odd kin
/// @notice Balances live in one place so that each oddity is one override.
contract MockToken {
    string public name = "Mock";
    string public symbol = "MOCK";
    uint8 public immutable decimals;
    uint256 public totalSupply;
    mapping(address holder => uint256) internal _held;
    mapping(address holder => mapping(address spender => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Approval(address indexed holder, address indexed spender, uint256 amount);

    error NotEnough();
    error ToNobody();

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function balanceOf(address holder) public view virtual returns (uint256) {
        return _held[holder];
    }

    function mint(address to, uint256 amount) public virtual {
        totalSupply += amount;
        _held[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function approve(address spender, uint256 amount) external virtual returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external virtual returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external virtual returns (bool) {
        _spend(from, amount);
        _move(from, to, amount);
        return true;
    }

    function _spend(address from, uint256 amount) internal {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed == type(uint256).max) return;
        if (allowed < amount) revert NotEnough();
        allowance[from][msg.sender] = allowed - amount;
    }

    function _move(address from, address to, uint256 amount) internal virtual {
        if (to == address(0)) revert ToNobody();
        if (_held[from] < amount) revert NotEnough();
        unchecked {
            _held[from] -= amount;
            _held[to] += amount;
        }
        emit Transfer(from, to, amount);
    }
}

/// @notice Keeps a hundredth of each transfer, or what `setFee` says in hundredths of a percent.
contract FeeToken is MockToken {
    uint256 public fee = 100;

    constructor(uint8 decimals_) MockToken(decimals_) {}

    function setFee(uint256 fee_) external {
        fee = fee_;
    }

    function _move(address from, address to, uint256 amount) internal override {
        super._move(from, to, amount);
        uint256 kept = amount * fee / 10_000;
        _held[to] -= kept;
        totalSupply -= kept;
        emit Transfer(to, address(0), kept);
    }
}

/// @notice Every balance is shares times a factor that anyone may change. `rebase(0.5e18)` halves what all hold.
contract RebasingToken is MockToken {
    uint256 public factor = 1e18;

    constructor(uint8 decimals_) MockToken(decimals_) {}

    function rebase(uint256 by) external {
        factor = factor * by / 1e18;
    }

    function balanceOf(address holder) public view override returns (uint256) {
        return _held[holder] * factor / 1e18;
    }

    function mint(address to, uint256 amount) public override {
        super.mint(to, amount * 1e18 / factor);
    }

    function _move(address from, address to, uint256 amount) internal override {
        super._move(from, to, (amount * 1e18 + factor - 1) / factor);
    }
}

/// @notice Returns nothing from transfer, transferFrom and approve, as USDT does.
contract NoReturnToken is MockToken {
    constructor(uint8 decimals_) MockToken(decimals_) {}

    function transfer(address to, uint256 amount) external override returns (bool) {
        _move(msg.sender, to, amount);
        _nothing();
    }

    function transferFrom(address from, address to, uint256 amount) external override returns (bool) {
        _spend(from, amount);
        _move(from, to, amount);
        _nothing();
    }

    function approve(address spender, uint256 amount) external override returns (bool) {
        allowance[msg.sender][spender] = amount;
        _nothing();
    }

    function _nothing() private pure {
        assembly {
            return(0, 0)
        }
    }
}

/// @notice Says false instead of reverting when `refusing`, and moves nothing then.
contract FalseToken is MockToken {
    bool public refusing;

    constructor(uint8 decimals_) MockToken(decimals_) {}

    function setRefusing(bool on) external {
        refusing = on;
    }

    function transfer(address to, uint256 amount) external override returns (bool) {
        if (refusing) return false;
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external override returns (bool) {
        if (refusing) return false;
        _spend(from, amount);
        _move(from, to, amount);
        return true;
    }
}

/// @notice Reverts on every move while `refusing`, or on one to `blocked` alone (as tokens with block lists do).
contract RevertingToken is MockToken {
    bool public refusing;
    mapping(address holder => bool) public blocked;

    error Refused();

    constructor(uint8 decimals_) MockToken(decimals_) {}

    function setRefusing(bool on) external {
        refusing = on;
    }

    function setBlocked(address holder, bool on) external {
        blocked[holder] = on;
    }

    function _move(address from, address to, uint256 amount) internal override {
        if (refusing || blocked[to] || blocked[from]) revert Refused();
        super._move(from, to, amount);
    }
}

/// @notice Calls what `program` says in the midst of a transfer, once a programme, and keeps what came of it: a
/// re-entering token. The call is made after the books changed, as the hooks of ERC-777 are.
contract CallbackToken is MockToken {
    address public target;
    bytes public data;
    bool public armed;
    bool public called;
    bool public ok;
    bytes public said;

    constructor(uint8 decimals_) MockToken(decimals_) {}

    /// @notice The next transfer calls `target_` with `data_`.
    function program(address target_, bytes calldata data_) external {
        (target, data, armed, called, ok) = (target_, data_, true, false, false);
        delete said;
    }

    function disarm() external {
        armed = false;
    }

    function _move(address from, address to, uint256 amount) internal override {
        super._move(from, to, amount);
        if (!armed) return;
        armed = false; // before the call: what it re-enters may move this token, too
        called = true;
        (ok, said) = target.call(data);
    }

    /// @notice The first four bytes of what the called contract said: the selector of its error.
    function errorSaid() external view returns (bytes4) {
        return bytes4(said);
    }
}
