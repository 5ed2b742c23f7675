/// The block that is being made: its height, and its time in Unix seconds.
module std::block {
    native public fun get_block_info(): (u64, u64);

    #[test_only]
    native public fun set_block_info(height: u64, timestamp: u64);

    public fun now_seconds(): u64 {
        let (_, timestamp) = get_block_info();
        timestamp
    }
}
