#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression in RE2 syntax, where `.` matches a line feed too. Matching from several threads at once is safe.
typedef struct lookout_re2 lookout_re2;

/// Compiles a pattern of any bytes; `max_memory` bounds the program and the automaton's cache, in bytes.
/// Returns NULL only when there is no memory; a bad pattern gives an object with an error.
lookout_re2 *_Nullable lookout_re2_create(const char *_Nullable pattern, size_t length, int64_t max_memory);

void lookout_re2_free(lookout_re2 *_Nonnull expression);

/// What is wrong with the pattern, or NULL where it is good. Lives as long as the expression.
const char *_Nullable lookout_re2_error(const lookout_re2 *_Nonnull expression);

/// Whether the text (anchored: the whole of it) matches; false for an expression with an error.
bool lookout_re2_matches(const lookout_re2 *_Nonnull expression, const char *_Nullable text, size_t length, bool anchored);

/// Bytes of a text, start to end; -1 for both where a group took no part in a match.
typedef struct {
  int64_t start;
  int64_t end;
} lookout_re2_range;

/// How many groups the pattern has; -1 for an expression with an error.
int32_t lookout_re2_group_count(const lookout_re2 *_Nonnull expression);

/// The name of a group, from 1 on, or NULL where it has none. Lives as long as the expression.
const char *_Nullable lookout_re2_group_name(const lookout_re2 *_Nonnull expression, int32_t group);

/// As lookout_re2_matches, from `start` on; fills `ranges` with the whole match and the first groups.
bool lookout_re2_groups(const lookout_re2 *_Nonnull expression, const char *_Nullable text, size_t length, size_t start, bool anchored,
                        lookout_re2_range *_Nonnull ranges, size_t count);

/// Several expressions that are looked for in one pass over a text. Matching from several threads at once is safe.
typedef struct lookout_re2_set lookout_re2_set;

/// An empty set; `max_memory` bounds the automaton of all expressions together, in bytes. NULL when there is no memory.
lookout_re2_set *_Nullable lookout_re2_set_create(int64_t max_memory);

void lookout_re2_set_free(lookout_re2_set *_Nonnull set);

/// Adds an expression and returns its number, from 0 on; -1 where it does not compile. Not after lookout_re2_set_compile.
int32_t lookout_re2_set_add(lookout_re2_set *_Nonnull set, const char *_Nullable pattern, size_t length);

/// Returns whether there was memory enough.
bool lookout_re2_set_compile(lookout_re2_set *_Nonnull set);

/// Writes the numbers of the expressions that match anywhere in the text, at most `room` of them, in rising order, and returns how many
/// they are; -1 where the automaton ran out of memory: then nothing is known.
int32_t lookout_re2_set_match(const lookout_re2_set *_Nonnull set, const char *_Nullable text, size_t length, int32_t *_Nonnull numbers,
                              size_t room);

#ifdef __cplusplus
}
#endif
