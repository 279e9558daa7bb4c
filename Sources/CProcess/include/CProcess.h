#pragma once

// What Swift cannot call: prctl is variadic, eventfd is in no module of its C library.

/// Has the kernel send `signal` to this process when the one that started it ends. Returns 0, or -1 with errno.
int lookout_end_with_parent(int signal);

/// A descriptor that becomes readable when the process ends (pidfd_open(2)), closed on exec; -1 with errno.
int lookout_open_process(int pid);

/// A counter to wake a thread with that waits for descriptors (eventfd(2)): non-blocking, closed on exec; -1 with errno.
int lookout_open_event(void);
