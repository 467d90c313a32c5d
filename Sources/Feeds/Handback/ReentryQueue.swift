import Hospital
import Interop
import Ledger
import Register

/// What goes back on the roads that people walk, a stay at a time, in their order: inpatients who are here, then who is
/// expected, emergency, outpatients and who has left, identities without a stay. It is what the messages would tell and
/// the legal situations that none tells, less what they have told.
public struct ReentryQueue: Sendable {
  public struct Item: Sendable {
    /// `stay/<uuid>`, or `patient/<uuid>` where the person has no stay in the queue.
    public var item: String
    public var stay: Stay?
    /// The file that lives on, with what was said of those that it absorbed.
    public var person: Patient?
    /// Of a newborn.
    public var mother: Patient?
    /// Of the bed in which they lie now.
    public var isolation: String?
    public var rank: Rank
    /// When the first of its commits was written.
    public var since: HybridTime
    /// Not told yet, by subject: its own first, then its person's.
    public var open: [NoteReentry.Part] = []
    /// Of the facts of those commits.
    public var kinds: Set<String> = []
    /// Told by a file, by subject.
    public var exported: [NoteReentry.Part] = []
    public var state: Reentry?
    /// Whether the main system has the person, and the stay; not looked up in a brief queue.
    public internal(set) var personKnown = Known.never
    public internal(set) var stayKnown = Known.never
    /// Other files of the person, of which the main system knows nothing, and goes on knowing nothing.
    public internal(set) var aliases: [Patient] = []
    /// In the order said, of what a file told too; none in a brief queue.
    public internal(set) var changes: [ReentryChange] = []

    /// What is left to tell, this item first, though nothing be left of it alone.
    public var parts: [NoteReentry.Part] {
      let isFirst = open.first?.item.sameBytes(as: item) ?? false
      return isFirst ? open : [NoteReentry.Part(item: item, commits: [])] + open
    }

    /// Of what is left to tell: another one once something was said since.
    public var version: String {
      Name.subject("reentry", item, open.flatMap(\.commits).map(\.hash.hex).joined(separator: " "))
    }

    /// Of whom it speaks.
    public var subjects: Set<String> { Set([item, person?.id].compactMap(\.self) + open.map(\.item)) }
  }

  /// Whether the main system has somebody or a stay, as far as is known here.
  public enum Known: Sendable {
    case never
    /// A file told it, and nothing else.
    case file
    case known
  }

  public enum Rank: Int, Sendable, CaseIterable {
    case present, expected, emergency, others, identity
  }

  /// What was told, and whether the main system's feed has spoken of it since.
  public struct Told: Sendable {
    public var item: String
    public var state: Reentry
    /// When the feed was heard to; nil where it has not.
    public var confirmedAt: Instant?
  }

  /// Those with something left to tell.
  public var open: [Item] { items.filter { !$0.open.isEmpty } }
  /// Those that a file holds: what is left, and what files held before.
  public private(set) var items: [Item] = []
  /// By item: a stay, or a person.
  public private(set) var told: [Told] = []
  /// The same a screen each: a person's own part went with their stay.
  public private(set) var screens: [Told] = []

  /// - Parameter isBrief: for what is left and in which order, and no screen or file.
  public init(_ reading: Reading, at now: Instant, isBrief: Bool = false) throws {
    try self.init(reading.commitsToHandBack(), reading.reentries(), reading, at: now, isBrief: isBrief)
  }

  /// - Parameters:
  ///   - said: of the roads that people walk, of those commits' items.
  ///   - isBrief: for what is left and in which order, and no screen or file.
  init(
    _ commits: [CommitToHandBack], _ said: [Reentry], _ reading: Reading, at now: Instant, isBrief: Bool = false
  ) throws {
    let states = Dictionary(
      said.compactMap { state in state.item.map { ($0, state) } }, uniquingKeysWith: { $1 })
    var found: [String: Item] = [:]
    for commit in commits where commit.isCarried {
      // Where messages told the rest, the person's legal situation is left, and nobody types the stay twice.
      let isLeft = commit.isLeftToPeople
      for name in isLeft ? commit.situated : commit.items {
        let entered = states[name]?.entered(commit.place)
        guard entered?.road == .csv || entered == nil && (isLeft || !commit.isDone) else { continue }
        var item =
          try found[name]
          ?? Item(item: name, reading, since: commit.time, state: states[name], at: now)
        if entered == nil {
          item.open.add(commit.place, of: name)
          item.kinds.formUnion(commit.kinds)
        } else {
          item.exported.add(commit.place, of: name)
        }
        found[name] = item
      }
    }
    var sorted = found.values.sorted {
      ($0.rank.rawValue, $0.since, $0.item) < ($1.rank.rawValue, $1.since, $1.item)
    }
    // What was said of a person, under whatever name, goes with the first screen of theirs: of a stay, else of the file
    // that lives on.
    var first: [String: Int] = [:]
    for isOfStay in [true, false] {
      for (place, item) in sorted.enumerated() where item.item.hasPrefix("stay/") == isOfStay {
        guard let person = item.person?.id, isOfStay || item.item.sameBytes(as: person) else { continue }
        first[person] = first[person] ?? place
      }
    }
    for (place, item) in sorted.enumerated() where item.item.hasPrefix("patient/") {
      guard let person = item.person?.id else { continue }
      let screen = first[person] ?? place
      first[person] = screen
      guard screen != place, let own = found.removeValue(forKey: item.item) else { continue }
      sorted[screen].open += own.open
      sorted[screen].kinds.formUnion(own.kinds)
      sorted[screen].exported += own.exported
    }
    items = sorted.filter { found[$0.item] != nil }
    if !isBrief {
      let knowledge = ReentryKnowledge(reading, commits, states)
      for place in items.indices { try knowledge.complete(&items[place]) }
    }
    told = try states.values.filter { !$0.entered.isEmpty }.sorted { $0.id.precedesInBytes($1.id) }.map { state in
      Told(item: state.item ?? "", state: state, confirmedAt: try Self.confirmed(state, reading))
    }
    let withStay = Set(
      try told.compactMap { try reading.stay($0.item)?.patient }.map { try reading.survivor(of: $0) })
    var met: Set<String> = []
    for told in told {
      if told.item.hasPrefix("patient/") {
        let person = try reading.survivor(of: told.item)
        guard !withStay.contains(person), met.insert(person).inserted else { continue }
      }
      screens.append(told)
    }
  }

  /// Linked to what the main system calls it, or spoken of by its feed since it was told.
  private static func confirmed(_ state: Reentry, _ reading: Reading) throws -> Instant? {
    guard let item = state.item, let since = state.entered.map(\.at).min() else { return nil }
    if let there = try reading.link(of: item) { return try reading.lastHeard(of: there) }
    let names = item.hasPrefix("patient/") ? [item, try reading.survivor(of: item)] : [item]
    return try names.compactMap { try reading.lastHeard(of: $0) }.filter { $0 >= since }.max()
  }
}

extension Reading {
  /// Under which name of the main system's own a stay or a person made here goes on: what people joined is no such.
  fileprivate func link(of item: String) throws -> String? {
    if item.hasPrefix("stay/") { return try stay(item)?.continuedAs }
    guard let there = try patient(item)?.mergedInto,
      let said = try history(of: item).last(where: { $0.heard.fact.kind == "patient.merged" }),
      said.heard.fact.isLink
    else { return nil }
    return there
  }
}

extension ReentryQueue.Item {
  /// Of what was told already.
  public init(told: ReentryQueue.Told, _ reading: Reading, at now: Instant) throws {
    let since = HybridTime(instant: told.state.entered.first?.at ?? now, counter: 0)
    try self.init(item: told.item, reading, since: since, state: told.state, at: now)
  }

  fileprivate init(item: String, _ reading: Reading, since: HybridTime, state: Reentry?, at now: Instant) throws {
    (self.item, self.since, self.state) = (item, since, state)
    stay = try reading.stay(item)
    // Told under the identity that lives on, and hidden as either is.
    if let own = try reading.patient(stay?.patient ?? item) {
      var one = try reading.patient(reading.survivor(of: own.id)).map(reading.whole) ?? own
      one.protected = one.protected || own.protected
      one.secret = one.secret || own.secret
      person = one
    }
    mother = try person.flatMap { try reading.mother(of: $0) }
    let lies = stay?.presence(at: now)?.place
    isolation = try lies.flatMap { try reading.structure?.bedID($0) }.flatMap { try reading.bed($0)?.isolation }
    rank = stay.map { Self.rank($0, at: now) } ?? .identity
  }

  static func rank(_ stay: Stay, at now: Instant) -> ReentryQueue.Rank {
    if let presence = stay.presence(at: now) {
      if presence.stayClass == .inpatient { return .present }
      return presence.stayClass == .emergency ? .emergency : .others
    }
    if stay.status(at: now) == .preadmitted { return .expected }
    return stay.stayClass == .emergency ? .emergency : .others
  }
}

extension CommitToHandBack {
  /// Some road carries something of it.
  var isCarried: Bool { !HandbackStory.untoldKinds.isSuperset(of: kinds) || !situations.isEmpty }
}

extension [NoteReentry.Part] {
  fileprivate mutating func add(_ commit: CommitPlace, of item: String) {
    if let place = firstIndex(where: { $0.item.sameBytes(as: item) }) {
      self[place].commits.append(commit)
    } else {
      append(NoteReentry.Part(item: item, commits: [commit]))
    }
  }
}

extension HandbackLinking {
  /// The main system's feed may have spoken of these subjects before it was noted that it was told of them.
  public static func linkAlike(
    _ subjects: Set<String>, _ register: Register, _ environment: Environment
  ) async throws {
    let alike = try register.read { try $0.subjectsAlike(subjects) }
    try await link(alike, register, environment)
  }
}
