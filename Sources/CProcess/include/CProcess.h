#pragma once

// What Swift cannot call: prctl is variadic, eventfd is in no module of its C library.

/// Has the kernel send `signal` to this process when the one that started it ends. Returns 0, or -1 with errno.
int lookout_end_with_parent(int signal);

/// A descriptor that becomes readable when the process ends (pidfd_open(2)), closed on exec; -1 with errno.
int lookout_open_process(int pid);

/// A counter to wake a thread with that waits for descriptors (eventfd(2)): non-blocking, closed on exec; -1 with errno.
int lookout_open_event(void);

/// Whether a file has an access list (acl(5)), which may give rights that its mode does not tell.
int lookout_has_access_list(const char *path);

/// Has the allocator give back what is freed (mallopt(3)). By itself, glibc takes the first large block that is freed for the size of things
/// to come, and keeps blocks of up to 32 MiB from then on, in each of up to eight arenas a core: one huge answer would stay in memory many
/// times over.
void lookout_give_back_freed_memory(void);
