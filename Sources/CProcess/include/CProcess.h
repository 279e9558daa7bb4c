#pragma once

// prctl is variadic, which Swift cannot call.

/// Has the kernel send `signal` to this process when the one that started it ends. Returns 0, or -1 with errno.
int lookout_end_with_parent(int signal);
