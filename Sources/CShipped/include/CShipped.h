#pragma once

#include <stddef.h>

/// A file that is part of the program. Name and bytes live as long as the program.
typedef struct {
  const char *_Nonnull name;
  const unsigned char *_Nonnull bytes;
  size_t length;
} lookout_shipped_file;

size_t lookout_shipped_count(void);

/// The file at an index below the count; an empty file without a name beyond it.
lookout_shipped_file lookout_shipped(size_t index);
