extension ProgressLine {
  /// Of a round of looks.
  init(of board: Board<CheckRound.Progress>, style: OutputStyle) {
    self.init(style: style) { span in
      let progress = board.latest
      let counts = "\(Int(span.inSeconds)) s, \(progress.seen) seen" + (progress.waiting > 0 ? ", \(progress.waiting) wait" : "")
      let names = progress.underWay.map(\.check).joined(separator: ", ")
      return names.isEmpty ? "looking (\(counts))" : "looking (\(counts)): \(names)"
    }
  }
}
