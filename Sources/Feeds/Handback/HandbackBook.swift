import Hospital
import Interop
import Ledger
import Register
import Synchronization

/// What is left of the way back, worked out person by person and kept: a reading works out anew whoever was spoken of
/// since the last one, and nobody else. Whoever has something to do with each other is one group.
public final class HandbackBook: Sendable {
  private let register: Register
  private let kept = Mutex<Kept?>(nil)

  public init(_ register: Register) { self.register = register }

  /// The roads that people walk, as they stand at that instant.
  public func overview(at now: Instant) throws -> ReentryOverview { try reading(at: now) { $1.overview } }

  /// What is left to do for one stay or person, and what of it was told; nil for one that never had to go back.
  /// - Parameter id: of the item, without what kind it is.
  public func item(_ id: String, at now: Instant) throws -> ReentryQueue.Item? {
    try reading(at: now) { reading, kept in
      for subject in ["stay/\(id)", "patient/\(id)"] {
        guard let group = kept.group(of: subject) else { continue }
        let queue = try group.queue(reading, at: now)
        if let item = queue.items.first(where: { $0.item.sameBytes(as: subject) }) { return item }
        guard let told = queue.told.first(where: { $0.item.sameBytes(as: subject) }) else { continue }
        return try ReentryQueue.Item(told: told, reading, at: now)
      }
      return nil
    }
  }

  /// Messages that are not acknowledged, and wait for nobody but their turn, or for one before them that was refused.
  func pending(_ settings: SendingSettings, at now: Instant) throws -> Int {
    try reading(at: now) { reading, kept in
      var pending = 0
      for number in kept.groups.keys {
        if let known = kept.groups[number]?.pending {
          pending += known
          continue
        }
        let counted = try kept.groups[number]?.messages(reading, settings, at: now).flatMap(\.messages)
          .count { $0.answer == nil || $0.answer?.status == .again }
        kept.groups[number]?.pending = counted
        pending += counted ?? 0
      }
      return pending
    }
  }

  /// What is left to send of whom a commit speaks, as it stands; of the commit itself, with what is known today too.
  func told(around commit: CommitPlace, _ settings: SendingSettings, at now: Instant) throws -> [HandbackPlan.Told] {
    try reading(at: now) { reading, kept in
      try kept.group(of: Handback.subject(of: commit))?.messages(reading, settings, at: now, remaking: commit) ?? []
    }
  }

  /// Whom each of these commits speaks of, `patient/<uuid>`, and whether some road has told it.
  func standing(
    of commits: [CommitPlace], at now: Instant
  ) throws -> [CommitPlace: (patient: String?, isDone: Bool)] {
    try reading(at: now) { reading, kept in
      var found: [CommitPlace: (patient: String?, isDone: Bool)] = [:]
      for place in commits {
        let commit = kept.group(of: Handback.subject(of: place))?.commits.first { $0.place == place }
        guard let commit else { continue }
        let patient =
          try commit.subjects.first { $0.hasPrefix("patient/") }
          ?? commit.subjects.first.flatMap { try reading.stay($0)?.patient }
        found[place] = (patient, commit.isDone)
      }
      return found
    }
  }

  private func reading<Value: Sendable>(at now: Instant, _ body: (Reading, inout Kept) throws -> Value) throws -> Value
  {
    try kept.withLock { known in
      try register.read { reading in
        // Not held twice, so that it is changed where it lies.
        var kept = known.take()
        if try kept?.catchUp(reading, at: now) != true { kept = nil }
        var current = try kept.take() ?? Kept(reading, at: now)
        let value = try body(reading, &current)
        known = current
        return value
      }
    }
  }
}

/// The roads that people walk, in the queue's order.
public struct ReentryOverview: Sendable {
  /// One with something left to tell.
  public struct Row: Sendable {
    public var item: String
    public var rank: ReentryQueue.Rank
    public var since: HybridTime
    /// The stay's, else the person's: lists are read by more people than files, and name nobody.
    public var number: String?
    public var state: Reentry?

    static func < (one: Row, two: Row) -> Bool {
      (one.rank.rawValue, one.since, one.item) < (two.rank.rawValue, two.since, two.item)
    }
  }

  public internal(set) var open: [Row] = []
  public internal(set) var counts = ReentryCounts()
  /// Told, and not spoken of by the main system's feed since; a screen each.
  public internal(set) var unconfirmed: [ReentryQueue.Told] = []
}
