/// Lists: what the virtual machine does by instructions of its own, and nothing else.
module std::vector {
    #[bytecode_instruction]
    native public fun empty<Element>(): vector<Element>;

    #[bytecode_instruction]
    native public fun length<Element>(self: &vector<Element>): u64;

    #[bytecode_instruction]
    native public fun borrow<Element>(self: &vector<Element>, at: u64): &Element;

    #[bytecode_instruction]
    native public fun borrow_mut<Element>(self: &mut vector<Element>, at: u64): &mut Element;

    #[bytecode_instruction]
    native public fun push_back<Element>(self: &mut vector<Element>, element: Element);

    #[bytecode_instruction]
    native public fun pop_back<Element>(self: &mut vector<Element>): Element;

    #[bytecode_instruction]
    native public fun destroy_empty<Element>(self: vector<Element>);

    #[bytecode_instruction]
    native public fun swap<Element>(self: &mut vector<Element>, left: u64, right: u64);
}
