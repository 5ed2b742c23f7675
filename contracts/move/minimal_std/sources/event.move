/// Events, as the compiler's virtual machine keeps them.
module std::event {
    public fun emit<Event: store + drop>(event: Event) {
        emit_event<Event>(&event);
    }

    native fun emit_event<Event: store + drop>(event: &Event);

    #[test_only]
    native public fun emitted_events<Event: store + drop>(): vector<Event>;
}
