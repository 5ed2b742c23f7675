// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Test} from "forge-std/Test.sol";
import {ILiquidityPoolManager} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {IMemeToken} from "../../src/interfaces/IMemeToken.sol";
import {ITokenGenerator} from "../../src/interfaces/ITokenGenerator.sol";
import {MemeToken} from "../../src/tokens/MemeToken.sol";
import {TokenGenerator} from "../../src/tokens/TokenGenerator.sol";

contract MemeTokensTest is Test {
    uint256 private constant SUPPLY = 1e27;
    address private constant HOLDER = address(0x401D);
    address private constant OTHER = address(0x0432);
    bytes32 private constant SNAPSHOT = keccak256("what the analytics saw");

    TokenGenerator private generator;
    TimelockController private timelock;
    MemeToken private token;

    function setUp() public {
        vm.warp(1_800_000_000);
        generator = new TokenGenerator(ILiquidityPoolManager(address(0)));
        address[] memory nobody = new address[](1);
        timelock = new TimelockController(1 days, nobody, nobody, address(this));
        token = _make(_standard());
    }

    /* STANDARD */

    function test_a_token_is_what_its_parameters_say_and_all_of_it_is_the_recipients() public view {
        assertEq(token.name(), "Fans of Fans");
        assertEq(token.symbol(), "FANS");
        assertEq(token.decimals(), 18);
        assertEq(token.totalSupply(), SUPPLY);
        assertEq(token.balanceOf(HOLDER), SUPPLY);
        assertEq(token.balanceOf(address(generator)), 0);
    }

    function test_parameters_and_snapshot_are_in_the_event_and_the_address_is_known_before() public {
        ITokenGenerator.Creation memory c = _creation(_standard());
        c.salt = bytes32(uint256(9));
        address expected = generator.tokenOf(address(this), c);
        vm.expectEmit();
        emit ITokenGenerator.TokenGenerated(expected, address(this), SNAPSHOT, HOLDER, c.token);
        assertEq(generator.generate(c), expected);
        vm.expectRevert(ITokenGenerator.SaltUsed.selector);
        generator.generate(c);
    }

    function testFuzz_a_transfer_moves_the_whole_amount_to_the_recipient_and_nobody_else(uint256 amount) public {
        amount = bound(amount, 0, SUPPLY);
        vm.prank(HOLDER);
        token.transfer(OTHER, amount);
        assertEq(token.balanceOf(OTHER), amount); // no tax
        assertEq(token.balanceOf(HOLDER), SUPPLY - amount);
        assertEq(token.totalSupply(), SUPPLY);
    }

    function test_more_than_one_has_or_was_allowed_and_nobody_as_receiver_are_refused() public {
        vm.startPrank(OTHER);
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.InsufficientBalance.selector, 0));
        token.transfer(HOLDER, 1);
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.InsufficientAllowance.selector, 0));
        token.transferFrom(HOLDER, OTHER, 1);
        vm.stopPrank();
        vm.startPrank(HOLDER);
        vm.expectRevert(IMemeToken.InvalidReceiver.selector);
        token.transfer(address(0), 1);
        token.approve(OTHER, 10);
        vm.stopPrank();
        vm.startPrank(OTHER);
        token.transferFrom(HOLDER, OTHER, 4);
        assertEq(token.allowance(HOLDER, OTHER), 6);
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.InsufficientAllowance.selector, 6));
        token.transferFrom(HOLDER, OTHER, 7);
    }

    function testFuzz_a_transfer_to_oneself_changes_nothing(uint256 amount) public {
        amount = bound(amount, 0, SUPPLY);
        vm.prank(HOLDER);
        token.transfer(HOLDER, amount);
        assertEq(token.balanceOf(HOLDER), SUPPLY);
    }

    function test_a_batch_transfer_pays_each_or_nobody() public {
        (address[] memory to, uint256[] memory amounts) = (new address[](3), new uint256[](3));
        for (uint256 i; i < 3; ++i) {
            (to[i], amounts[i]) = (address(uint160(i + 1)), SUPPLY / 3);
        }
        vm.startPrank(HOLDER);
        token.batchTransfer(to, amounts);
        assertEq(token.balanceOf(address(3)), SUPPLY / 3);
        vm.expectRevert(IMemeToken.LengthsDiffer.selector);
        token.batchTransfer(to, new uint256[](2));
        vm.expectRevert();
        token.batchTransfer(to, amounts);
        assertEq(token.balanceOf(HOLDER), SUPPLY - 3 * (SUPPLY / 3));
    }

    function test_a_permit_serves_once_in_time_on_this_chain_and_of_the_owner_alone() public {
        (address owner, uint256 key) = makeAddrAndKey("owner");
        uint256 deadline = vm.getBlockTimestamp() + 100;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _permit(owner, 5, 0, deadline));
        vm.expectRevert(IMemeToken.InvalidSignature.selector);
        token.permit(owner, OTHER, 6, deadline, v, r, s);
        vm.expectRevert(IMemeToken.InvalidSignature.selector);
        token.permit(address(0), OTHER, 5, deadline, 27, 0, 0);
        vm.chainId(77);
        vm.expectRevert(IMemeToken.InvalidSignature.selector);
        token.permit(owner, OTHER, 5, deadline, v, r, s);
        vm.chainId(31_337);
        token.permit(owner, OTHER, 5, deadline, v, r, s);
        assertEq(token.allowance(owner, OTHER), 5);
        vm.expectRevert(IMemeToken.InvalidSignature.selector);
        token.permit(owner, OTHER, 5, deadline, v, r, s);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.Expired.selector, deadline));
        token.permit(owner, OTHER, 5, deadline, v, r, s);
    }

    /* WHO MAY DO WHAT */

    /// @dev Every function of the template, from its artifact. None takes from a holder what was not allowed, none stops
    /// a transfer, none changes a parameter. What the last two lines let be done is tested below.
    function test_there_is_no_call_by_which_anybody_has_power_over_a_token() public view {
        string memory out = vm.envOr("FOUNDRY_OUT", string("out"));
        string memory artifact = vm.readFile(string.concat(vm.projectRoot(), "/", out, "/MemeToken.sol/MemeToken.json"));
        string[] memory names = vm.parseJsonKeys(artifact, ".methodIdentifiers");
        string memory known = string.concat(
            "|DOMAIN_SEPARATOR()|GENERATOR()|allowance(address,address)|balanceOf(address)|decimals()|mintable()|name()",
            "|nonces(address)|parameters()|symbol()|totalSupply()", // views
            "|approve(address,uint256)|batchTransfer(address[],uint256[])|burn(uint256)|transfer(address,uint256)", // the caller's
            "|burnFrom(address,uint256)|transferFrom(address,address,uint256)", // what was allowed
            "|permit(address,address,uint256,uint256,uint8,bytes32,bytes32)", // what was signed
            "|initialize(address)", // the generator, once
            "|mint(address,uint256)|" // the minter
        );
        assertEq(names.length, 20);
        for (uint256 i; i < names.length; ++i) {
            assertTrue(vm.indexOf(known, string.concat("|", names[i], "|")) != type(uint256).max, names[i]);
        }
    }

    function test_generator_creator_and_strangers_have_no_power_over_a_token() public {
        address[3] memory callers = [address(generator), address(this), OTHER];
        bytes[] memory calls = new bytes[](6);
        calls[0] = abi.encodeCall(token.initialize, (OTHER));
        calls[1] = abi.encodeCall(token.mint, (OTHER, 1));
        calls[2] = abi.encodeCall(token.burn, (1));
        calls[3] = abi.encodeCall(token.burnFrom, (HOLDER, 1));
        calls[4] = abi.encodeCall(token.transferFrom, (HOLDER, OTHER, 1));
        calls[5] = abi.encodeCall(token.transfer, (OTHER, 1));
        for (uint256 i; i < 3; ++i) {
            for (uint256 k; k < calls.length; ++k) {
                vm.prank(callers[i]);
                (bool ok,) = address(token).call(calls[k]);
                assertFalse(ok);
            }
        }
        assertEq(token.balanceOf(HOLDER), SUPPLY);
        assertEq(token.totalSupply(), SUPPLY);
        vm.prank(address(0)); // the minter that it has not
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.CapExceeded.selector, SUPPLY));
        token.mint(OTHER, 1);
    }

    function test_the_template_itself_is_nobodys_token() public {
        MemeToken template = MemeToken(generator.TEMPLATE());
        vm.expectRevert(IMemeToken.AlreadyInitialized.selector);
        template.initialize(address(this));
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.InsufficientBalance.selector, 0));
        template.transfer(OTHER, 1);
    }

    /* BURNABLE, CAPPED, ELASTIC */

    function test_a_burnable_token_is_burnt_by_its_holders_and_others_not_at_all() public {
        vm.prank(HOLDER);
        vm.expectRevert(IMemeToken.NotBurnable.selector);
        token.burn(1);
        IMemeToken.Parameters memory p = _standard();
        p.burnable = true;
        token = _make(p);
        vm.startPrank(HOLDER);
        token.burn(10);
        token.approve(OTHER, 5);
        vm.stopPrank();
        vm.startPrank(OTHER);
        token.burnFrom(HOLDER, 5);
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.InsufficientAllowance.selector, 0));
        token.burnFrom(HOLDER, 1);
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.InsufficientBalance.selector, 0));
        token.burn(1);
        assertEq(token.totalSupply(), SUPPLY - 15);
    }

    function test_a_timelock_mints_after_its_delay_at_the_rate_and_up_to_the_cap() public {
        token = _make(_elastic());
        bytes32 role = timelock.PROPOSER_ROLE();
        timelock.grantRole(role, address(this));
        bytes memory call = abi.encodeCall(token.mint, (OTHER, SUPPLY / 100));
        timelock.schedule(address(token), 0, call, 0, 0, 1 days);
        vm.expectRevert();
        timelock.execute(address(token), 0, call, 0, 0);
        vm.warp(vm.getBlockTimestamp() + 1 days);
        timelock.execute(address(token), 0, call, 0, 0);
        assertEq(token.balanceOf(OTHER), SUPPLY / 100);
        vm.startPrank(address(timelock));
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.MintRateExceeded.selector, 0));
        token.mint(OTHER, 1);
        vm.warp(vm.getBlockTimestamp() + 15 days); // half of the period
        assertEq(token.mintable(), SUPPLY / 200);
        token.mint(OTHER, SUPPLY / 200);
        vm.warp(vm.getBlockTimestamp() + 900 days);
        assertEq(token.mintable(), SUPPLY / 200); // the cap is nearer than the rate
        vm.expectRevert(abi.encodeWithSelector(IMemeToken.CapExceeded.selector, SUPPLY + SUPPLY / 50));
        token.mint(OTHER, SUPPLY / 200 + 1);
        token.mint(OTHER, SUPPLY / 200);
        assertEq(token.totalSupply(), SUPPLY + SUPPLY / 50);
    }

    function testFuzz_no_more_is_minted_in_a_time_than_one_limit_and_the_rate_of_that_time(uint256 seed) public {
        token = _make(_elastic());
        uint256 start = vm.getBlockTimestamp();
        uint256 minted;
        vm.startPrank(address(timelock));
        for (uint256 i; i < 20; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(vm.getBlockTimestamp() + seed % 3 days);
            uint256 amount = bound(seed >> 64, 0, token.mintable());
            if (i % 3 == 0) amount = token.mintable();
            token.mint(OTHER, amount);
            minted += amount;
            uint256 elapsed = vm.getBlockTimestamp() - start;
            assertLe(minted, SUPPLY / 100 + SUPPLY / 100 * elapsed / 30 days);
        }
    }

    function test_a_minter_that_is_no_timelock_and_parameters_that_deceive_are_refused() public {
        IMemeToken.Parameters memory p;
        p = _elastic();
        p.minter = OTHER;
        vm.expectRevert(abi.encodeWithSelector(ITokenGenerator.NotATimelock.selector, OTHER));
        _make(p);
        address[] memory nobody = new address[](0);
        p.minter = address(new TimelockController(1 days - 1, nobody, nobody, address(this)));
        vm.expectRevert(abi.encodeWithSelector(ITokenGenerator.NotATimelock.selector, p.minter));
        _make(p);
        for (uint256 i; i < 11; ++i) {
            p = i < 4 ? _elastic() : _standard();
            if (i == 0) p.mintLimit = 0;
            if (i == 1) p.mintLimit = SUPPLY / 10 + 1;
            if (i == 2) p.mintPeriod = 1 days - 1;
            if (i == 3) p.cap = SUPPLY - 1;
            if (i == 4) p.cap = SUPPLY + 1; // of a token that nobody mints
            if (i == 5) p.mintLimit = 1;
            if (i == 6) p.initialSupply = 0;
            if (i == 7) p.name = "";
            if (i == 8) p.symbol = "";
            if (i == 9) p.name = "a name of more than sixty-four bytes, which no screen would show whole";
            if (i == 10) (p.initialSupply, p.cap) = (uint256(1) << 128, uint256(1) << 128);
            vm.expectRevert(ITokenGenerator.InvalidParameters.selector);
            _make(p);
        }
    }

    /* BATCHES */

    function test_a_batch_makes_what_can_be_made_and_reports_the_rest() public {
        ITokenGenerator.Creation[] memory batch = new ITokenGenerator.Creation[](4);
        for (uint256 i; i < 4; ++i) {
            batch[i] = _creation(_standard());
            batch[i].salt = bytes32(i + 100);
        }
        batch[1].token.initialSupply = 0;
        batch[2].salt = batch[0].salt; // taken by then
        ITokenGenerator.Outcome[] memory outcomes = generator.generateBatch(batch);
        assertEq(MemeToken(outcomes[0].token).balanceOf(HOLDER), SUPPLY);
        assertEq(outcomes[1].token, address(0));
        assertEq(bytes4(outcomes[1].failure), ITokenGenerator.InvalidParameters.selector);
        assertEq(outcomes[2].token, address(0));
        assertEq(bytes4(outcomes[2].failure), ITokenGenerator.SaltUsed.selector);
        assertEq(MemeToken(outcomes[3].token).balanceOf(HOLDER), SUPPLY);
        assertEq(outcomes[3].failure.length, 0);
        vm.expectRevert(ITokenGenerator.NotSelf.selector);
        generator.generateFor(OTHER, batch[3]);
    }

    /* HELPERS */

    function _standard() private pure returns (IMemeToken.Parameters memory p) {
        (p.name, p.symbol, p.initialSupply, p.cap) = ("Fans of Fans", "FANS", SUPPLY, SUPPLY);
    }

    function _elastic() private view returns (IMemeToken.Parameters memory p) {
        p = _standard();
        p.cap = SUPPLY + SUPPLY / 50;
        (p.minter, p.mintLimit, p.mintPeriod) = (address(timelock), SUPPLY / 100, 30 days);
    }

    function _creation(IMemeToken.Parameters memory p) private pure returns (ITokenGenerator.Creation memory) {
        return ITokenGenerator.Creation(bytes32(0), SNAPSHOT, HOLDER, p);
    }

    function _make(IMemeToken.Parameters memory p) private returns (MemeToken) {
        return MemeToken(generator.generate(_creation(p)));
    }

    function _permit(address owner, uint256 value, uint256 nonce, uint256 deadline) private view returns (bytes32) {
        bytes32 inner = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                OTHER,
                value,
                nonce,
                deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), inner));
    }
}
