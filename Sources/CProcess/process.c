#include "CProcess.h"

#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int lookout_end_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }

// A system call by number: musl and older glibc have no function for it.
int lookout_open_process(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int lookout_open_event(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
