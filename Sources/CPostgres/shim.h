#pragma once
#include <libpq-fe.h>

// Character constants are macros that Swift does not import.
static const int lookout_diag_sqlstate = PG_DIAG_SQLSTATE;
static const int lookout_diag_message = PG_DIAG_MESSAGE_PRIMARY;
