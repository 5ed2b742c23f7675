#[test_only]
module fluxus_meme::meme_generator_tests {
    use std::block;
    use std::event;
    use std::signer;
    use fluxus_meme::meme_generator::{Self as generator, AnalyticsData, SupplyChanged, TokenGenerated, TokenParameters};
    use fluxus_meme::supply;
    use fluxus_meme::units::{Self, Paid};

    const HASH: vector<u8> = x"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fun plain(): AnalyticsData {
        generator::new_analytics(0, 0, 0, HASH)
    }

    fun parameters(base: u64, most: u64): TokenParameters {
        generator::new_parameters(b"Practice", b"PRC", 6, base, most, 100, 60)
    }

    fun kept(account: &signer, base: u64, most: u64): u64 {
        generator::initialize(account, 3);
        block::set_block_info(1, 1_000);
        let at = signer::address_of(account);
        generator::generate_and_keep(account, b"Practice", b"PRC", 6, base, most, 100, 60, 0, 0, 0, HASH);
        assert!(generator::has_capability(at), 0);
        1
    }

    fun check(keeper: address, id: u64, supply: u64, treasury: u64, mintable: u64) {
        let (found, _, lies, may) = generator::supply_of(keeper, id);
        assert!(found == supply, 100);
        assert!(lies == treasury, 101);
        assert!(may == mintable, 102);
    }

    // Capability

    #[test(other = @0xBAD)]
    #[expected_failure(abort_code = generator::E_NOT_PUBLISHER, location = generator)]
    fun only_the_publisher_initialises(other: &signer) {
        generator::initialize(other, 3);
    }

    #[test(publisher = @fluxus_meme)]
    #[expected_failure]
    fun a_second_capability_is_not_made(publisher: &signer) {
        generator::initialize(publisher, 3);
        generator::initialize(publisher, 3);
    }

    #[test(publisher = @fluxus_meme, other = @0xBAD)]
    #[expected_failure(abort_code = generator::E_NO_CAPABILITY, location = generator)]
    fun without_the_capability_nothing_is_generated(publisher: &signer, other: &signer) {
        generator::initialize(publisher, 3);
        generator::generate_and_keep(other, b"X", b"X", 6, 1, 1, 0, 1, 0, 0, 0, HASH);
    }

    #[test(publisher = @fluxus_meme, next = @0xA)]
    fun a_capability_moves_when_it_is_taken(publisher: &signer, next: &signer) {
        generator::initialize(publisher, 3);
        generator::offer_capability(publisher, @0xA);
        assert!(!generator::has_capability(@fluxus_meme) && !generator::has_capability(@0xA), 0);
        generator::accept_capability(next, @fluxus_meme);
        assert!(!generator::has_capability(@fluxus_meme) && generator::has_capability(@0xA), 1);
        generator::generate_and_keep(next, b"X", b"X", 6, 1, 1, 0, 1, 0, 0, 0, HASH);
    }

    #[test(publisher = @fluxus_meme)]
    fun an_offer_can_be_taken_back(publisher: &signer) {
        generator::initialize(publisher, 3);
        generator::offer_capability(publisher, @0xA);
        generator::accept_capability(publisher, @fluxus_meme);
        assert!(generator::has_capability(@fluxus_meme), 0);
    }

    #[test(publisher = @fluxus_meme, other = @0xBAD)]
    #[expected_failure(abort_code = generator::E_NOT_OFFERED, location = generator)]
    fun an_offer_to_another_is_not_taken(publisher: &signer, other: &signer) {
        generator::initialize(publisher, 3);
        generator::offer_capability(publisher, @0xA);
        generator::accept_capability(other, @fluxus_meme);
    }

    // Generation

    #[test(publisher = @fluxus_meme)]
    fun analytics_set_the_first_supply_and_the_event_names_their_hash(publisher: &signer) {
        generator::initialize(publisher, 3);
        generator::generate_and_keep(publisher, b"P", b"P", 6, 1_000, 5_000, 0, 1, 5_000, 2_500, 5_000, HASH);
        check(@fluxus_meme, 1, 1_250, 1_250, 0);
        assert!(event::emitted_events<TokenGenerated>().length() == 1, 0);
        assert!(event::emitted_events<SupplyChanged>().length() == 0, 1);
    }

    #[test(publisher = @fluxus_meme)]
    #[expected_failure(abort_code = supply::E_ABOVE_MAX_SUPPLY, location = supply)]
    fun analytics_do_not_lift_the_cap(publisher: &signer) {
        generator::initialize(publisher, 3);
        generator::generate_and_keep(publisher, b"P", b"P", 6, 1_000, 1_499, 0, 1, 5_000, 0, 0, HASH);
    }

    #[test]
    #[expected_failure(abort_code = generator::E_SNAPSHOT_HASH, location = generator)]
    fun a_short_hash_is_refused() {
        generator::new_analytics(0, 0, 0, x"00");
    }

    #[test]
    #[expected_failure(abort_code = generator::E_NAME, location = generator)]
    fun a_token_has_a_name() {
        generator::new_parameters(b"", b"P", 6, 1, 1, 0, 1);
    }

    #[test]
    #[expected_failure(abort_code = generator::E_DECIMALS, location = generator)]
    fun nineteen_decimals_are_refused() {
        generator::new_parameters(b"P", b"P", 19, 1, 1, 0, 1);
    }

    #[test]
    #[expected_failure(abort_code = generator::E_PERIOD, location = generator)]
    fun a_limiter_has_a_period() {
        generator::new_parameters(b"P", b"P", 6, 1, 1, 1, 0);
    }

    fun batch(account: &signer, params: vector<TokenParameters>, analytics: vector<AnalyticsData>) {
        let tokens = generator::batch_for_test(account, params, analytics);
        while (tokens.length() > 0) generator::keep(account, tokens.pop_back());
        tokens.destroy_empty();
    }

    #[test(publisher = @fluxus_meme)]
    fun a_batch_numbers_its_tokens_in_order(publisher: &signer) {
        generator::initialize(publisher, 3);
        batch(publisher, vector[parameters(5, 9), parameters(6, 9)], vector[plain(), plain()]);
        check(@fluxus_meme, 1, 5, 5, 4);
        check(@fluxus_meme, 2, 6, 6, 3);
        assert!(event::emitted_events<TokenGenerated>().length() == 2, 0);
    }

    #[test(publisher = @fluxus_meme)]
    #[expected_failure(abort_code = generator::E_BATCH, location = generator)]
    fun a_batch_without_as_many_analytics_is_refused(publisher: &signer) {
        generator::initialize(publisher, 3);
        batch(publisher, vector[parameters(5, 9)], vector[]);
    }

    #[test(publisher = @fluxus_meme)]
    #[expected_failure(abort_code = generator::E_BATCH, location = generator)]
    fun a_batch_above_the_capability_is_refused(publisher: &signer) {
        generator::initialize(publisher, 1);
        batch(publisher, vector[parameters(5, 9), parameters(5, 9)], vector[plain(), plain()]);
    }

    // Supply

    #[test(publisher = @fluxus_meme)]
    fun minting_refills_with_time_and_stops_at_the_cap(publisher: &signer) {
        let id = kept(publisher, 1_000, 1_150);
        generator::mint_to_treasury(publisher, id, 100);
        check(@fluxus_meme, id, 1_100, 1_100, 0);
        block::set_block_info(2, 1_003);
        check(@fluxus_meme, id, 1_100, 1_100, 5);
        block::set_block_info(3, 1_060);
        check(@fluxus_meme, id, 1_100, 1_100, 50);
        generator::mint_to_treasury(publisher, id, 50);
        check(@fluxus_meme, id, 1_150, 1_150, 0);
    }

    #[test(publisher = @fluxus_meme)]
    #[expected_failure(abort_code = supply::E_RATE_LIMITED, location = supply)]
    fun faster_than_the_limiter_is_refused(publisher: &signer) {
        let id = kept(publisher, 1, 1_000_000);
        generator::mint_to_treasury(publisher, id, 40);
        generator::mint_to_treasury(publisher, id, 40);
        generator::mint_to_treasury(publisher, id, 21);
    }

    #[test(publisher = @fluxus_meme)]
    #[expected_failure(abort_code = supply::E_RATE_LIMITED, location = supply)]
    fun burning_does_not_refill_the_limiter(publisher: &signer) {
        let id = kept(publisher, 1_000, 1_000_000);
        units::accept_token(publisher, id);
        generator::batch_pay(publisher, id, vector[@fluxus_meme], vector[500]);
        generator::mint_to_treasury(publisher, id, 100);
        generator::burn_own(publisher, @fluxus_meme, id, 500);
        generator::mint_to_treasury(publisher, id, 1);
    }

    #[test(publisher = @fluxus_meme)]
    #[expected_failure(abort_code = generator::E_MAX_SUPPLY, location = generator)]
    fun above_the_cap_is_refused(publisher: &signer) {
        let id = kept(publisher, 1_000, 1_010);
        generator::mint_to_treasury(publisher, id, 11);
    }

    #[test(publisher = @fluxus_meme, other = @0xBAD)]
    #[expected_failure(abort_code = generator::E_NO_TOKEN, location = generator)]
    fun another_does_not_mint(publisher: &signer, other: &signer) {
        let id = kept(publisher, 1_000, 2_000);
        generator::mint_to_treasury(other, id, 1);
    }

    // Purses

    #[test(publisher = @fluxus_meme, a = @0xA, b = @0xB)]
    fun what_is_paid_and_burned_adds_up(publisher: &signer, a: &signer, b: &signer) {
        let id = kept(publisher, 1_000, 2_000);
        units::accept_token(a, id);
        units::accept_token(a, id);
        units::accept_token(b, id);
        generator::batch_pay(publisher, id, vector[@0xA, @0xB, @0xA], vector[300, 200, 100]);
        units::transfer(a, id, @0xB, 150);
        units::batch_transfer(b, id, vector[@0xA, @0xB], vector[1, 2]);
        assert!(units::balance(@0xA, id) == 251 && units::balance(@0xB, id) == 349, 0);
        assert!(event::emitted_events<Paid>().length() == 6, 1);
        generator::burn_own(b, @fluxus_meme, id, 349);
        check(@fluxus_meme, id, 651, 400, 100);
    }

    #[test(publisher = @fluxus_meme)]
    #[expected_failure(abort_code = units::E_NOT_ACCEPTED, location = units)]
    fun an_account_that_did_not_accept_is_not_paid(publisher: &signer) {
        let id = kept(publisher, 1_000, 2_000);
        generator::batch_pay(publisher, id, vector[@0xA], vector[1]);
    }

    #[test(publisher = @fluxus_meme, a = @0xA)]
    #[expected_failure(abort_code = units::E_NOT_ENOUGH, location = units)]
    fun more_than_there_is_cannot_be_sent(publisher: &signer, a: &signer) {
        let id = kept(publisher, 1_000, 2_000);
        units::accept_token(a, id);
        generator::batch_pay(publisher, id, vector[@0xA, @0xA], vector[600, 401]);
    }

    #[test(publisher = @fluxus_meme, a = @0xA)]
    #[expected_failure(abort_code = units::E_ZERO_AMOUNT, location = units)]
    fun nothing_is_not_a_payment(publisher: &signer, a: &signer) {
        let id = kept(publisher, 1_000, 2_000);
        units::accept_token(a, id);
        generator::batch_pay(publisher, id, vector[@0xA], vector[0]);
    }

    #[test(publisher = @fluxus_meme)]
    #[expected_failure(abort_code = units::E_LENGTHS, location = units)]
    fun a_batch_without_as_many_amounts_pays_nobody(publisher: &signer) {
        let id = kept(publisher, 1_000, 2_000);
        generator::batch_pay(publisher, id, vector[@0xA], vector[]);
    }

    #[test(publisher = @fluxus_meme, a = @0xA)]
    #[expected_failure(abort_code = units::E_OTHER_TOKEN, location = units)]
    fun units_of_two_tokens_do_not_mix(publisher: &signer, a: &signer) {
        kept(publisher, 1_000, 2_000);
        generator::generate_and_keep(publisher, b"Q", b"Q", 6, 10, 10, 0, 1, 0, 0, 0, HASH);
        units::accept_token(a, 1);
        units::accept_token(a, 2);
        generator::batch_pay(publisher, 1, vector[@0xA], vector[5]);
        generator::batch_pay(publisher, 2, vector[@0xA], vector[5]);
        let one = units::withdraw(a, 1, 5);
        one.merge(units::withdraw(a, 2, 5));
        units::deposit(@0xA, one);
    }

    #[test(publisher = @fluxus_meme, a = @0xA)]
    #[expected_failure(abort_code = generator::E_NO_TOKEN, location = generator)]
    fun units_are_burned_of_their_own_token_only(publisher: &signer, a: &signer) {
        kept(publisher, 1_000, 2_000);
        generator::generate_and_keep(publisher, b"Q", b"Q", 6, 10, 10, 0, 1, 0, 0, 0, HASH);
        units::accept_token(a, 2);
        generator::batch_pay(publisher, 2, vector[@0xA], vector[5]);
        let token = generator::only_token_for_test(publisher, 1);
        token.burn(units::withdraw(a, 2, 5));
        generator::keep(publisher, token);
    }

    #[test]
    #[expected_failure(abort_code = units::E_NOT_ZERO, location = units)]
    fun only_nothing_is_thrown_away() {
        units::issue_for_test(1, 1).destroy_zero();
    }
}
