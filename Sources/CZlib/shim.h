#pragma once
#include <zlib.h>

// inflateInit2 is a macro, which Swift does not import. 15 is the largest window, 16 expects a gzip header (zlib.h).
static inline int lookout_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
