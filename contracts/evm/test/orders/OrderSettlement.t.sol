// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderSettlement} from "../../src/core/OrderSettlement.sol";
import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {IOrderSettlement as Orders} from "../../src/interfaces/IOrderSettlement.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {PoolBase} from "../pools/PoolBase.sol";

/// @notice A wallet that is a contract: what its one owner signed is signed by it (ERC-1271).
contract ContractWallet {
    address public immutable signer;
    bool public closed;

    constructor(address signer_) {
        signer = signer_;
    }

    function close() external {
        closed = true;
    }

    function allow(address token, address spender) external {
        MockToken(token).approve(spender, type(uint256).max);
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (bytes32 r, bytes32 s, uint8 v) = abi.decode(signature, (bytes32, bytes32, uint8));
        return !closed && ecrecover(digest, v, r, s) == signer ? bytes4(0x1626ba7e) : bytes4(0);
    }
}

/// @dev Newer than the forge-std that is here.
interface TypedData {
    function eip712HashTypedData(string calldata json) external pure returns (bytes32);
}

contract OrderSettlementTest is PoolBase {
    uint256 private constant KEY = 0xA11CE5;
    address private constant RECIPIENT = address(0xCAFE);
    OrderSettlement private settlement;
    address private maker;
    address[] private tokens;
    uint256 private pool;
    uint256 private stable;

    function setUp() public {
        settlement = new OrderSettlement(manager);
        maker = vm.addr(KEY);
        tokens = _tokens(2, 18);
        pool = _weighted(tokens, _numbers(0.5e18, 0.5e18), 0.003e18, 0);
        stable = _stable(tokens, 20_000, 0.0004e18, 20, 0);
        manager.initialize(pool, _numbers(1e24, 1e24), address(this));
        manager.initialize(stable, _numbers(1e24, 1e24), address(this));
        MockToken(tokens[0]).mint(maker, 1e24);
        vm.prank(maker);
        MockToken(tokens[0]).approve(address(settlement), type(uint256).max);
        manager.swapExactIn(pool, 0, 1, 1e20, 0, RECIPIENT, FOREVER);
        manager.swapExactIn(stable, 0, 1, 1e20, 0, RECIPIENT, FOREVER);
        skip(1 days);
    }

    function _order(uint256 parts) private view returns (Orders.Order memory order) {
        order.maker = maker;
        order.recipient = RECIPIENT;
        (order.tokenIn, order.tokenOut) = (tokens[0], tokens[1]);
        order.pool = pool;
        order.maxDeviation = 0.02e18;
        order.salt = 1000;
        order.parts = new Orders.Part[](parts);
        for (uint256 i; i < parts; ++i) {
            order.parts[i] =
                Orders.Part(1e21, 0.9e21, block.timestamp + i * 1 hours, block.timestamp + i * 1 hours + 10 minutes);
        }
    }

    function _terms(Orders.Order memory order) private view returns (Orders.OrderTerms memory terms) {
        bytes32[] memory hashes = new bytes32[](order.parts.length);
        for (uint256 i; i < hashes.length; ++i) {
            hashes[i] = settlement.hashPart(order.parts[i]);
        }
        terms = Orders.OrderTerms(
            order.maker,
            order.recipient,
            order.tokenIn,
            order.tokenOut,
            order.pool,
            order.maxDeviation,
            order.salt,
            order.epoch,
            hashes
        );
    }

    function _signed(Orders.Order memory order) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, settlement.digestOf(settlement.hashOrder(order)));
        return abi.encodePacked(r, s, v);
    }

    function _settle(Orders.Order memory order, uint256 index) private returns (uint256) {
        return settlement.settle(_terms(order), index, order.parts[index], 0, 1, _signed(order));
    }

    function _refused(Orders.Order memory order, uint256 index, bytes4 selector) private {
        _refused(order, _terms(order), index, order.parts[index], _signed(order), selector);
    }

    function _refused(
        Orders.Order memory,
        Orders.OrderTerms memory terms,
        uint256 index,
        Orders.Part memory part,
        bytes memory signature,
        bytes4 selector
    ) private {
        vm.expectPartialRevert(selector);
        settlement.settle(terms, index, part, 0, 1, signature);
    }

    function test_aLimitOrderIsSettledByAnyoneAndOnce() public {
        Orders.Order memory order = _order(1);
        uint256 before = MockToken(tokens[1]).balanceOf(RECIPIENT);
        vm.prank(address(0xD00D));
        uint256 out = _settle(order, 0);
        assertGe(out, 0.9e21);
        assertEq(MockToken(tokens[1]).balanceOf(RECIPIENT) - before, out, "all of it is the recipient's");
        assertEq(MockToken(tokens[0]).balanceOf(maker), 1e24 - 1e21);
        assertTrue(settlement.isSpent(maker, 1000));
        _refused(order, 0, Orders.SaltSpent.selector);
    }

    function test_partsAreSettledEachInItsWindowAndOnce() public {
        Orders.Order memory order = _order(3);
        _settle(order, 0);
        _refused(order, 1, Orders.TooEarly.selector);
        skip(1 hours);
        _settle(order, 1);
        _refused(order, 1, Orders.SaltSpent.selector);
        skip(1 hours + 10 minutes + 1);
        _refused(order, 2, Orders.Expired.selector);
        assertEq(MockToken(tokens[0]).balanceOf(maker), 1e24 - 2e21, "a part that was missed is not made up for");
    }

    function test_partsOfOneOrderMayLieInTwoWords() public {
        Orders.Order memory order = _order(2);
        order.salt = 255;
        _settle(order, 0);
        skip(1 hours);
        _settle(order, 1);
        assertTrue(settlement.isSpent(maker, 255) && settlement.isSpent(maker, 256));
        assertFalse(settlement.isSpent(maker, 254) || settlement.isSpent(maker, 257));
    }

    function test_whatWasNotSignedIsRefused() public {
        Orders.Order memory order = _order(2);
        bytes memory signature = _signed(order);
        Orders.Part memory part = order.parts[0];
        Orders.OrderTerms memory terms = _terms(order);
        terms.recipient = address(0xBAD);
        _refused(order, terms, 0, part, signature, Orders.InvalidSignature.selector);
        terms = _terms(order);
        terms.maxDeviation = 1e18;
        _refused(order, terms, 0, part, signature, Orders.InvalidSignature.selector);
        terms = _terms(order);
        terms.salt = 1001;
        _refused(order, terms, 0, part, signature, Orders.InvalidSignature.selector);
        terms = _terms(order);
        terms.pool = stable;
        _refused(order, terms, 0, part, signature, Orders.InvalidSignature.selector);
        terms = _terms(order);
        part.minAmountOut = 0;
        _refused(order, terms, 0, part, signature, Orders.WrongPart.selector);
        terms.partHashes[0] = settlement.hashPart(part);
        _refused(order, terms, 0, part, signature, Orders.InvalidSignature.selector);
        part.minAmountOut = 0.9e21;
        _refused(order, _terms(order), 2, part, signature, Orders.WrongPart.selector);
        terms = _terms(order);
        terms.maker = address(0);
        _refused(order, terms, 0, order.parts[0], new bytes(65), Orders.InvalidSignature.selector);
        vm.chainId(2);
        _refused(order, _terms(order), 0, order.parts[0], signature, Orders.InvalidSignature.selector);
    }

    function test_theMakerCancelsBySaltAndByEpoch() public {
        Orders.Order memory order = _order(2);
        vm.prank(maker);
        settlement.cancelSalts(1000 >> 8, 1 << (1000 & 255));
        _refused(order, 0, Orders.SaltSpent.selector);
        skip(1 hours);
        uint256 state = vm.snapshotState();
        _settle(order, 1); // the other part stands
        vm.revertToState(state);
        settlement.cancelSalts(1001 >> 8, type(uint256).max); // of another maker
        vm.prank(maker);
        settlement.advanceEpoch();
        _refused(order, 1, Orders.WrongEpoch.selector);
        order.epoch = 1;
        _settle(order, 1);
    }

    function test_thePriceIsBoundByTheAverageAndNotByThisBlock() public {
        Orders.Order memory order = _order(1);
        order.parts[0].minAmountOut = 1;
        manager.swapExactIn(pool, 0, 1, 5e22, 0, address(this), FOREVER); // somebody before us in the block
        _refused(order, 0, Orders.PriceOutOfBounds.selector);
        order.maxDeviation = 0.2e18;
        _settle(order, 0);
        order = _order(1);
        (order.salt, order.maxDeviation, order.parts[0].minAmountOut) = (1, 1e18, 1e21);
        _refused(order, 0, Pools.InsufficientOutput.selector);
    }

    function test_tokensAreThoseThatWereSigned() public {
        Orders.Order memory order = _order(1);
        (order.tokenIn, order.tokenOut) = (tokens[1], tokens[0]);
        _refused(order, 0, Orders.WrongToken.selector);
        order = _order(1);
        order.tokenOut = address(0xBAD);
        _refused(order, 0, Orders.WrongToken.selector);
        order = _order(1);
        order.recipient = address(0);
        _refused(order, 0, Orders.InvalidRecipient.selector);
    }

    function test_nobodyButTheManagerAsksForPayment() public {
        vm.expectRevert(Orders.NotManager.selector);
        settlement.paySwap(tokens[0], 1, abi.encode(maker, tokens[0]));
        Pools.Hop[] memory path = new Pools.Hop[](1);
        path[0] = Pools.Hop(pool, 0, 1);
        vm.expectRevert(); // the manager calls back who swaps, which is this test, and it pays nothing
        manager.swapPath(path, 1, 0, Pools.Payment.Callback, false, address(this), FOREVER, abi.encode(maker, tokens[0]));
    }

    function test_aContractWalletSigns() public {
        ContractWallet wallet = new ContractWallet(maker);
        MockToken(tokens[0]).mint(address(wallet), 1e21);
        wallet.allow(tokens[0], address(settlement));
        Orders.Order memory order = _order(1);
        order.maker = address(wallet);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, settlement.digestOf(settlement.hashOrder(order)));
        bytes memory signature = abi.encode(r, s, v);
        uint256 state = vm.snapshotState();
        settlement.settle(_terms(order), 0, order.parts[0], 0, 1, signature);
        vm.revertToState(state);
        wallet.close();
        _refused(order, _terms(order), 0, order.parts[0], signature, Orders.InvalidSignature.selector);
    }

    function test_theTypeIsThatOfTheStandard() public view {
        Orders.Order memory order = _order(2);
        bytes32 parts = keccak256(
            abi.encodePacked(settlement.hashPart(order.parts[0]), settlement.hashPart(order.parts[1]))
        );
        bytes32 expected = keccak256(
            abi.encode(
                settlement.ORDER_TYPEHASH(),
                order.maker,
                order.recipient,
                order.tokenIn,
                order.tokenOut,
                order.pool,
                order.maxDeviation,
                order.salt,
                order.epoch,
                parts
            )
        );
        assertEq(settlement.hashOrder(order), expected);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Fluxdesk OrderSettlement"),
                keccak256("1"),
                block.chainid,
                address(settlement)
            )
        );
        assertEq(settlement.digestOf(expected), keccak256(abi.encodePacked(hex"1901", domain, expected)));
    }

    function test_aWalletSignsTheSameDigest() public view {
        Orders.Order memory order = _order(2);
        string memory parts = string.concat(_json(order.parts[0]), ",", _json(order.parts[1]));
        string memory message = string.concat(
            _field("maker", order.maker),
            _field("recipient", order.recipient),
            _field("tokenIn", order.tokenIn),
            _field("tokenOut", order.tokenOut),
            _field("pool", order.pool),
            _field("maxDeviation", order.maxDeviation),
            _field("salt", order.salt),
            _field("epoch", order.epoch),
            '"parts":[',
            parts,
            "]"
        );
        string memory domain = string.concat(
            '"name":"Fluxdesk OrderSettlement","version":"1",',
            _field("chainId", block.chainid),
            '"verifyingContract":"',
            vm.toString(address(settlement)),
            '"'
        );
        bytes32 digest = TypedData(address(vm)).eip712HashTypedData(
            string.concat(TYPES, '"domain":{', domain, '},"message":{', message, "}}")
        );
        assertEq(settlement.digestOf(settlement.hashOrder(order)), digest);
    }

    string private constant TYPES = '{"primaryType":"Order","types":{"EIP712Domain":['
        '{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},'
        '{"name":"verifyingContract","type":"address"}],"Order":[{"name":"maker","type":"address"},'
        '{"name":"recipient","type":"address"},{"name":"tokenIn","type":"address"},{"name":"tokenOut","type":"address"},'
        '{"name":"pool","type":"uint256"},{"name":"maxDeviation","type":"uint256"},{"name":"salt","type":"uint256"},'
        '{"name":"epoch","type":"uint256"},{"name":"parts","type":"Part[]"}],"Part":[{"name":"amountIn","type":"uint256"},'
        '{"name":"minAmountOut","type":"uint256"},{"name":"validFrom","type":"uint256"},{"name":"deadline","type":"uint256"}'
        "]},";

    function _json(Orders.Part memory part) private pure returns (string memory) {
        return string.concat(
            "{",
            _field("amountIn", part.amountIn),
            _field("minAmountOut", part.minAmountOut),
            _field("validFrom", part.validFrom),
            '"deadline":"',
            vm.toString(part.deadline),
            '"}'
        );
    }

    function _field(string memory name, uint256 value) private pure returns (string memory) {
        return string.concat('"', name, '":"', vm.toString(value), '",');
    }

    function _field(string memory name, address value) private pure returns (string memory) {
        return string.concat('"', name, '":"', vm.toString(value), '",');
    }

    /* GAS: each pair in one run, whole transactions (forge test --isolate) */

    function test_gasOfASettlementOverItsSwap() public {
        for (uint256 i; i < 2; ++i) {
            uint256 target = i == 0 ? pool : stable;
            Orders.Order memory order = _order(1);
            (order.pool, order.salt) = (target, 10 + i);
            _settle(order, 0); // the maker's word of salts is in use
            skip(60);
            order = _order(1);
            (order.pool, order.salt) = (target, 20 + i);
            Orders.OrderTerms memory terms = _terms(order);
            bytes memory signature = _signed(order);
            uint256 state = vm.snapshotState();
            manager.swapExactIn(target, 0, 1, 1e21, 1, RECIPIENT, FOREVER);
            uint256 swap = vm.lastCallGas().gasTotalUsed;
            vm.revertToState(state);
            settlement.settle(terms, 0, order.parts[0], 0, 1, signature);
            uint256 all = vm.lastCallGas().gasTotalUsed;
            emit log_named_uint(i == 0 ? "weighted swap" : "stable swap", swap);
            emit log_named_uint("settled", all);
            emit log_named_uint("over the swap", all - swap);
        }
    }
}
