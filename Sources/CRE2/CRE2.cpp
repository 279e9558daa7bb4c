#include "CRE2.h"

#include <algorithm>
#include <new>
#include <re2/re2.h>
#include <re2/set.h>
#include <vector>

struct lookout_re2 {
  re2::RE2 expression;

  lookout_re2(const re2::StringPiece &pattern, const re2::RE2::Options &options) : expression(pattern, options) {}
};

extern "C" lookout_re2 *lookout_re2_create(const char *pattern, size_t length, int64_t max_memory) {
  // No exception may cross into Swift.
  try {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(true);
    options.set_max_mem(max_memory);
    return new lookout_re2(re2::StringPiece(pattern, length), options);
  } catch (...) {
    return nullptr;
  }
}

extern "C" void lookout_re2_free(lookout_re2 *expression) { delete expression; }

extern "C" const char *lookout_re2_error(const lookout_re2 *expression) {
  return expression->expression.ok() ? nullptr : expression->expression.error().c_str();
}

extern "C" bool lookout_re2_matches(const lookout_re2 *expression, const char *text, size_t length, bool anchored) {
  if (!expression->expression.ok()) return false;
  const auto anchor = anchored ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED;
  try {
    return expression->expression.Match(re2::StringPiece(text, length), 0, length, anchor, nullptr, 0);
  } catch (...) {
    return false;
  }
}

extern "C" int32_t lookout_re2_group_count(const lookout_re2 *expression) { return expression->expression.NumberOfCapturingGroups(); }

extern "C" const char *lookout_re2_group_name(const lookout_re2 *expression, int32_t group) {
  if (!expression->expression.ok()) return nullptr;
  const auto &names = expression->expression.CapturingGroupNames();
  const auto found = names.find(group);
  return found == names.end() ? nullptr : found->second.c_str();
}

extern "C" bool lookout_re2_groups(const lookout_re2 *expression, const char *text, size_t length, size_t start, bool anchored,
                                   lookout_re2_range *ranges, size_t count) {
  if (!expression->expression.ok()) return false;
  const auto anchor = anchored ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED;
  try {
    // A null text would make an empty match look like none.
    const re2::StringPiece whole(text == nullptr ? "" : text, length);
    std::vector<re2::StringPiece> groups(count);
    if (!expression->expression.Match(whole, start, length, anchor, groups.data(), static_cast<int>(count))) return false;
    for (size_t index = 0; index < count; index++) {
      const bool takesPart = groups[index].data() != nullptr;
      ranges[index].start = takesPart ? groups[index].data() - whole.data() : -1;
      ranges[index].end = takesPart ? ranges[index].start + static_cast<int64_t>(groups[index].size()) : -1;
    }
    return true;
  } catch (...) {
    return false;
  }
}

struct lookout_re2_set {
  re2::RE2::Set expressions;

  explicit lookout_re2_set(const re2::RE2::Options &options) : expressions(options, re2::RE2::UNANCHORED) {}
};

extern "C" lookout_re2_set *lookout_re2_set_create(int64_t max_memory) {
  try {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(true);
    options.set_max_mem(max_memory);
    return new lookout_re2_set(options);
  } catch (...) {
    return nullptr;
  }
}

extern "C" void lookout_re2_set_free(lookout_re2_set *set) { delete set; }

extern "C" int32_t lookout_re2_set_add(lookout_re2_set *set, const char *pattern, size_t length) {
  try {
    return set->expressions.Add(re2::StringPiece(pattern, length), nullptr);
  } catch (...) {
    return -1;
  }
}

extern "C" bool lookout_re2_set_compile(lookout_re2_set *set) {
  try {
    return set->expressions.Compile();
  } catch (...) {
    return false;
  }
}

extern "C" int32_t lookout_re2_set_match(const lookout_re2_set *set, const char *text, size_t length, int32_t *numbers, size_t room) {
  try {
    std::vector<int> found;
    re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kNoError};
    set->expressions.Match(re2::StringPiece(text == nullptr ? "" : text, length), &found, &error);
    if (error.kind != re2::RE2::Set::kNoError) return -1;
    std::sort(found.begin(), found.end());
    const size_t count = std::min(found.size(), room);
    std::copy(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), numbers);
    return static_cast<int32_t>(count);
  } catch (...) {
    return -1;
  }
}
