import Ledger

/// What lies in a vault, looked at before a hospital opens: by names and sizes first, then what each says of itself,
/// side by side, as far as `LookingOrder` goes.
extension VaultReading {
  private static let enrolmentsFolder = "enrolments/"

  /// The newest snapshots of each station that say they are this hospital's, the newest first.
  /// - Parameters:
  ///   - known: stations that are the hospital's, which are looked at first.
  ///   - isWanted: one asked for by its name, which is looked at whatever else lies there.
  public func snapshots(
    revoked: Set<String>, known: Set<String> = [], isWanted: (VaultObject) -> Bool = { _ in false }
  ) async throws -> (candidates: [Candidate], passed: [Passed]) {
    var passed = PassedOver()
    let entries = try await entries(in: SnapshotName.folder, revoked, &passed, isWanted)
    var order = LookingOrder(entries, known: known, lookBytesMax: Self.beginningBytes)
    let candidates = try await look(&order, in: SnapshotName.folder, &passed) { object in
      let manifest = try await beginning(of: object)
      try check(manifest, .snapshot, revoked)
      return (Candidate(object: object, manifest: manifest), manifest)
    }
    let sorted = candidates.sortedStably { one, other in
      let (first, second) = (one.object, other.object)
      if one.manifest.sealedAt != other.manifest.sealedAt { return one.manifest.sealedAt > other.manifest.sealedAt }
      // Before those that say the same: they were copied from it.
      if let at = first.writtenAt, let then = second.writtenAt, at != then { return at < then }
      return first.path.precedesInBytes(second.path)
    }
    return (sorted, passed.all)
  }

  /// What each snapshot says of itself that says it is this hospital's: all of them, however many lie there.
  func eachSnapshot(_ body: (SealedManifest) -> Void) async throws {
    var passed = PassedOver()
    let objects = try await entries(in: SnapshotName.folder, [], &passed) { _ in false }.map(\.object)
    try await each(objects, .snapshot) { manifest in
      body(manifest)
      return true
    }
  }

  /// The same of segments, while `body` gives true.
  func eachSegment(_ body: (SealedManifest) -> Bool) async throws {
    let objects = try await segments().named.map(\.object).filter { $0.bytes >= SealHeader.fileBytesMin }
    try await each(objects, .lines, body)
  }

  private func each(
    _ objects: [VaultObject], _ kind: SealedManifest.Kind, _ body: (SealedManifest) -> Bool
  ) async throws {
    var rest = ArraySlice(objects)
    while !rest.isEmpty {
      let manifests = try await beside(Array(rest.prefix(LookingOrder.width))) { object in
        let manifest = try await beginning(of: object)
        try check(manifest, kind, [])
        return manifest
      }
      for manifest in manifests.compactMap({ try? $0.get() }) where !body(manifest) { return }
      rest = rest.dropFirst(LookingOrder.width)
    }
  }

  /// What those who enrolled and revoked stations sealed of that.
  struct Enrolments: Sendable {
    /// The mark that holds of each station that one names.
    var marks: [String: Revocation] = [:]
    /// Stations of this hospital that sealed some.
    var sealers: Set<String> = []
    /// Stations of this hospital whose first line is among them.
    var stations: Set<String> = []

    var revoked: Set<String> { Set(marks.values.filter { $0.last != nil }.map(\.station)) }

    /// Each mark holds by its own signature, in whatever line it comes.
    mutating func take(_ lines: [[UInt8]], root: String) {
      for line in lines {
        guard let commit = try? Commit(reading: line) else { continue }
        if let enrolment = try? Enrolment(checking: commit), enrolment.rootFingerprint.sameBytes(as: root) {
          stations.insert(commit.station)
        }
        for fact in commit.facts {
          guard let mark = Revocation(fact, root: root), marks[mark.station].map(mark.follows) ?? true else { continue }
          marks[mark.station] = mark
        }
      }
    }
  }

  /// Of the newest of each station that open; the others are passed over.
  func enrolments() async throws -> (enrolments: Enrolments, passed: [Passed]) {
    var passed = PassedOver()
    let entries = try await entries(in: Self.enrolmentsFolder, [], &passed) { _ in false }
    var order = LookingOrder(entries, known: [], lookBytesMax: Self.enrolmentBytesMax)
    let found = try await look(&order, in: Self.enrolmentsFolder, &passed) { object in
      let run = try await run(in: object, .enrolments)
      var found = Enrolments(sealers: [run.manifest.station])
      found.take(run.lines, root: root)
      return (found, run.manifest)
    }
    let all = found.reduce(into: Enrolments()) { all, one in
      all.sealers.formUnion(one.sealers)
      all.stations.formUnion(one.stations)
      all.marks.merge(one.marks) { $1.follows($0) ? $1 : $0 }
    }
    return (all, passed.all)
  }

  /// What may be a sealed file, by its name and its size.
  private func entries(
    in folder: String, _ revoked: Set<String>, _ passed: inout PassedOver, _ isWanted: (VaultObject) -> Bool
  ) async throws -> [LookingOrder.Entry] {
    let latest = now.adding(seconds: Self.aheadMaxSeconds)
    var entries: [LookingOrder.Entry] = []
    for object in try await target.list(folder) {
      let name = SnapshotName(path: SnapshotName.folder + object.name.dropFirst(folder.utf8.count))
      guard let name else {
        passed.add(Passed(object.path, VaultFault.refused("its name is not one that a station gives")))
        continue
      }
      guard object.bytes >= SealHeader.fileBytesMin else {
        passed.add(Passed(object.path, SealFailure.notSealed))
        continue
      }
      guard !revoked.contains(name.station) || isWanted(object) else {
        passed.add(Passed(object.path, Self.fault(ofRevoked: name.station)))
        continue
      }
      entries.append(
        LookingOrder.Entry(
          object: object, name: name, isAhead: name.time.instant > latest, isWanted: isWanted(object)))
    }
    return entries
  }

  /// Looks at what lies there, in that order, until enough was. What counts bears its own name: another one would say
  /// that it is newer than it is.
  private func look<Value: Sendable>(
    _ order: inout LookingOrder, in folder: String, _ passed: inout PassedOver,
    _ body: @escaping @Sendable (VaultObject) async throws -> (value: Value, manifest: SealedManifest)
  ) async throws -> [Value] {
    var found: [Value] = []
    while true {
      let entries = order.next()
      if entries.isEmpty { break }
      for (entry, outcome) in zip(entries, try await beside(entries.map(\.object), body)) {
        switch outcome {
        case .success(let one):
          order.heard(entry, counts: entry.name.isName(of: one.manifest))
          found.append(one.value)
        case .failure(let error):
          order.heard(entry, counts: false)
          passed.add(Passed(entry.object.path, error))
        }
      }
    }
    let (unseen, ahead) = order.unseen
    if unseen > 0 {
      passed.sums.append(
        Passed(folder, VaultFault.refused("\(unseen) more lie there than are looked at before the hospital opens")))
    }
    if ahead > 0 {
      passed.sums.append(
        Passed(folder, VaultFault.refused("\(ahead) more bear an hour to come, and were not looked at")))
    }
    return found
  }

  /// Each in its own task: what came of it, in their order.
  /// - Throws: what says nothing of what was sealed.
  private func beside<Value: Sendable>(
    _ objects: [VaultObject], _ body: @escaping @Sendable (VaultObject) async throws -> Value
  ) async throws -> [Result<Value, any Error>] {
    try await sideBySide(objects) { object in
      do { return .success(try await body(object)) } catch {
        if Self.isOfTheWorld(error) || error is CancellationError { throw error }
        return .failure(error)
      }
    }
  }

  /// What is passed over in one folder: each by its name as far as anybody reads on, then how many more.
  private struct PassedOver {
    private static let namedMax = 1000

    private var named: [Passed] = []
    private var more = 0
    /// Of what nobody looked at.
    var sums: [Passed] = []

    mutating func add(_ passed: Passed) {
      if named.count < Self.namedMax { named.append(passed) } else { more += 1 }
    }

    var all: [Passed] {
      guard more > 0, let last = named.last else { return named + sums }
      let folder = last.path.prefix { $0 != "/" }
      return named + [Passed("\(folder)/", VaultFault.refused("\(more) more are passed over in the same way"))] + sums
    }
  }
}

extension SnapshotName {
  /// Whether a station gave it to what says this of itself.
  fileprivate func isName(of manifest: SealedManifest) -> Bool {
    time == HybridTime(instant: manifest.sealedAt, counter: 0) && station == manifest.station
  }
}
