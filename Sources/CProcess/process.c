#include "CProcess.h"

#include <sys/eventfd.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

int lookout_end_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }

// A system call by number: musl and older glibc have no function for it.
int lookout_open_process(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int lookout_has_access_list(const char *path) { return getxattr(path, "system.posix_acl_access", NULL, 0) > 0; }

int lookout_open_event(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
#ifdef __GLIBC__
#include <malloc.h>

void lookout_give_back_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
  mallopt(M_ARENA_MAX, 2);
}
#else
void lookout_give_back_freed_memory(void) {}
#endif
