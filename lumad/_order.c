/* The order in which two processes see each other's memory: what Python has no word for.
 *
 * Plain C11 without Python.h, loaded by ctypes. Words are aligned and shared; order.py says who needs what.
 */
#include <stdatomic.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define EXPORT __attribute__((visibility("default")))
#else
#define EXPORT __declspec(dllexport)
#endif

#if ATOMIC_LLONG_LOCK_FREE != 2
#error "64-bit atomics with a lock hold in one process only"
#endif

_Static_assert(sizeof(_Atomic uint64_t) == sizeof(uint64_t), "an atomic word is a word");

EXPORT uint64_t lumad_load_acquire(const uint64_t *word);
EXPORT void lumad_store_release(uint64_t *word, uint64_t value);
EXPORT void lumad_fence_acquire(void);
EXPORT void lumad_fence_release(void);

/* Nothing after it is read before it. */
uint64_t lumad_load_acquire(const uint64_t *word)
{
    return atomic_load_explicit((const _Atomic uint64_t *)word, memory_order_acquire);
}

/* Everything before it is written before it. */
void lumad_store_release(uint64_t *word, uint64_t value)
{
    atomic_store_explicit((_Atomic uint64_t *)word, value, memory_order_release);
}

/* What was read before it was read before anything after it. */
void lumad_fence_acquire(void) { atomic_thread_fence(memory_order_acquire); }

/* What was read or written before it was so before anything after it is written. */
void lumad_fence_release(void) { atomic_thread_fence(memory_order_release); }
