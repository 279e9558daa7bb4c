#pragma once
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call: one function per argument type.

static inline CURLcode lookout_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode lookout_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode lookout_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode lookout_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}

typedef size_t (*lookout_curl_bytes)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode lookout_curl_set_bytes_function(CURL *easy, CURLoption option, lookout_curl_bytes function) {
  return curl_easy_setopt(easy, option, function);
}

static inline CURLcode lookout_curl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode lookout_curl_get_time(CURL *easy, CURLINFO info, curl_off_t *microseconds) {
  return curl_easy_getinfo(easy, info, microseconds);
}

static inline CURLcode lookout_curl_get_size(CURL *easy, CURLINFO info, curl_off_t *bytes) {
  return curl_easy_getinfo(easy, info, bytes);
}

// The certificates that the peer has shown; NULL where there are none.
static inline const struct curl_certinfo *lookout_curl_get_certificates(CURL *easy) {
  struct curl_certinfo *certificates = NULL;
  return curl_easy_getinfo(easy, CURLINFO_CERTINFO, &certificates) == CURLE_OK ? certificates : NULL;
}

static inline const char *lookout_curl_get_string(CURL *easy, CURLINFO info) {
  char *text = NULL;
  return curl_easy_getinfo(easy, info, &text) == CURLE_OK ? text : NULL;
}

static inline CURLcode lookout_curl_get_pointer(CURL *easy, CURLINFO info, void **value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode lookout_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// The message union in CURLMsg, without reaching into a C union from Swift.
static inline CURLcode lookout_curl_message_result(const CURLMsg *message) {
  return message->data.result;
}
