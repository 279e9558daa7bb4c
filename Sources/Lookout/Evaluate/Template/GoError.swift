/// Why a function of a template, or a step of its execution, gives no value, in Go's words.
struct GoError: Error, Equatable {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
