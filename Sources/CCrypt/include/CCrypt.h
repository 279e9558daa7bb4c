#pragma once

// libxcrypt's crypt_rn(3) wants 32 KiB of memory that only C can lay out; here it is had, wiped and given back.

/// Whether `phrase` has the hash `hash`, whose prefix names the method (crypt(5)); compared in constant time.
/// 1: it has; 0: it has not; -1: the library cannot tell (a method that it does not know, a phrase of more than 511 bytes).
int lookout_crypt_matches(const char *phrase, const char *hash);

/// Writes the hash of `phrase` by the method, cost and salt of `setting` into the `size` bytes at `hash`. 0, or -1.
int lookout_crypt_hash(const char *phrase, const char *setting, char *hash, int size);
