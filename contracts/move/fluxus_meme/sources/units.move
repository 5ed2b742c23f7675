/// Units of tokens and the purses that accounts keep them in.
///
/// `Units` can be neither copied nor dropped: they come from `issue` and end in `retire`, both of the generator alone,
/// so that what all purses, treasuries and values on the way hold is always the supply.
module fluxus_meme::units {
    use std::event;
    use std::signer;

    friend fluxus_meme::meme_generator;

    /// Units of two tokens cannot become one.
    const E_OTHER_TOKEN: u64 = 40;
    /// More than there is.
    const E_NOT_ENOUGH: u64 = 41;
    /// The account has not accepted this token.
    const E_NOT_ACCEPTED: u64 = 42;
    /// As many amounts as receivers are needed, at least one and at most `MOST_RECEIVERS`.
    const E_LENGTHS: u64 = 43;
    /// A payment of nothing.
    const E_ZERO_AMOUNT: u64 = 44;
    /// Only a value of zero can be thrown away.
    const E_NOT_ZERO: u64 = 45;

    const MOST_RECEIVERS: u64 = 256;

    struct Units has store {
        token: u64,
        value: u64
    }

    /// What an account holds, one entry a token. Only the account opens entries: nobody can make its list longer.
    struct Purse has key {
        entries: vector<Units>
    }

    #[event]
    struct Paid has store, drop {
        token: u64,
        from: address,
        to: address,
        amount: u64
    }

    public(friend) fun issue(token: u64, value: u64): Units {
        Units { token, value }
    }

    public(friend) fun retire(units: Units): u64 {
        let Units { token: _, value } = units;
        value
    }

    public fun token(self: &Units): u64 {
        self.token
    }

    public fun value(self: &Units): u64 {
        self.value
    }

    public fun zero(token: u64): Units {
        Units { token, value: 0 }
    }

    public fun destroy_zero(self: Units) {
        let Units { token: _, value } = self;
        assert!(value == 0, E_NOT_ZERO);
    }

    public fun merge(self: &mut Units, other: Units) {
        let Units { token, value } = other;
        assert!(token == self.token, E_OTHER_TOKEN);
        self.value += value;
    }

    public fun split(self: &mut Units, amount: u64): Units {
        assert!(amount <= self.value, E_NOT_ENOUGH);
        self.value -= amount;
        Units { token: self.token, value: amount }
    }

    /// Open an entry for a token; again for one that is open does nothing.
    public entry fun accept_token(account: &signer, token: u64) acquires Purse {
        let at = signer::address_of(account);
        if (!exists<Purse>(at)) move_to(account, Purse { entries: vector[] });
        if (!is_accepted(at, token)) borrow_global_mut<Purse>(at).entries.push_back(zero(token));
    }

    public fun deposit(to: address, units: Units) acquires Purse {
        let (found, at) = find(to, units.token);
        assert!(found, E_NOT_ACCEPTED);
        borrow_global_mut<Purse>(to).entries.borrow_mut(at).merge(units);
    }

    public fun withdraw(account: &signer, token: u64, amount: u64): Units acquires Purse {
        let from = signer::address_of(account);
        let (found, at) = find(from, token);
        assert!(found, E_NOT_ENOUGH);
        borrow_global_mut<Purse>(from).entries.borrow_mut(at).split(amount)
    }

    public entry fun transfer(account: &signer, token: u64, to: address, amount: u64) acquires Purse {
        batch_transfer(account, token, vector[to], vector[amount]);
    }

    /// Pay many from one purse: all of them or none.
    public entry fun batch_transfer(
        account: &signer,
        token: u64,
        receivers: vector<address>,
        amounts: vector<u64>
    ) acquires Purse {
        let from = signer::address_of(account);
        check_lengths(receivers.length(), amounts.length());
        for (i in 0..receivers.length()) {
            let units = withdraw(account, token, *amounts.borrow(i));
            pay(from, *receivers.borrow(i), units);
        }
    }

    public(friend) fun check_lengths(receivers: u64, amounts: u64) {
        assert!(receivers == amounts && receivers > 0 && receivers <= MOST_RECEIVERS, E_LENGTHS);
    }

    public(friend) fun pay(from: address, to: address, units: Units) acquires Purse {
        assert!(units.value > 0, E_ZERO_AMOUNT);
        event::emit(Paid { token: units.token, from, to, amount: units.value });
        deposit(to, units);
    }

    #[view]
    public fun balance(account: address, token: u64): u64 acquires Purse {
        let (found, at) = find(account, token);
        if (found) Purse[account].entries.borrow(at).value else 0
    }

    #[view]
    public fun is_accepted(account: address, token: u64): bool acquires Purse {
        let (found, _) = find(account, token);
        found
    }

    fun find(account: address, token: u64): (bool, u64) acquires Purse {
        if (!exists<Purse>(account)) return (false, 0);
        let entries = &Purse[account].entries;
        for (i in 0..entries.length()) {
            if (entries.borrow(i).token == token) return (true, i)
        };
        (false, 0)
    }

    #[test_only]
    public fun issue_for_test(token: u64, value: u64): Units {
        issue(token, value)
    }
}
