"""The runtime calls a program may make: names of solana-program-runtime's registry that every cluster has enabled.

An undefined symbol that is not one of these is a mistake, most often a library function the compiler put in
(`memcpy`, `__udivti3`), and the loader would refuse it only when somebody pays for the deployment.
"""

SYSCALLS = frozenset(
    {
        "abort",
        "sol_panic_",
        "sol_log_",
        "sol_log_64_",
        "sol_log_pubkey",
        "sol_log_compute_units_",
        "sol_log_data",
        "sol_create_program_address",
        "sol_try_find_program_address",
        "sol_sha256",
        "sol_keccak256",
        "sol_get_clock_sysvar",
        "sol_get_rent_sysvar",
        "sol_memcpy_",
        "sol_memmove_",
        "sol_memcmp_",
        "sol_memset_",
        "sol_invoke_signed_c",
        "sol_set_return_data",
        "sol_get_return_data",
        "sol_get_stack_height",
    }
)
