// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MockToken} from "../mocks/OddTokens.sol";
import {Bridges} from "./Bridges.sol";
import {RouterStandIn} from "./StandIns.sol";
import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";

/// @notice Whole transactions: run with `--isolate`. The router's own work is left out, so it comes on top on a chain: about 190,000
/// gas a message by CCIP's own snapshots.
contract CrossChainGas is Bridges {
    function setUp() public {
        build(new MockToken(18), 18, 18);
        carry(HOME, send(HOME, NEAR, bob, 100e18));
        carry(HOME, send(HOME, NEAR, alice, 100e18));
        send(HOME, NEAR, bob, 1e18);
        send(NEAR, HOME, bob, 1e18);
        carry(NEAR, 0);
        send(NEAR, HOME, bob, 1e18);
        pass(60);
    }

    function message(uint64 from, uint256 place) private view returns (Client.Any2EVMMessage memory) {
        RouterStandIn.Outgoing memory m = routers[from].outgoing(place);
        return Client.Any2EVMMessage(m.id, from, abi.encode(m.sender), m.data, new Client.EVMTokenAmount[](0));
    }

    function test_gas_receive() public {
        Client.Any2EVMMessage memory mint = message(HOME, 2);
        vm.prank(address(routers[NEAR]));
        bridges[NEAR].ccipReceive(mint);
        vm.snapshotGasLastCall("CrossChainGas", "receive and mint");
        Client.Any2EVMMessage memory release = message(NEAR, 1);
        vm.prank(address(routers[HOME]));
        bridges[HOME].ccipReceive(release);
        vm.snapshotGasLastCall("CrossChainGas", "receive and release");
    }

    function test_gas_send() public {
        bytes memory sending = abi.encodeWithSelector(routers[HOME].ccipSend.selector);
        vm.mockCall(address(routers[HOME]), sending, abi.encode(bytes32(uint256(1))));
        vm.mockCall(address(routers[NEAR]), sending, abi.encode(bytes32(uint256(1))));
        vm.prank(alice);
        bridges[HOME].send(NEAR, bob, 1e18, address(0), 0, now_);
        vm.snapshotGasLastCall("CrossChainGas", "lock and send");
        vm.prank(alice);
        bridges[NEAR].send(HOME, bob, 1e18, address(0), 0, now_);
        vm.snapshotGasLastCall("CrossChainGas", "burn and send");
    }
}
