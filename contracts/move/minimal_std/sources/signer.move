/// Who signed.
module std::signer {
    native public fun borrow_address(account: &signer): &address;

    public fun address_of(account: &signer): address {
        *borrow_address(account)
    }
}
