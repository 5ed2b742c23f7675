/// Tokens from analytics, and their supply afterwards.
///
/// Whoever holds `GeneratorCap` may generate tokens; whoever holds a `Token` may mint of it, within its own limits,
/// which nobody can widen. Holding is the whole of the access control: neither can be copied or dropped.
module fluxus_meme::meme_generator {
    use std::block;
    use std::event;
    use std::signer;
    use fluxus_meme::supply::{Self, Limiter};
    use fluxus_meme::units::{Self, Units};

    /// Only the account that the package was published under.
    const E_NOT_PUBLISHER: u64 = 1;
    /// The account holds no capability to generate tokens.
    const E_NO_CAPABILITY: u64 = 2;
    /// The capability was offered to another account, or to nobody.
    const E_NOT_OFFERED: u64 = 3;
    /// A batch has as many analytics as parameters, at least one and at most what the capability allows.
    const E_BATCH: u64 = 4;
    /// A name has 1 to 64 bytes, a symbol 1 to 16.
    const E_NAME: u64 = 5;
    /// At most 18.
    const E_DECIMALS: u64 = 6;
    /// The hash of an analytics snapshot has 32 bytes.
    const E_SNAPSHOT_HASH: u64 = 7;
    /// A limiter without a period.
    const E_PERIOD: u64 = 8;
    /// More units than the token may ever have at once.
    const E_MAX_SUPPLY: u64 = 9;
    /// The account keeps no such token.
    const E_NO_TOKEN: u64 = 10;
    /// The account holds a capability, or has one on offer.
    const E_HAS_CAPABILITY: u64 = 11;
    /// Nothing to mint or burn.
    const E_ZERO_AMOUNT: u64 = 12;

    /// The right to generate tokens.
    struct GeneratorCap has key, store {
        max_batch: u64
    }

    /// A capability on its way: `to` takes it, until then the account that offered it may take it back.
    struct Offer has key {
        cap: GeneratorCap,
        to: address
    }

    struct Registry has key {
        next_id: u64
    }

    struct TokenParameters has store, copy, drop {
        name: vector<u8>,
        symbol: vector<u8>,
        decimals: u8,
        base_supply: u64,
        max_supply: u64,
        mint_capacity: u64,
        mint_period: u64
    }

    /// Figures in basis points, and the SHA-256 of the snapshot that they were taken from.
    struct AnalyticsData has store, copy, drop {
        momentum_bps: u64,
        sentiment_bps: u64,
        volatility_bps: u64,
        snapshot_hash: vector<u8>
    }

    struct Token has store {
        id: u64,
        name: vector<u8>,
        symbol: vector<u8>,
        decimals: u8,
        supply: u64,
        max_supply: u64,
        limiter: Limiter,
        snapshot_hash: vector<u8>,
        treasury: Units
    }

    /// The tokens that an account keeps.
    struct Shelf has key {
        tokens: vector<Token>
    }

    #[event]
    struct TokenGenerated has store, drop {
        id: u64,
        symbol: vector<u8>,
        supply: u64,
        max_supply: u64,
        momentum_bps: u64,
        sentiment_bps: u64,
        volatility_bps: u64,
        snapshot_hash: vector<u8>
    }

    #[event]
    struct SupplyChanged has store, drop {
        id: u64,
        minted: u64,
        burned: u64,
        supply: u64
    }

    #[event]
    struct CapabilityMoved has store, drop {
        from: address,
        to: address
    }

    // Capability

    public entry fun initialize(publisher: &signer, max_batch: u64) {
        assert!(signer::address_of(publisher) == @fluxus_meme, E_NOT_PUBLISHER);
        move_to(publisher, GeneratorCap { max_batch });
        move_to(publisher, Registry { next_id: 1 });
    }

    public entry fun offer_capability(holder: &signer, to: address) acquires GeneratorCap {
        let from = signer::address_of(holder);
        assert!(exists<GeneratorCap>(from), E_NO_CAPABILITY);
        move_to(holder, Offer { cap: move_from<GeneratorCap>(from), to });
    }

    /// Taken by the account it was offered to, or back by the one that offered it.
    public entry fun accept_capability(taker: &signer, from: address) acquires Offer {
        let to = signer::address_of(taker);
        assert!(exists<Offer>(from), E_NOT_OFFERED);
        let Offer { cap, to: offered } = move_from<Offer>(from);
        assert!(to == offered || to == from, E_NOT_OFFERED);
        assert!(!exists<GeneratorCap>(to), E_HAS_CAPABILITY);
        move_to(taker, cap);
        event::emit(CapabilityMoved { from, to });
    }

    // Generation

    public fun new_parameters(
        name: vector<u8>,
        symbol: vector<u8>,
        decimals: u8,
        base_supply: u64,
        max_supply: u64,
        mint_capacity: u64,
        mint_period: u64
    ): TokenParameters {
        assert!(name.length() > 0 && name.length() <= 64, E_NAME);
        assert!(symbol.length() > 0 && symbol.length() <= 16, E_NAME);
        assert!(decimals <= 18, E_DECIMALS);
        assert!(mint_period > 0, E_PERIOD);
        TokenParameters { name, symbol, decimals, base_supply, max_supply, mint_capacity, mint_period }
    }

    public fun new_analytics(
        momentum_bps: u64,
        sentiment_bps: u64,
        volatility_bps: u64,
        snapshot_hash: vector<u8>
    ): AnalyticsData {
        assert!(snapshot_hash.length() == 32, E_SNAPSHOT_HASH);
        AnalyticsData { momentum_bps, sentiment_bps, volatility_bps, snapshot_hash }
    }

    /// A token whose whole supply lies in its treasury.
    public fun generate_token(
        _cap: &GeneratorCap,
        params: TokenParameters,
        analytics: AnalyticsData
    ): Token acquires Registry {
        let AnalyticsData { momentum_bps, sentiment_bps, volatility_bps, snapshot_hash } = analytics;
        let TokenParameters { name, symbol, decimals, base_supply, max_supply, mint_capacity, mint_period } = params;
        let supply = supply::initial(base_supply, max_supply, momentum_bps, sentiment_bps, volatility_bps);
        let registry = &mut Registry[@fluxus_meme];
        let id = registry.next_id;
        registry.next_id = id + 1;
        event::emit(
            TokenGenerated {
                id, symbol, supply, max_supply, momentum_bps, sentiment_bps, volatility_bps, snapshot_hash
            }
        );
        Token {
            id,
            name,
            symbol,
            decimals,
            supply,
            max_supply,
            limiter: supply::new_limiter(mint_capacity, mint_period, block::now_seconds()),
            snapshot_hash,
            treasury: units::issue(id, supply)
        }
    }

    /// One token for each pair: all of them or none.
    public fun batch_generate(
        cap: &GeneratorCap,
        params: vector<TokenParameters>,
        analytics: vector<AnalyticsData>
    ): vector<Token> acquires Registry {
        let count = params.length();
        assert!(count == analytics.length() && count > 0 && count <= cap.max_batch, E_BATCH);
        let tokens = vector[];
        for (i in 0..count) {
            tokens.push_back(generate_token(cap, *params.borrow(i), *analytics.borrow(i)));
        };
        tokens
    }

    // Supply

    /// New units, within the limiter and the most that there may be.
    public fun mint(self: &mut Token, amount: u64): Units {
        assert!(amount > 0, E_ZERO_AMOUNT);
        assert!(amount <= self.max_supply - self.supply, E_MAX_SUPPLY);
        self.limiter.take(amount, block::now_seconds());
        self.supply += amount;
        event::emit(SupplyChanged { id: self.id, minted: amount, burned: 0, supply: self.supply });
        units::issue(self.id, amount)
    }

    /// Burning gives the limiter nothing back.
    public fun burn(self: &mut Token, burned: Units) {
        assert!(burned.token() == self.id, E_NO_TOKEN);
        let amount = units::retire(burned);
        assert!(amount > 0, E_ZERO_AMOUNT);
        self.supply -= amount;
        event::emit(SupplyChanged { id: self.id, minted: 0, burned: amount, supply: self.supply });
    }

    /// Units out of the treasury.
    public fun take(self: &mut Token, amount: u64): Units {
        self.treasury.split(amount)
    }

    // Accounts

    public fun keep(owner: &signer, token: Token) acquires Shelf {
        let at = signer::address_of(owner);
        if (!exists<Shelf>(at)) move_to(owner, Shelf { tokens: vector[] });
        borrow_global_mut<Shelf>(at).tokens.push_back(token);
    }

    public entry fun generate_and_keep(
        holder: &signer,
        name: vector<u8>,
        symbol: vector<u8>,
        decimals: u8,
        base_supply: u64,
        max_supply: u64,
        mint_capacity: u64,
        mint_period: u64,
        momentum_bps: u64,
        sentiment_bps: u64,
        volatility_bps: u64,
        snapshot_hash: vector<u8>
    ) acquires GeneratorCap, Registry, Shelf {
        let at = signer::address_of(holder);
        assert!(exists<GeneratorCap>(at), E_NO_CAPABILITY);
        let token = generate_token(
            &GeneratorCap[at],
            new_parameters(name, symbol, decimals, base_supply, max_supply, mint_capacity, mint_period),
            new_analytics(momentum_bps, sentiment_bps, volatility_bps, snapshot_hash)
        );
        keep(holder, token);
    }

    /// Mint into the token's treasury.
    public entry fun mint_to_treasury(owner: &signer, id: u64, amount: u64) acquires Shelf {
        let token = borrow_token(signer::address_of(owner), id);
        let minted = token.mint(amount);
        token.treasury.merge(minted);
    }

    /// Pay many from the treasury: all of them or none.
    public entry fun batch_pay(
        owner: &signer,
        id: u64,
        receivers: vector<address>,
        amounts: vector<u64>
    ) acquires Shelf {
        units::check_lengths(receivers.length(), amounts.length());
        let from = signer::address_of(owner);
        let token = borrow_token(from, id);
        for (i in 0..receivers.length()) {
            units::pay(from, *receivers.borrow(i), token.take(*amounts.borrow(i)));
        }
    }

    /// Anyone burns units of their own; whoever keeps the token is not asked.
    public entry fun burn_own(account: &signer, keeper: address, id: u64, amount: u64) acquires Shelf {
        let burned = units::withdraw(account, id, amount);
        borrow_token(keeper, id).burn(burned);
    }

    // Views

    #[view]
    /// Supply, the most there may be, what lies in the treasury, and what may be minted now.
    public fun supply_of(keeper: address, id: u64): (u64, u64, u64, u64) acquires Shelf {
        borrow_token(keeper, id).figures()
    }

    #[view]
    public fun has_capability(account: address): bool {
        exists<GeneratorCap>(account)
    }

    public fun figures(self: &Token): (u64, u64, u64, u64) {
        let room = self.max_supply - self.supply;
        let limit = self.limiter.available(block::now_seconds());
        (self.supply, self.max_supply, self.treasury.value(), if (room < limit) room else limit)
    }

    public fun id(self: &Token): u64 {
        self.id
    }

    public fun description(self: &Token): (vector<u8>, vector<u8>, u8, vector<u8>) {
        (self.name, self.symbol, self.decimals, self.snapshot_hash)
    }

    inline fun borrow_token(keeper: address, id: u64): &mut Token {
        assert!(exists<Shelf>(keeper), E_NO_TOKEN);
        let tokens = &mut Shelf[keeper].tokens;
        let (at, count) = (0, tokens.length());
        while (at < count && tokens.borrow(at).id != id) at += 1;
        assert!(at < count, E_NO_TOKEN);
        tokens.borrow_mut(at)
    }

    #[test_only]
    public fun batch_for_test(
        holder: &signer,
        params: vector<TokenParameters>,
        analytics: vector<AnalyticsData>
    ): vector<Token> acquires GeneratorCap, Registry {
        batch_generate(&GeneratorCap[signer::address_of(holder)], params, analytics)
    }

    #[test_only]
    public fun only_token_for_test(owner: &signer, id: u64): Token acquires Shelf {
        let tokens = &mut Shelf[signer::address_of(owner)].tokens;
        let at = 0;
        while (tokens.borrow(at).id != id) at += 1;
        let last = tokens.length() - 1;
        tokens.swap(at, last);
        tokens.pop_back()
    }
}
