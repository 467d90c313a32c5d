import Register

/// How far what lies beside a peer's lines was taken.
struct BesidePlace: Sendable {
  /// The peer's own number of the last entry that was looked at.
  var after = 0
  /// Some were refused: whose they are may be known later.
  var hasRefused = false
}

extension Pulling {
  /// Takes what lies beside the peer's lines, after the lines themselves: those say whose word counts.
  func pullBeside(upTo end: Int, over link: any PeerLink) async throws {
    // A peer that counts from the beginning again has another store.
    if end < beside.after { beside = BesidePlace() }
    guard end > beside.after else { return note(lacksBeside: false) }
    note(lacksBeside: true)
    let (limits, environment) = (limits, environment)
    while beside.after < end {
      let asked = beside.after
      let entries = try await environment.within(limits.answer) { try await link.beside(after: asked) }
      guard let last = entries.last else { throw PeerFault.cut }
      if try store.takeInBeside(entries.map(\.bytes)).refused > 0 { beside.hasRefused = true }
      beside.after = last.number
    }
    note(lacksBeside: false)
  }
}
