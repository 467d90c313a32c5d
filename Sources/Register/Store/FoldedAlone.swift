import Hospital
import Ledger

/// What one commit alone makes of a subject that it speaks of: its state, where nothing was said of it before. Made
/// on another core than the one that writes, where many lines come at once.
struct FoldedAlone: Sendable {
  let part: SubjectPart
  /// nil where no fold knows the subject.
  let known: Known?

  struct Known: Sendable {
    /// `Position.bytes` of its newest fact.
    let newest: [UInt8]
    let state: any Folded
    /// The state as it is kept.
    let stored: [UInt8]
    /// What a patient is found by.
    let entry: SearchEntry?
  }

  /// In the order of `SubjectPart.all`.
  static func all(of commit: Commit) -> [FoldedAlone] {
    SubjectPart.all(of: commit).map { FoldedAlone($0, of: commit) }
  }

  /// Without the state: what is cheap enough to ask of the writer.
  static func unfolded(_ commit: Commit) -> [FoldedAlone] {
    SubjectPart.all(of: commit).map { FoldedAlone(part: $0, known: nil) }
  }
}

extension FoldedAlone {
  private init(_ part: SubjectPart, of commit: Commit) {
    self.part = part
    guard let type = FoldedKinds.type(of: part.subject) else {
      known = nil
      return
    }
    var state = type.init(id: part.subject)
    for place in part.places { state.fold(Heard(commit, place: place)) }
    known = Known(
      newest: Position(commit, place: part.places[part.places.count - 1]).bytes, state: state,
      stored: state.stored.bytes, entry: (state as? Patient).map(SearchEntry.init))
  }
}
