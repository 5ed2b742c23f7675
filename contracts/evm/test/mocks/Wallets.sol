// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A wallet of ERC-1271 with one key, and the ways in which one may misbehave.
contract MockWallet1271 {
    enum Answer {
        Honest,
        No,
        Revert,
        ShortWord,
        Always
    }

    address public owner;
    Answer public answer;

    constructor(address owner_) {
        owner = owner_;
    }

    function setAnswer(Answer answer_) external {
        answer = answer_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        if (answer == Answer.Always) return 0x1626ba7e;
        if (answer == Answer.No) return 0xffffffff;
        if (answer == Answer.Revert) revert("no");
        if (answer == Answer.ShortWord) {
            assembly {
                mstore(0x00, shl(224, 0x1626ba7e))
                return(0x00, 0x04)
            }
        }
        if (signature.length != 65) return 0xffffffff;
        address by =
            ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]));
        return by != address(0) && by == owner ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }

    function execute(address to, bytes calldata data) external returns (bytes memory) {
        (bool ok, bytes memory said) = to.call(data);
        if (!ok) {
            assembly {
                revert(add(said, 0x20), mload(said))
            }
        }
        return said;
    }
}

/// @notice A STAND-IN for a Safe, not Safe's code: owners, threshold, a nonce, `execTransaction` and ERC-1271, with
/// real signatures of owners in ascending order over typed data of its own domain. It has the calls and the checks that
/// a role needs, and no modules, refunds, delegate calls or fallback handlers.
contract SafeStandIn {
    bytes32 private constant DOMAIN = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    bytes32 private constant SAFE_TX =
        keccak256("SafeTx(address to,uint256 value,bytes data,uint256 nonce)");
    bytes32 private constant SAFE_MESSAGE = keccak256("SafeMessage(bytes message)");

    address[] public owners;
    mapping(address owner => bool) public isOwner;
    uint256 public immutable threshold;
    uint256 public nonce;

    error BadOwners();
    error TooFewSignatures();
    error BadSignature();

    constructor(address[] memory owners_, uint256 threshold_) {
        if (threshold_ == 0 || threshold_ > owners_.length) revert BadOwners();
        for (uint256 i; i < owners_.length; ++i) {
            if (owners_[i] == address(0) || isOwner[owners_[i]]) revert BadOwners();
            isOwner[owners_[i]] = true;
        }
        (owners, threshold) = (owners_, threshold_);
    }

    function domainSeparator() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, block.chainid, address(this)));
    }

    /// @notice What owners sign for a call.
    function getTransactionHash(address to, uint256 value, bytes calldata data, uint256 nonce_)
        public
        view
        returns (bytes32)
    {
        bytes32 inner = keccak256(abi.encode(SAFE_TX, to, value, keccak256(data), nonce_));
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(), inner));
    }

    /// @notice What owners sign for `isValidSignature(digest, ...)`.
    function getMessageHash(bytes32 digest) public view returns (bytes32) {
        bytes32 inner = keccak256(abi.encode(SAFE_MESSAGE, keccak256(abi.encode(digest))));
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(), inner));
    }

    function execTransaction(address to, uint256 value, bytes calldata data, bytes calldata signatures)
        external
        payable
        returns (bytes memory)
    {
        _check(getTransactionHash(to, value, data, nonce++), signatures);
        (bool ok, bytes memory said) = to.call{value: value}(data);
        if (!ok) {
            assembly {
                revert(add(said, 0x20), mload(said))
            }
        }
        return said;
    }

    function isValidSignature(bytes32 digest, bytes calldata signatures) external view returns (bytes4) {
        _check(getMessageHash(digest), signatures);
        return 0x1626ba7e;
    }

    /// @dev r, s, v of `threshold` owners, their addresses strictly ascending.
    function _check(bytes32 digest, bytes calldata signatures) private view {
        if (signatures.length < threshold * 65) revert TooFewSignatures();
        address last;
        for (uint256 i; i < threshold; ++i) {
            bytes calldata one = signatures[i * 65:i * 65 + 65];
            address by = ecrecover(digest, uint8(one[64]), bytes32(one[0:32]), bytes32(one[32:64]));
            if (by <= last || !isOwner[by]) revert BadSignature();
            last = by;
        }
    }

    receive() external payable {}
}
