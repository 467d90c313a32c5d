import GRDB
import Hospital
import Ledger

/// How a station goes on whose chain forked, or was dated by a clock that ran ahead: its old chain ends, and it opens
/// another, under a new key and name.
extension Register {
  /// Whether lines of this station are here that another machine under its name said, or itself before somebody put
  /// it back.
  public func isForked() throws -> Bool { try (tips()[station] ?? []).count > 1 }

  /// Whether this station's last line is later than its clock allows: the clock ran ahead, and was set since.
  public func isAhead(now: Instant) throws -> Bool { try read { try $0.isAhead(station, now: now) } }

  /// Says that a station is gone: what its clock dated later than now counts as of now.
  /// - Throws: `RegisterFault.key` where this station holds no enrolling key.
  public func end(station: String, environment: Environment) async throws {
    let fact = try ending(of: station, now: environment.now())
    _ = try await submit(Submission(Saying(facts: [fact]), key: environment.newID(), author: "system"))
  }

  /// Not by a clock that is itself in doubt: set to 1970, it would put years of lines there.
  private func ending(of station: String, now: Instant) throws -> Fact {
    guard try !isAhead(now: now) else { throw Refusal("clock-in-doubt") }
    let authority = try authority()
    do throws(KeyFault) { return try authority.end(station: station, at: now) } catch { throw RegisterFault(error) }
  }

  /// Certifies the same machine anew, with the enrolling key that this station holds, gives it numbers, and says whose
  /// successor it is.
  /// - Parameters:
  ///   - old: the name of its chain, which must have forked or, of another station, be ahead: whether it is this clock
  ///     that is wrong, this station cannot tell alone.
  ///   - key: made on that machine, which alone has its private half.
  /// - Throws: `Refusal`, or `RegisterFault.key` where this station holds no enrolling key.
  public func enrolAnew(_ old: String, key: PublicKey, environment: Environment) async throws -> Enrolment {
    let now = environment.now()
    let (tips, successors, isAhead) = try read {
      (
        try $0.heads()[old] ?? [], try $0.successors(of: old),
        try $0.isAhead(old, now: now) && !$0.isAhead(station, now: now)
      )
    }
    let people = StationName.shown(old)
    if let name = StationName.make(people: people, key: key), successors.contains(name) {
      return try enrol(station: people, key: key, environment: environment)
    }
    // One for each branch: whoever asks again and again would use up this station's numbers.
    guard tips.count > 1 || isAhead, successors.count < min(tips.count, Self.successorsMax) else {
      throw Refusal("station-not-forked")
    }
    let enrolment = try enrol(station: people, key: key, environment: environment)
    guard let name = enrolment.station else { throw RegisterFault.key("the certificate names no station") }
    var said = [
      Fact(kind: KnownStation.continuedKind, subject: "station/\(name)", at: now, data: ["of": .string(old)])
    ]
    if isAhead { said.append(try ending(of: old, now: now)) }
    _ = try await submit(
      Submission(
        InOneCommit(CedeNumbers(to: name)) { [said] _ in Saying(facts: said) }, key: environment.newID(),
        author: "system"))
    return enrolment
  }

  /// A chain that forks more often than this is for a person to look at.
  private static let successorsMax = 4

  /// Ends this station's chain and opens that of its new name. Nothing more is written here: the folder is opened
  /// anew.
  /// - Parameter key: whose public half `enrolment` certifies.
  public func renew(_ key: SigningKey, _ enrolment: Enrolment) throws {
    let writer = try opened()
    guard let name = enrolment.station, enrolment.publicKey == key.publicKey,
      enrolment.rootFingerprint.sameBytes(as: writer.chainKeys.root)
    else { throw RegisterFault.key("the new certificate is not for this key, or another hospital's") }
    try close()
    writer.stop("this station goes on as \(StationName.shown(name)), under another key")
    do {
      try folder.keepNext(key)
      try writer.between { desk in try desk.open(name, key, enrolment) }
      try folder.takeNext()
    } catch { throw RegisterFault(error) }
  }
}

extension WriterDesk {
  fileprivate func open(_ name: String, _ key: SigningKey, _ enrolment: Enrolment) throws {
    let old = self.chain.station
    var chain = Chain(station: name, key: key)
    let subjects = Subjects(station: name)
    let now = environment.now()
    // After what it has read, but not where its own clock was ahead.
    let isAhead = clock.last?.instant.isAhead(of: now) ?? false
    let time = isAhead ? HybridTime(instant: now, counter: 0) : nextTime()
    try pool.write { db in
      for old in [old, StationName.reads(of: old)] { try Tips(db).leave(old) }
      let commit = try chain.append(
        author: "system", command: environment.newID(), time: time,
        facts: [enrolment.opened(chain: name, at: now)])
      let commits = StoredCommits(db)
      let id = try commits.insert(commit, chain: commits.chain(name))
      try SaidHere.keep(commit, row: id, db)
      var applying = Applying(db, subjects)
      try applying.take(commit, id: id)
      try subjects.tally.write(db)
      // The numbers that the old name had left are nobody's now.
      let range = try subjects.state("range/\(name)", db) as? NumberSlices
      try NumberRows.update(range ?? NumberSlices(id: "range/\(name)"), db)
      try db.prepared("UPDATE meta SET value = ? WHERE key = 'station'").run(.text(name))
    }
  }
}

extension KnownStation {
  /// What the station that enrols says of a new name: whose machine it is.
  static let continuedKind = "station.continued"
}

extension Reading {
  /// Whether the last line of a station is more than five minutes later than now.
  public func isAhead(_ station: String, now: Instant) throws -> Bool {
    try lastLine(of: station)?.isAhead(of: now) ?? false
  }

  /// What the last line of a station says of its hour; nil where it has none.
  public func lastLine(of station: String) throws -> Instant? { try StoredCommits(db).last(of: station)?.time.instant }

  /// New names of machines that were called so before.
  public func successors(of old: String) throws -> [String] {
    let names = try db.prepared("SELECT id, name FROM subjects WHERE name >= 'station/' AND name < 'station0'").all {
      ($0.integer(0), $0.text(1))
    }
    return try names.filter { id, _ in
      try StationFacts(db).all(of: id).contains {
        $0.fact.kind == KnownStation.continuedKind && $0.counting == .counts
          && $0.fact.data["of"]?.string?.sameBytes(as: old) ?? false
      }
    }.map { String($0.1.dropFirst("station/".utf8.count)) }
  }
}
