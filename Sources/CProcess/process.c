#include "CProcess.h"

#include <sys/prctl.h>

int lookout_end_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
