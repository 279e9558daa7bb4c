#pragma once

// prctl is variadic, which Swift cannot call.

/// Has the kernel send `signal` to this process when the one that started it ends. Returns 0, or -1 with errno.
int lookout_end_with_parent(int signal);

/// A descriptor that becomes readable when the process ends (pidfd_open(2)), closed on exec; -1 with errno.
int lookout_open_process(int pid);
