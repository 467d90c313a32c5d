import Hospital
import Ledger

/// What one commit alone makes of a subject: its state, where nothing was said of it before. Made on another core than
/// the one that writes, where many lines come at once.
struct FoldedAlone: Sendable {
  /// `Position.bytes` of its newest fact.
  let newest: [UInt8]
  let state: any Folded
  /// The state as it is kept.
  let stored: [UInt8]
  /// What a patient is found by.
  let entry: SearchEntry?

  /// nil where no fold knows the subject.
  init?(_ part: SubjectPart, of commit: Commit) {
    guard let folded = part.folded(onto: nil, of: commit) else { return nil }
    (state, newest) = folded
    stored = state.stored.bytes
    entry = (state as? Patient).map(SearchEntry.init)
  }
}
