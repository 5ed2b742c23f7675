/* What every part of the kernel shares. Freestanding C11: no libc, no Python headers; the few functions of the
 * interpreter that are used (all in its stable ABI) are handed over once by fd_init, so nothing is left to the linker. */
#ifndef FLUXDESK_KERNEL_H
#define FLUXDESK_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* Raised whenever a function or a layout changes; native/__init__.py refuses a library that says another one. */
#define FD_ABI 5

#define FD_API __attribute__((visibility("default")))

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int value, size_t size);

typedef struct {
    void *(*bytes_from)(const char *data, intptr_t size);          /* PyBytes_FromStringAndSize */
    int (*bytes_as)(void *object, char **data, intptr_t *size);    /* PyBytes_AsStringAndSize */
    void *(*text_from)(const char *data, intptr_t size);           /* PyUnicode_FromStringAndSize */
    const char *(*text_as)(void *object, intptr_t *size);          /* PyUnicode_AsUTF8AndSize */
    void *(*tuple_new)(intptr_t size);                             /* PyTuple_New */
    int (*tuple_set)(void *tuple, intptr_t at, void *item);        /* PyTuple_SetItem, steals the item */
    void *(*function_new)(const void *method, void *self, void *module); /* PyCFunction_NewEx */
    int (*bad_argument)(void);                                     /* PyErr_BadArgument */
    void *(*no_memory)(void);                                      /* PyErr_NoMemory */
    void *(*error)(void);                                          /* PyErr_Occurred */
    long long (*long_as)(void *object);                            /* PyLong_AsLongLong */
    void *(*long_from)(intptr_t value);                            /* PyLong_FromSsize_t */
    void *(*capsule_new)(void *pointer, const char *name, void (*gone)(void *capsule)); /* PyCapsule_New */
    void *(*capsule_pointer)(void *capsule, const char *name);     /* PyCapsule_GetPointer */
    void (*incref)(void *object);                                  /* Py_IncRef */
    void *(*malloc)(size_t size);                                  /* PyMem_RawMalloc */
    void *(*realloc)(void *memory, size_t size);                   /* PyMem_RawRealloc */
    void (*free)(void *memory);                                    /* PyMem_RawFree */
    intptr_t (*list_size)(void *list);                             /* PyList_Size */
    void *(*list_get)(void *list, intptr_t at);                    /* PyList_GetItem, borrowed */
    intptr_t (*tuple_size)(void *tuple);                           /* PyTuple_Size */
    void *(*tuple_get)(void *tuple, intptr_t at);                  /* PyTuple_GetItem, borrowed */
    void (*decref)(void *object);                                  /* Py_DecRef */
    void *(*unsigned_from)(unsigned long long value);              /* PyLong_FromUnsignedLongLong */
    void *(*long_from_text)(const char *text, char **end, int base); /* PyLong_FromString */
    void *(*list_new)(intptr_t size);                              /* PyList_New */
    int (*list_set)(void *list, intptr_t at, void *item);          /* PyList_SetItem, steals the item */
    void (*clear)(void);                                           /* PyErr_Clear */
    void *none;                                                    /* Py_None */
    void *true_, *false_;                                          /* Py_True, Py_False */
} fd_host;

extern fd_host fd_py;

/* Sets TypeError and returns NULL. */
void *fd_wrong_arguments(void);

void *fd_b58decode(void *self, void *object);
void *fd_b58encode(void *self, void *object);
void *fd_b58keys(void *self, void *const *arguments, intptr_t given);

/* Writes the base58 text of a 32-byte key (at most 44 characters) and returns its length. */
intptr_t fd_write_key(const uint8_t *key, char *text);

void *fd_read_logs(void *self, void *const *arguments, intptr_t given);
void *fd_read_notice(void *self, void *frame);
void *fd_read_notified(void *self, void *const *arguments, intptr_t given);
void *fd_read_layout(void *self, void *const *arguments, intptr_t given);

void *fd_windows_new(void *self, void *object);
void *fd_windows_add(void *self, void *const *arguments, intptr_t given);
void *fd_windows_bars(void *self, void *const *arguments, intptr_t given);
void *fd_windows_rolling(void *self, void *const *arguments, intptr_t given);
void *fd_windows_size(void *self, void *object);
void *fd_windows_snapshot(void *self, void *object);
void *fd_windows_restore(void *self, void *object);

#endif
