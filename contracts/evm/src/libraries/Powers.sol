// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Powers of ratios with a bound on each side
/// @notice Fixed point in units of 2^-120. The twin of `fluxdesk.core.curves.powers`, bit for bit; the derivation of the
/// series and of the margin stands there and is checked there against exact integer roots.
library Powers {
    /// @notice A ratio is not from 2^-8 to under 2^8, or its power is beyond 2^60.
    error PowerOutOfRange();

    uint256 internal constant ONE = 1 << 120;
    int256 private constant LN_2 = 921350637599661305226344307672478455;
    int256 private constant ROOT_2 = 1879812259125035246445576347481445757;
    uint256 private constant MARGIN_BITS = 92;

    /// @notice At most (numerator / denominator) ** (over / under).
    function powerDown(uint256 numerator, uint256 denominator, uint256 over, uint256 under)
        internal
        pure
        returns (uint256)
    {
        uint256 found = power(numerator, denominator, over, under);
        uint256 margin = (found >> MARGIN_BITS) + 1;
        return found > margin ? found - margin : 0;
    }

    /// @notice At least (numerator / denominator) ** (over / under).
    function powerUp(uint256 numerator, uint256 denominator, uint256 over, uint256 under)
        internal
        pure
        returns (uint256)
    {
        uint256 found = power(numerator, denominator, over, under);
        unchecked {
            return found + (found >> MARGIN_BITS) + 1; // found < 2^182
        }
    }

    /// @notice The power to within 2^-92 of itself and one unit. Numerator and denominator fit 128 bits.
    function power(uint256 numerator, uint256 denominator, uint256 over, uint256 under)
        internal
        pure
        returns (uint256)
    {
        if (denominator == 0) revert PowerOutOfRange();
        uint256 ratio;
        unchecked {
            ratio = (numerator << 120) / denominator; // 128 + 120 bits
            if (ratio < ONE >> 8 || ratio >= ONE << 8) revert PowerOutOfRange();
            return uint256(exp((ln(ratio) * int256(over)) / int256(under))); // 124 bits times at most 64
        }
    }

    /// @dev For 2^112 <= ratio < 2^128.
    function ln(uint256 ratio) internal pure returns (int256 result) {
        unchecked {
            uint256 octaves;
            {
                uint256 high = ratio >> 112;
                if (high >= 256) (octaves, high) = (8, high >> 8);
                if (high >= 16) (octaves, high) = (octaves + 4, high >> 4);
                if (high >= 4) (octaves, high) = (octaves + 2, high >> 2);
                if (high >= 2) octaves += 1;
            }
            int256 mantissa = int256(octaves >= 8 ? ratio >> (octaves - 8) : ratio << (8 - octaves));
            int256 shift = int256(octaves) - 8;
            if (mantissa > ROOT_2) (mantissa, shift) = (mantissa >> 1, shift + 1);
            int256 z = ((mantissa - int256(ONE)) << 120) / (mantissa + int256(ONE));
            int256 square = (z * z) >> 120;
            result = _atanhOverZ(square);
            result = ((result * z) >> 119) + shift * LN_2;
        }
    }

    function exp(int256 value) internal pure returns (int256 result) {
        unchecked {
            if (value < -60 * LN_2 || value > 60 * LN_2) revert PowerOutOfRange();
            int256 halves = (value + (LN_2 >> 1) + 64 * LN_2) / LN_2 - 64; // positive before it is divided: floored
            int256 rest = value - halves * LN_2;
            int256 coth = _cothTimesR((rest * rest) >> 120);
            result = ((coth + rest) << 120) / (coth - rest);
            result = halves >= 0 ? result << uint256(halves) : result >> uint256(-halves);
        }
    }

    /// @dev 1 + s/3 + s^2/5 + ...: Horner's rule over 20 terms.
    function _atanhOverZ(int256 s) private pure returns (int256 p) {
        unchecked {
            p = 34082769122690150587277104109752425;
            p = ((p * s) >> 120) + 35925080967159888456859650277847150;
            p = ((p * s) >> 120) + 37977942736711882082965916008009845;
            p = ((p * s) >> 120) + 40279636235906541603145668493343775;
            p = ((p * s) >> 120) + 42878322444674705577542163234849825;
            p = ((p * s) >> 120) + 45835448130514340444958864147598088;
            p = ((p * s) >> 120) + 49230666510552439737178039269642391;
            p = ((p * s) >> 120) + 53169119831396634916152282411213783;
            p = ((p * s) >> 120) + 57792521555865907517556828707841068;
            p = ((p * s) >> 120) + 63296571227853136804943193346683075;
            p = ((p * s) >> 120) + 69959368199206098573884582120018135;
            p = ((p * s) >> 120) + 78189882104995051347282768251784975;
            p = ((p * s) >> 120) + 88615199718994391526920470685356305;
            p = ((p * s) >> 120) + 102248307368070451761831312329257275;
            p = ((p * s) >> 120) + 120838908707719624809437005480031325;
            p = ((p * s) >> 120) + 147691999531657319211534117808927175;
            p = ((p * s) >> 120) + 189889713683559410414829580040049225;
            p = ((p * s) >> 120) + 265845599156983174580761412056068915;
            p = ((p * s) >> 120) + 443075998594971957634602353426781525;
            p = ((p * s) >> 120) + 1329227995784915872903807060280344576;
        }
    }

    /// @dev r coth(r/2) = 2 + s/6 - s^2/360 + ...: Bernoulli's numbers over 13 terms.
    function _cothTimesR(int256 s) private pure returns (int256 p) {
        unchecked {
            p = -370973302531479324;
            p = ((p * s) >> 120) + 14645441576629401560;
            p = ((p * s) >> 120) - 578179272255936187514;
            p = ((p * s) >> 120) + 22825668117502225773235;
            p = ((p * s) >> 120) - 901131589326497313190186;
            p = ((p * s) >> 120) + 35576884422400833929653997;
            p = ((p * s) >> 120) - 1404778693478798642593766400;
            p = ((p * s) >> 120) + 55499939698945300930260235468;
            p = ((p * s) >> 120) - 2197797612078233916838305324538;
            p = ((p * s) >> 120) + 87911904483129356673532212981504;
            p = ((p * s) >> 120) - 3692299988291432980288352945223179;
            p = ((p * s) >> 120) + 221537999297485978817301176713390763;
            p = ((p * s) >> 120) + 2658455991569831745807614120560689152;
        }
    }
}
