/* Entry of the kernel: its version, the functions of the interpreter it was given, and the functions it gives back.
 *
 * fd_function makes true built-in functions, whose calls cost a fifth of what a call through ctypes does. */
#include "kernel.h"

fd_host fd_py;

/* PyMethodDef; its layout and these two flags are part of the stable ABI. */
typedef struct {
    const char *name;
    void *function;
    int flags;
    const char *doc;
} method;

#define ONE_ARGUMENT 0x0008 /* METH_O */
#define FAST_CALL 0x0080    /* METH_FASTCALL */

static method METHODS[] = {
    {"b58decode", (void *)fd_b58decode, ONE_ARGUMENT, NULL},
    {"b58encode", (void *)fd_b58encode, ONE_ARGUMENT, NULL},
    {"b58keys", (void *)fd_b58keys, FAST_CALL, NULL},
    {"windows_new", (void *)fd_windows_new, ONE_ARGUMENT, NULL},
    {"windows_add", (void *)fd_windows_add, FAST_CALL, NULL},
    {"windows_bars", (void *)fd_windows_bars, FAST_CALL, NULL},
    {"windows_rolling", (void *)fd_windows_rolling, FAST_CALL, NULL},
    {"windows_size", (void *)fd_windows_size, ONE_ARGUMENT, NULL},
    {"windows_snapshot", (void *)fd_windows_snapshot, ONE_ARGUMENT, NULL},
    {"windows_restore", (void *)fd_windows_restore, ONE_ARGUMENT, NULL},
    {"read_logs", (void *)fd_read_logs, FAST_CALL, NULL},
    {"read_layout", (void *)fd_read_layout, FAST_CALL, NULL},
    {"read_notice", (void *)fd_read_notice, ONE_ARGUMENT, NULL},
    {"read_notified", (void *)fd_read_notified, FAST_CALL, NULL},
};

FD_API int32_t fd_abi(void) { return FD_ABI; }

FD_API void fd_init(const fd_host *host) { fd_py = *host; }

/* The n-th function as an object of the interpreter. */
FD_API void *fd_function(int32_t n) { return fd_py.function_new(&METHODS[n], NULL, NULL); }

void *fd_wrong_arguments(void) {
    fd_py.bad_argument();
    return NULL;
}
