import Ledger

/// Facts of one subject that cannot all be, said by stations of which neither had the other's before it. What somebody
/// says who knows what was said before is no contradiction: it is what happened next.
public enum Contradiction {
  /// Whether whoever said the first had the second before them.
  public typealias HadSeen = (_ later: Said, _ earlier: Said) throws -> Bool

  /// In which ways facts of this subject may contradict each other.
  public static func kinds(of subject: String) -> [Conflict.Kind] {
    if subject.hasPrefix("stay/") { return [.stay] }
    if subject.hasPrefix("patient/") { return [.traits] }
    if subject.hasPrefix("emergency/") { return [.orientation, .triage] }
    return subject.hasPrefix("announcement/") ? [.announced] : []
  }

  /// The facts of a history that contradict each other in one way, oldest first; none where all is well.
  ///
  /// What one feed says never contradicts itself: its control ids order it. Nor does a movement that was cancelled
  /// since, or what somebody said again who had both before them.
  public static func parties(
    _ history: [Said], _ kind: Conflict.Kind, of subject: String, hadSeen: HadSeen
  ) rethrows -> [Said] {
    switch kind {
    case .stay: try stay(history, subject, hadSeen)
    case .traits: try traits(history, hadSeen)
    case .orientation: try OrientationClaim.parties(history, hadSeen: hadSeen)
    case .triage: try standing(history.of(.triaged), differing: ["level"], hadSeen)
    case .announced:
      try standing(history.filter { $0.heard.fact.kind == "announcement.arrived" }, differing: ["stay"], hadSeen)
    case .bed, .identifier, .ins, .label, .person, .number, .ring, .claimed, .movement, .fork: []
    }
  }

  /// Of facts of one kind those that nobody followed who had them before them, and that a blind one contradicts.
  /// - Parameter keys: of what each says; where they agree on all, nothing is contradicted.
  static func standing(_ said: [Said], differing keys: [String], _ hadSeen: HadSeen) rethrows -> [Said] {
    let standing = try said.filter { one in
      try !said.contains { try $0.place != one.place && hadSeen($0, one) }
    }
    return standing.filter { one in
      standing.contains { other in
        keys.contains { other.heard.fact.data[$0] != one.heard.fact.data[$0] } && !isOneSpeaker(other, one)
      }
    }
  }

  /// What each side says: facts that know of each other stand together.
  public static func sides(_ parties: [Said], hadSeen: HadSeen) rethrows -> [[Said]] {
    var sides: [[Said]] = []
    for said in parties {
      let index = try sides.firstIndex { side in
        try side.allSatisfy {
          try $0.heard.station.sameBytes(as: said.heard.station) && !isBlind(said, $0, hadSeen)
        }
      }
      if let index { sides[index].append(said) } else { sides.append([said]) }
    }
    return sides
  }

  private static func stay(_ history: [Said], _ subject: String, _ hadSeen: HadSeen) rethrows -> [Said] {
    var stay = Stay(id: subject)
    for said in history { stay.fold(said.heard) }
    let cancelled = Set(stay.movements.filter(\.cancelled).map(\.key))
    let claims = history.enumerated().compactMap { index, said -> (index: Int, said: Said, claim: StayClaim)? in
      guard let claim = StayClaim(said.heard.fact, of: stay),
        claim.movement.map({ !cancelled.contains($0) }) ?? true
      else { return nil }
      return (index, said, claim)
    }
    return try parties(history, claims.map(\.index), hadSeen) { one, other in
      claims[one].claim.contradicts(claims[other].claim)
    } isOver: { one, other in
      let pair = [claims[one], claims[other]]
      return try claims.contains { later in
        try pair.allSatisfy { later.claim.replaces($0.claim) }
          && hasDecided(later.said, between: pair.map(\.said), hadSeen)
      }
    }
  }

  private static func traits(_ history: [Said], _ hadSeen: HadSeen) rethrows -> [Said] {
    let claims = history.enumerated().compactMap { index, said in
      TraitClaim(said.heard.fact).map { (index: index, said: said, traits: $0) }
    }
    func isSaidAgain(_ trait: String, after pair: [Said]) throws -> Bool {
      try claims.contains { try $0.traits.traits[trait] != nil && hasDecided($0.said, between: pair, hadSeen) }
    }
    return try parties(history, claims.map(\.index), hadSeen) { one, other in
      !claims[one].traits.differing(from: claims[other].traits).isEmpty
    } isOver: { one, other in
      try claims[one].traits.differing(from: claims[other].traits).allSatisfy {
        try isSaidAgain($0, after: [claims[one].said, claims[other].said])
      }
    }
  }

  /// - Parameters:
  ///   - claiming: places in the history.
  ///   - contradict: of two places in `claiming`.
  ///   - isOver: the same, though neither had seen the other.
  private static func parties(
    _ history: [Said], _ claiming: [Int], _ hadSeen: HadSeen, contradict: (Int, Int) -> Bool,
    isOver: (Int, Int) throws -> Bool
  ) rethrows -> [Said] {
    var found: Set<Int> = []
    for (one, first) in claiming.enumerated() {
      for (other, second) in claiming.enumerated().dropFirst(one + 1) {
        guard !isOneSpeaker(history[first], history[second]), contradict(one, other),
          try isBlind(history[first], history[second], hadSeen), try !isOver(one, other)
        else { continue }
        found.formUnion([first, second])
      }
    }
    return found.sorted().map { history[$0] }
  }

  /// A person who had both before them.
  private static func hasDecided(_ later: Said, between pair: [Said], _ hadSeen: HadSeen) rethrows -> Bool {
    try later.heard.source == nil && pair.allSatisfy { try $0.place != later.place && hadSeen(later, $0) }
  }

  private static func isOneSpeaker(_ one: Said, _ other: Said) -> Bool {
    if one.place.isBeside(other.place) { return true }
    guard let first = one.heard.source, let second = other.heard.source else { return false }
    return first.sender.sameBytes(as: second.sender)
  }

  private static func isBlind(_ one: Said, _ other: Said, _ hadSeen: HadSeen) rethrows -> Bool {
    try !hadSeen(one, other) && !hadSeen(other, one)
  }
}

extension [Said] {
  func of(_ kind: EmergencyFact) -> [Said] { filter { $0.heard.fact.kind == kind.rawValue } }
}
