import Ledger

/// Files of which people said that they are one person's. Merging copies nothing: what was said of each stays there, and
/// decisions ask for all of it.
extension World {
  /// Where following the merges from this identity ends: before the first that closes a ring.
  public func survivor(of patient: String) -> String { Merges.survivor(of: patient) { self.patient($0) } }

  /// Whose stay it is, under the identity that counts, with what was said of those that it absorbed.
  func person(of stay: Stay) -> Patient? { stay.patient.flatMap { patient(survivor(of: $0)) }.map(whole) }

  /// With what was said of the identities that it absorbed.
  func whole(_ patient: Patient) -> Patient { patient.completed(by: Array(files(of: patient).dropFirst())) }

  /// It, then those that it absorbed.
  func files(of patient: Patient) -> [Patient] {
    [patient] + absorbed(by: patient.id).compactMap { self.patient($0) }
  }

  /// One identity, or two that were merged.
  public func isOnePerson(_ one: String, _ other: String) -> Bool {
    one.sameBytes(as: other) || survivor(of: one).sameBytes(as: survivor(of: other))
  }
}

extension Patient {
  /// With the situations and answers of identities that it absorbed, as one person has them. Of one kind the one that
  /// began last holds, and this identity's own where both began at once, or where its feed spoke last.
  public func completed(by absorbed: [Patient]) -> Patient {
    var whole = self
    for other in absorbed {
      whole.answers.complete(by: other.answers)
      let (own, said) = (situationsSaid, other.situationsSaid)
      // A feed speaks of psychiatric care alone.
      let hasFeedSpoken = own?.sender != nil && said.map { $0.at < own?.at ?? $0.at } ?? true
      for situation in other.situations where !isEnded(situation, said: said?.at) {
        if let place = whole.situations.firstIndex(where: { $0.kind.sameBytes(as: situation.kind) }) {
          if hasFeedSpoken && situation.isCare || !situation.began(after: whole.situations[place]) { continue }
          whole.situations.remove(at: place)
        }
        whole.situations.append(situation)
        if let said, whole.situationsSaid.map({ $0.at < said.at }) ?? true { whole.situationsSaid = said }
      }
    }
    return whole
  }

  /// The feed of this identity said that psychiatric care ended, and this one has no name there, began before and was
  /// not said since.
  private func isEnded(_ situation: LegalSituation, said: Instant?) -> Bool {
    guard situation.isCare, situation.id == nil, let careEndedAt else { return false }
    return [situation.since, said].allSatisfy { $0.map { $0 <= careEndedAt } ?? true }
  }
}

extension LegalSituation {
  fileprivate var isCare: Bool { kind.sameBytes(as: SituationKind.psychiatric.rawValue) }

  fileprivate func began(after other: LegalSituation) -> Bool {
    guard let since else { return false }
    return other.since.map { $0 < since } ?? true
  }
}
