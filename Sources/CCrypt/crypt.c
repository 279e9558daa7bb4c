#include "CCrypt.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

static void drop(struct crypt_data *data) {
  explicit_bzero(data, sizeof *data);
  free(data);
}

int lookout_crypt_hash(const char *phrase, const char *setting, char *hash, int size) {
  struct crypt_data *data = calloc(1, sizeof *data);
  if (!data) return -1;
  const char *made = crypt_rn(phrase, setting, data, (int)sizeof *data);
  size_t length = made ? strlen(made) + 1 : 0;
  int fits = made && made[0] != '*' && size > 0 && length <= (size_t)size;
  if (fits) memcpy(hash, made, length);
  drop(data);
  return fits ? 0 : -1;
}

int lookout_crypt_matches(const char *phrase, const char *hash) {
  char made[CRYPT_OUTPUT_SIZE] = {0};
  if (lookout_crypt_hash(phrase, hash, made, (int)sizeof made)) return -1;
  size_t length = strlen(hash);
  unsigned char difference = length != strlen(made);
  // Every byte is looked at, whatever those before it were.
  for (size_t i = 0; i < length && i < sizeof made; i++) difference |= (unsigned char)(made[i] ^ hash[i]);
  explicit_bzero(made, sizeof made);
  return difference ? 0 : 1;
}
