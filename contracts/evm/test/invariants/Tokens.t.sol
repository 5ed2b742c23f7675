// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Test} from "forge-std/Test.sol";
import {ILiquidityPoolManager} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {IMemeToken} from "../../src/interfaces/IMemeToken.sol";
import {ITokenGenerator} from "../../src/interfaces/ITokenGenerator.sol";
import {MemeToken} from "../../src/tokens/MemeToken.sol";
import {TokenGenerator} from "../../src/tokens/TokenGenerator.sol";

/// @dev Four holders and the minter of an elastic, burnable token. `mine` is what each must have by its own calls.
contract TokenHandler is Test {
    MemeToken public immutable TOKEN;
    address private immutable MINTER;
    address[4] public holders = [address(0xA), address(0xB), address(0xC), address(0xD)];
    mapping(address holder => uint256) public mine;
    uint256 public minted;
    uint256 public burnt;

    constructor(MemeToken token, address minter, address first) {
        (TOKEN, MINTER) = (token, minter);
        mine[first] = token.balanceOf(first);
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external {
        (address a, address b) = (holders[from % 4], holders[to % 4]);
        amount = bound(amount, 0, mine[a]);
        vm.prank(a);
        TOKEN.transfer(b, amount);
        mine[a] -= amount;
        mine[b] += amount;
    }

    function transferFrom(uint256 from, uint256 to, uint256 amount) external {
        (address a, address b) = (holders[from % 4], holders[to % 4]);
        amount = bound(amount, 0, mine[a]);
        vm.prank(a);
        TOKEN.approve(address(this), amount);
        TOKEN.transferFrom(a, b, amount);
        mine[a] -= amount;
        mine[b] += amount;
    }

    function batchTransfer(uint256 from, uint256 amount) external {
        address a = holders[from % 4];
        (address[] memory to, uint256[] memory amounts) = (new address[](4), new uint256[](4));
        amount = bound(amount, 0, mine[a] / 4);
        for (uint256 i; i < 4; ++i) {
            (to[i], amounts[i]) = (holders[i], amount);
            mine[a] -= amount;
            mine[holders[i]] += amount;
        }
        vm.prank(a);
        TOKEN.batchTransfer(to, amounts);
    }

    function burn(uint256 from, uint256 amount) external {
        address a = holders[from % 4];
        amount = bound(amount, 0, mine[a]);
        vm.prank(a);
        TOKEN.burn(amount);
        mine[a] -= amount;
        burnt += amount;
    }

    function mint(uint256 to, uint256 amount) external {
        address b = holders[to % 4];
        amount = bound(amount, 0, TOKEN.mintable());
        vm.prank(MINTER);
        TOKEN.mint(b, amount);
        mine[b] += amount;
        minted += amount;
    }

    function warp(uint256 seconds_) external {
        vm.warp(vm.getBlockTimestamp() + bound(seconds_, 1, 20 days));
    }
}

contract TokenInvariants is Test {
    uint256 private constant SUPPLY = 1e27;
    uint256 private constant START = 1_800_000_000;
    MemeToken private token;
    TokenHandler private handler;

    function setUp() public {
        vm.warp(START);
        address[] memory nobody = new address[](0);
        address minter = address(new TimelockController(1 days, nobody, nobody, address(this)));
        IMemeToken.Parameters memory p;
        (p.name, p.symbol, p.initialSupply, p.cap, p.burnable) = ("Elastic", "ELA", SUPPLY, SUPPLY * 11 / 10, true);
        (p.minter, p.mintLimit, p.mintPeriod) = (minter, SUPPLY / 50, 30 days);
        TokenGenerator generator = new TokenGenerator(ILiquidityPoolManager(address(0)));
        token = MemeToken(generator.generate(ITokenGenerator.Creation(0, "snapshot", address(0xA), p)));
        handler = new TokenHandler(token, minter, address(0xA));
        targetContract(address(handler));
    }

    function invariant_the_supply_is_the_sum_of_balances_and_each_is_its_holders_doing() public view {
        uint256 sum;
        for (uint256 i; i < 4; ++i) {
            address holder = handler.holders(i);
            assertEq(token.balanceOf(holder), handler.mine(holder));
            sum += token.balanceOf(holder);
        }
        assertEq(token.totalSupply(), sum);
    }

    function invariant_the_supply_changes_by_what_was_minted_and_burnt_and_stays_under_its_cap() public view {
        assertEq(token.totalSupply(), SUPPLY + handler.minted() - handler.burnt());
        assertLe(token.totalSupply(), SUPPLY * 11 / 10);
    }

    function invariant_no_more_is_minted_than_one_limit_and_the_rate_since_the_creation() public view {
        uint256 elapsed = vm.getBlockTimestamp() - START;
        assertLe(handler.minted(), SUPPLY / 50 + SUPPLY / 50 * elapsed / 30 days);
    }
}
