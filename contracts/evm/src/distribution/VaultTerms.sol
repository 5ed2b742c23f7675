// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDistributionVault} from "../interfaces/IDistributionVault.sol";
import {Signatures} from "../libraries/Signatures.sol";

/// @title The terms of a vault, all of them in its code
/// @dev A vault is deployed whole, not as a copy that delegates: that costs more once and about 3,300 gas less for each
/// claim. Immutables cannot be an array: there are as many for verifiers as a creation may name.
abstract contract VaultTerms is IDistributionVault {
    /* CONSTANTS */

    uint256 internal constant MAX_FIRST_VERIFIERS = 8;
    bytes32 private constant NAME = keccak256("Fluxdesk Distribution");
    bytes32 private constant VERSION = keccak256("1");

    /* IMMUTABLES */

    bytes32 internal immutable ID;
    bytes32 internal immutable ROOT;
    bytes32 internal immutable REQUIREMENTS_HASH;
    address internal immutable TOKEN;
    address internal immutable CREATOR;
    address internal immutable ADMIN;
    address internal immutable GUARDIAN;
    address internal immutable VERIFIER;
    uint256 internal immutable FUNDED;
    uint256 internal immutable MAX_PER_CLAIM;
    uint256 internal immutable LEAVES;
    uint256 internal immutable START;
    uint256 internal immutable END;
    uint256 internal immutable GRACE;
    uint256 internal immutable VESTING_START;
    uint256 internal immutable CLIFF;
    uint256 internal immutable DURATION;
    /// @dev The last second of claims by tree: `END + GRACE`.
    uint256 internal immutable LAST;
    bool internal immutable ATTESTED;
    uint256 internal immutable THRESHOLD;
    uint256 internal immutable VERIFIERS;
    uint256 private immutable CHAIN;
    bytes32 private immutable DOMAIN;
    address private immutable FIRST_0;
    address private immutable FIRST_1;
    address private immutable FIRST_2;
    address private immutable FIRST_3;
    address private immutable FIRST_4;
    address private immutable FIRST_5;
    address private immutable FIRST_6;
    address private immutable FIRST_7;

    /* STORAGE */

    uint256 private transient _busy;

    /* CONSTRUCTOR */

    constructor(Terms memory t, address[] memory verifiers) {
        ID = t.id;
        ROOT = t.root;
        REQUIREMENTS_HASH = t.requirementsHash;
        TOKEN = t.token;
        CREATOR = t.creator;
        ADMIN = t.admin;
        GUARDIAN = t.guardian;
        VERIFIER = t.verifier;
        FUNDED = t.funded;
        MAX_PER_CLAIM = t.maxPerClaim;
        LEAVES = t.leaves;
        START = t.start;
        END = t.end;
        GRACE = t.grace;
        VESTING_START = t.vestingStart;
        CLIFF = t.cliff;
        DURATION = t.duration;
        THRESHOLD = t.threshold;
        VERIFIERS = verifiers.length;
        LAST = t.end + t.grace;
        ATTESTED = verifiers.length != 0 || t.verifier != address(0);
        CHAIN = block.chainid;
        DOMAIN = Signatures.domainOf(NAME, VERSION);
        FIRST_0 = _orNobody(verifiers, 0);
        FIRST_1 = _orNobody(verifiers, 1);
        FIRST_2 = _orNobody(verifiers, 2);
        FIRST_3 = _orNobody(verifiers, 3);
        FIRST_4 = _orNobody(verifiers, 4);
        FIRST_5 = _orNobody(verifiers, 5);
        FIRST_6 = _orNobody(verifiers, 6);
        FIRST_7 = _orNobody(verifiers, 7);
    }

    /* MODIFIERS */

    modifier nonReentrant() {
        if (_busy != 0) revert Reentered();
        _busy = 1;
        _;
        _busy = 0;
    }

    /* VIEWS */

    function terms() external view returns (Terms memory t) {
        t.id = ID;
        t.root = ROOT;
        t.requirementsHash = REQUIREMENTS_HASH;
        t.token = TOKEN;
        t.creator = CREATOR;
        t.admin = ADMIN;
        t.guardian = GUARDIAN;
        t.verifier = VERIFIER;
        t.funded = FUNDED;
        t.maxPerClaim = MAX_PER_CLAIM;
        t.leaves = LEAVES;
        t.start = START;
        t.end = END;
        t.grace = GRACE;
        t.vestingStart = VESTING_START;
        t.cliff = CLIFF;
        t.duration = DURATION;
        t.threshold = THRESHOLD;
        t.verifiers = VERIFIERS;
    }

    function domainSeparator() external view returns (bytes32) {
        return _domain();
    }

    /// @notice The domain as EIP-5267 asks for it, so that a wallet can show what is signed.
    function eip712Domain()
        external
        view
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        return (0x0f, "Fluxdesk Distribution", "1", block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    /* INTERNAL */

    /// @dev The verifiers of the creation, in their order.
    function _firstVerifier(uint256 place) internal view returns (address) {
        if (place == 0) return FIRST_0;
        if (place == 1) return FIRST_1;
        if (place == 2) return FIRST_2;
        if (place == 3) return FIRST_3;
        if (place == 4) return FIRST_4;
        if (place == 5) return FIRST_5;
        return place == 6 ? FIRST_6 : FIRST_7;
    }

    /// @dev Hashed anew once a fork has another chain id.
    function _domain() internal view returns (bytes32) {
        return block.chainid == CHAIN ? DOMAIN : Signatures.domainOf(NAME, VERSION);
    }

    function _orNobody(address[] memory list, uint256 place) private pure returns (address) {
        return place < list.length ? list[place] : address(0);
    }
}
