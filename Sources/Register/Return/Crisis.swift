import GRDB
import Hospital
import Ledger

/// The last time that the hospital was without its main system, as far as it went.
public struct Crisis: Sendable, Equatable {
  /// When standby was left: what was written before is the copy.
  public var began: HybridTime
  /// When the main system was said to be on its way back: what its feed says from then on is its own state.
  public var returned: HybridTime?
  /// When it took charge again.
  public var ended: HybridTime?

  /// - Parameter said: of `mode/hospital`.
  init?(_ said: [Said]) {
    var found: Crisis?
    for fact in said.map(\.heard).sorted(by: { $0.time < $1.time }) where fact.fact.kind == "mode.declared" {
      guard let mode = fact.fact.data["mode"]?.string.flatMap(Mode.init) else { continue }
      switch mode {
      case .standby: if found?.ended == nil { found?.ended = fact.time }
      case .degraded:
        if found == nil || found?.ended != nil { found = Crisis(began: fact.time) }
        // It went away again.
        found?.returned = nil
      case .handback:
        if found == nil || found?.ended != nil { found = Crisis(began: fact.time) }
        if found?.returned == nil { found?.returned = fact.time }
      }
    }
    guard let found else { return nil }
    self = found
  }

  private init(began: HybridTime) { self.began = began }

  func isBefore(_ heard: Heard) -> Bool { heard.time < began }

  /// What the main system itself says since it is back.
  func isThere(_ heard: Heard) -> Bool {
    guard let returned, heard.isOfMainSystem, heard.time >= returned else { return false }
    return ended.map { heard.time < $0 } ?? true
  }

  /// What the main system itself says since it is back, each message once. What it said before and says again counts for
  /// nothing here, and is its own word there.
  func there(_ said: [Said]) -> [Said] {
    var first: [[String]: LineHash] = [:]
    return said.filter { said in
      guard isThere(said.heard), let source = said.heard.source else { return false }
      if said.heard.command.isEmpty { return true }
      let message = [said.heard.command, source.sender, source.control]
      let hash = first[message] ?? said.place.hash
      first[message] = hash
      return hash == said.place.hash
    }
  }

  /// It happened since the main system is back: what it says of that is no older state of its own.
  func isNews(_ instant: Instant) -> Bool { returned.map { instant >= $0.instant } ?? false }

  /// What was held here, whoever said it: all but what messages say since the main system is back, save what happened since.
  func isHere(_ heard: Heard) -> Bool {
    guard let returned, heard.source != nil, heard.time >= returned else { return true }
    return heard.fact.subject.hasPrefix("stay/") && heard.fact.at >= returned.instant
  }
}

extension Crisis {
  /// When the main system was said to be on its way back, as the writer knows it; nil in every mode but *reprise*.
  static func returned(_ subjects: Subjects, _ db: Database) throws -> HybridTime? {
    guard let mode = try subjects.known("mode/hospital", db), (mode.state as? ModeDeclaration)?.mode == .handback else {
      return nil
    }
    return Crisis(try Refolding(db).said(of: mode.id))?.returned
  }
}

extension Reading {
  /// nil where the hospital never left standby.
  public func crisis() throws -> Crisis? { Crisis(try history(of: "mode/hospital")) }
}
