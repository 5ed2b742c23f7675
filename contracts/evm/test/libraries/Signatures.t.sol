// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Signatures} from "../../src/libraries/Signatures.sol";
import {MockWallet1271} from "../mocks/Wallets.sol";

contract Signed {
    function domain() external view returns (bytes32) {
        return Signatures.domainOf(keccak256("Test"), keccak256("1"));
    }

    function signerOf(bytes32 digest, bytes calldata signature) external view returns (address) {
        return Signatures.signerOf(digest, signature);
    }

    function isSignedBy(address signer, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return Signatures.isSignedBy(signer, digest, signature);
    }

    function signerAt(bytes32 digest, bytes calldata signatures, uint256 offset) external view returns (address) {
        return Signatures.signerAt(digest, signatures, offset);
    }

    function digestOf(bytes32 domain_, bytes32 structHash) external pure returns (bytes32) {
        return Signatures.digestOf(domain_, structHash);
    }
}

contract SignaturesTest is Test {
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    Signed private signed = new Signed();
    bytes32 private constant DIGEST = keccak256("what is signed");

    function test_the_mail_of_EIP_712_has_its_published_digest() public view {
        bytes32 domain = keccak256(
            abi.encode(
                Signatures.DOMAIN_TYPEHASH,
                keccak256("Ether Mail"),
                keccak256("1"),
                uint256(1),
                0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC
            )
        );
        bytes32 person = keccak256("Person(string name,address wallet)");
        bytes32 mail = keccak256("Mail(Person from,Person to,string contents)Person(string name,address wallet)");
        bytes32 from = keccak256(abi.encode(person, keccak256("Cow"), 0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826));
        bytes32 to = keccak256(abi.encode(person, keccak256("Bob"), 0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB));
        bytes32 contents = keccak256(abi.encode(mail, from, to, keccak256("Hello, Bob!")));
        assertEq(
            signed.digestOf(domain, contents), 0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2
        );
    }

    function test_a_fork_changes_the_domain_at_once() public {
        bytes32 before = signed.domain();
        vm.chainId(block.chainid + 1);
        assertNotEq(signed.domain(), before);
    }

    function testFuzz_a_key_signs_in_both_forms(uint256 key, bytes32 digest) public view {
        key = bound(key, 1, ORDER - 1);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        bytes32 vs = bytes32(uint256(s) | (uint256(v - 27) << 255));
        assertEq(signed.signerOf(digest, abi.encodePacked(r, s, v)), vm.addr(key));
        assertEq(signed.signerOf(digest, abi.encodePacked(r, vs)), vm.addr(key));
        assertTrue(signed.isSignedBy(vm.addr(key), digest, abi.encodePacked(r, vs)));
        assertFalse(signed.isSignedBy(vm.addr(key), ~digest, abi.encodePacked(r, vs)));
    }

    function testFuzz_a_signature_amid_others_is_read_as_one_alone(bytes32 r, bytes32 vs, bytes32 digest, uint8 before)
        public
        view
    {
        bytes memory one = abi.encodePacked(r, vs);
        bytes memory amid = bytes.concat(new bytes(before), one, hex"ff");
        assertEq(signed.signerAt(digest, amid, before), signed.signerOf(digest, one));
        (uint8 v, bytes32 r1, bytes32 s1) = vm.sign(uint256(before) + 1, digest);
        amid = bytes.concat(new bytes(before), r1, bytes32(uint256(s1) | (uint256(v - 27) << 255)));
        assertEq(signed.signerAt(digest, amid, before), vm.addr(uint256(before) + 1));
    }

    function testFuzz_the_second_signature_with_a_high_s_is_of_nobody(uint256 key) public view {
        key = bound(key, 1, ORDER - 1);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, DIGEST);
        bytes memory second = abi.encodePacked(r, bytes32(ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        assertEq(ecrecover(DIGEST, v == 27 ? 28 : 27, r, bytes32(ORDER - uint256(s))), vm.addr(key));
        assertEq(signed.signerOf(DIGEST, second), address(0));
        assertFalse(signed.isSignedBy(vm.addr(key), DIGEST, second));
    }

    function testFuzz_other_lengths_and_other_v_are_of_nobody(bytes calldata bytes_, uint8 v) public view {
        if (bytes_.length != 64 && bytes_.length != 65) assertEq(signed.signerOf(DIGEST, bytes_), address(0));
        (uint8 right, bytes32 r, bytes32 s) = vm.sign(1, DIGEST);
        if (v != right) assertNotEq(signed.signerOf(DIGEST, abi.encodePacked(r, s, v)), vm.addr(1));
        if (v < 27 || v > 28) assertEq(signed.signerOf(DIGEST, abi.encodePacked(r, s, v)), address(0));
    }

    function test_a_signature_of_nobody_is_not_that_of_the_zero_address() public view {
        bytes memory nobody = abi.encodePacked(bytes32(0), bytes32(0), uint8(27));
        assertEq(signed.signerOf(DIGEST, nobody), address(0));
        assertFalse(signed.isSignedBy(address(0), DIGEST, nobody));
    }

    function test_a_contract_signs_by_what_its_code_says() public {
        MockWallet1271 wallet = new MockWallet1271(vm.addr(7));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(7, DIGEST);
        assertTrue(signed.isSignedBy(address(wallet), DIGEST, abi.encodePacked(r, s, v)));
        (v, r, s) = vm.sign(8, DIGEST);
        assertFalse(signed.isSignedBy(address(wallet), DIGEST, abi.encodePacked(r, s, v)));
        for (uint256 i = 1; i < 4; ++i) {
            wallet.setAnswer(MockWallet1271.Answer(i)); // no, a revert, four bytes
            assertFalse(signed.isSignedBy(address(wallet), DIGEST, abi.encodePacked(r, s, v)));
        }
        wallet.setAnswer(MockWallet1271.Answer.Always);
        assertTrue(signed.isSignedBy(address(wallet), DIGEST, ""));
        assertFalse(signed.isSignedBy(vm.addr(9), DIGEST, "")); // no code
    }
}
