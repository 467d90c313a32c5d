import Foundation
import GRDB
import Hospital
import Ledger
import Register
import Testing

/// A copy of the store that leaves the station: what is in it, what becomes of it, and what is found in a false one.
struct SnapshotTests {
  private static func station() async throws -> TestStation {
    let station = try TestStation()
    for number in 1...5 {
      _ = try await station.register.submit(Submission(Number(), key: "\(number)", author: "system"))
    }
    try await station.say(.registered("patient/a", "MARTIN"))
    try await station.say(.stay("admitted", "stay/a", patient: "patient/a", key: "1", bed: "4EST|1|A"))
    return station
  }

  @Test func theCopyIsTheStore() async throws {
    let station = try await Self.station()
    let path = "\(station.folder.path)/copy"
    let snapshot = try station.register.snapshot(to: path)
    #expect(snapshot.digest == (try station.register.read { try $0.digest() }))
    #expect(snapshot.counts["patients"] == 6)
    #expect(snapshot.counts["openStays"] == 1)
    let proof = try Register.prove(snapshot: path, root: station.register.rootFingerprint())
    #expect(proof.failure == nil)
    #expect(proof.verification.commits == snapshot.counts["commits"])
  }

  /// Whoever writes while it is made goes on, and it holds what was there before.
  @Test func itLocksNobodyOut() async throws {
    let station = try await Self.station()
    let before = try station.register.read { try $0.digest() }
    try DatabaseQueue(path: "\(station.folder.path)/store.sqlite").inTransaction(.immediate) { _ in
      let snapshot = try station.register.snapshot(to: "\(station.folder.path)/copy")
      #expect(snapshot.digest == before)
      return .rollback
    }
  }

  /// Under a name of its own, with the others' lines, and none of the lost station's numbers.
  @Test func aStationIsMadeOfIt() async throws {
    let station = try await Self.station()
    let path = "\(station.folder.path)/copy"
    let snapshot = try station.register.snapshot(to: path)
    let folder = try TemporaryFolder()
    let root = try #require(try station.register.rootKey())
    try Register.restore(
      snapshot: path, in: folder.path, station: "secours-1", root: root, hospital: "Essai", unverified: "copy",
      environment: station.environment.environment)
    let restored = try Register(
      folder: folder.path, access: .writing, environment: station.environment.environment)
    #expect(restored.station.hasPrefix("secours-1-"))
    #expect(try restored.unverified() == "copy")
    #expect(try restored.read { try $0.digest() }.digest == snapshot.digest.digest)
    #expect(try restored.read { try $0.numbersLeft(.ipp) } == NumbersLeft(left: 0, granted: 0))
    #expect(try restored.verifyLedger().failures == [])
    // It says that it has seen the lost station's lines, and goes on after them.
    _ = try await restored.submit(
      Submission(Say([.registered("patient/b", "DURAND")]), key: "b", author: "system"))
    let heads = try restored.read { try $0.digest() }.heads
    #expect(heads[station.register.station] == snapshot.digest.heads[station.register.station])
    let head = try #require(heads[restored.station]?.first)
    let line = try #require(try restored.lines(endingAt: head.hash, after: 1, bytes: 1_000_000)?.last)
    #expect(try Commit(reading: line).witnessed.map(\.station) == [station.register.station])
    // The lost one was not lost: each takes what the other said.
    let lines = try await station.register.takeIn(Self.lines(of: restored), from: "test")
    #expect(lines.aside == 0 && lines.accepted == 2)
    try restored.noteVerified()
    #expect(try restored.unverified() == nil)
  }

  /// As a thief of the sealing station would.
  private static func change(_ path: String, _ sql: String) throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
  }

  private static func lines(of register: Register) throws -> [[UInt8]] {
    try register.tips()[register.station, default: []].flatMap {
      try register.lines(endingAt: $0.hash, after: 0, bytes: 1 << 30) ?? []
    }
  }

  @Test(arguments: [
    "UPDATE states SET stored = replace(stored, 'MARTIN', 'DURAND')", "UPDATE counters SET value = value + 1",
    "DELETE FROM states WHERE subject = (SELECT id FROM subjects WHERE name = 'patient/a')",
    "UPDATE presences SET bed = 'B'", "DELETE FROM presences", "UPDATE stays SET patient = patient + 1",
    "UPDATE identifiers SET value = value || '0'", "DELETE FROM saidHere",
    "DELETE FROM saidBeside",
    "UPDATE states SET stored = stored || ' ' WHERE subject = (SELECT min(id) FROM subjects WHERE name LIKE 'range/%')",
    "UPDATE counters SET value = value + 1 WHERE name = 'provisional'", "INSERT INTO counters VALUES ('withINS', 1)",
    // Who is not merged yet.
    "DELETE FROM searchRecent WHERE names LIKE '%MARTIN%'", "UPDATE searchRecent SET date = 19000101",
    "UPDATE searchRecent SET names = replace(names, 'MARTIN', 'DURAND')", "DELETE FROM searchRecent",
    "INSERT INTO searchRecent(patient, date, names) SELECT patient, 0, '////' FROM searchRecent",
    "UPDATE searchMerges SET base = (SELECT max(id) FROM searchRecent)", "UPDATE searchMerges SET base = 1000000",
    "DELETE FROM searchMerges",
    "UPDATE searchRecent SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM searchRecent)",
  ])
  func screensThatTheLinesDoNotBearOutAreFound(lie: String) async throws {
    try await Self.prove(lie, of: Self.station())
  }

  /// Of an index whose rows are merged, as a rebuild leaves it.
  @Test(arguments: [
    "DELETE FROM searchDates WHERE names LIKE '%MARTIN%'", "DELETE FROM searchNames WHERE word = 'MARTIN'",
    "UPDATE searchDates SET date = 19000101", "UPDATE searchNames SET word = 'DURAND' WHERE word = 'MARTIN'",
    "UPDATE searchNames SET given = CAST(given AS BLOB)", "UPDATE searchDates SET names = CAST(names AS BLOB)",
    "DELETE FROM searchWords WHERE word = 'MARTIN'", "UPDATE searchWords SET sound = sound + 1 WHERE word = 'MARTIN'",
    "UPDATE searchWords SET id = 9223372036854775807 WHERE word = 'MARTIN'",
    "INSERT INTO searchRecent(patient, date, names) SELECT patient, 0, '////' FROM searchDates",
  ])
  func anIndexThatHidesSomebodyIsFound(lie: String) async throws {
    try await Self.prove(lie, of: TestStation(after: Self.station(), rebuilding: true))
  }

  /// The true copy is what it says, and what was made of it is not.
  private static func prove(_ lie: String, of station: TestStation) throws {
    let paths = ["true", "false"].map { "\(station.folder.path)/\($0)" }
    for path in paths { _ = try station.register.snapshot(to: path) }
    try change(paths[1], lie)
    let proofs = try paths.map { try Register.prove(snapshot: $0, root: station.register.rootFingerprint()) }
    #expect(proofs.map(\.isFoldedOtherwise) == [false, true])
  }

  /// Every line holds, and where they lie says otherwise: such a line would be folded without being verified, or kept
  /// out of what counts, or of the history of whom it speaks of.
  @Test(arguments: [
    ("UPDATE commits SET chain = chain + 7 WHERE id = $", "row $ of commits is not the line that it holds"),
    ("UPDATE commits SET sequence = sequence + 1 WHERE id = $", "row $ of commits is not the line that it holds"),
    ("UPDATE commits SET hash = zeroblob(32) WHERE id = $", "row $ of commits is not the line that it holds"),
    ("UPDATE commits SET command = 'another' WHERE id = $", "row $ of commits is not the line that it holds"),
    ("UPDATE commits SET warnings = '[]' WHERE id = $", "row $ of commits is not the line that it holds"),
    ("UPDATE commits SET counts = 2 WHERE id = $", "row $ of commits counts otherwise than its line"),
    ("UPDATE commits SET counts = 0 WHERE id = $", "row $ of commits counts otherwise than its line"),
    ("DELETE FROM facts WHERE commitID = $", "the index of facts is not that of its lines"),
    ("UPDATE facts SET place = 9 WHERE commitID = $", "the index of facts is not that of its lines"),
    // Of a station, which is read to see what counts.
    ("UPDATE facts SET place = -1 - place WHERE commitID = 1", "the index of facts is not that of its lines"),
    (
      "INSERT INTO facts SELECT subject, 1, 9 FROM facts WHERE commitID = $",
      "the index of facts is not that of its lines"
    ),
  ])
  func aLedgerThatIsNotThatOfItsLinesIsFound(lie: String, failure: String) async throws {
    let station = try await Self.station()
    let path = "\(station.folder.path)/copy"
    let last = try #require(try station.register.snapshot(to: path).counts["commits"])
    let row = String(last)
    try Self.change(path, lie.replacingOccurrences(of: "$", with: row))
    let proof = try Register.prove(snapshot: path, root: station.register.rootFingerprint())
    #expect(
      proof.failure == "its file contradicts itself: \(failure.replacingOccurrences(of: "$", with: row))")
  }

  /// A message that two stations heard counts once: the first of the two, wherever it came first.
  @Test(arguments: [true, false]) func aMessageThatTwoStationsHeardCountsOnce(isSecondTaken: Bool) async throws {
    let first = try await Self.station()
    let second = try first.joined("urg-2", seed: 7)
    let source = Source(sender: "SIH", control: "1", text: "", instant: .night)
    for station in [first, second] {
      try await station.say(.registered("patient/heard", "DURAND"), key: "message", source: source)
    }
    let (station, other) = isSecondTaken ? (first, second) : (second, first)
    try await station.take(from: other)
    let paths = ["true", "false"].map { "\(station.folder.path)/\($0)" }
    for path in paths { _ = try station.register.snapshot(to: path) }
    // The other one counts.
    try Self.change(paths[1], "UPDATE commits SET counts = 1 - counts WHERE command = 'message'")
    let proofs = try paths.map { try Register.prove(snapshot: $0, root: first.register.rootFingerprint()) }
    #expect(proofs[0].failure == nil)
    #expect(proofs[1].failure?.contains("counts otherwise than its line") == true, "\(proofs[1])")
  }

  /// Nor does a message without a key, which none of ours says: it is compared with no other line.
  @Test func aMessageWithoutAKeyHindersNoProof() async throws {
    let first = try await Self.station()
    let second = try first.joined("urg-2", seed: 7)
    // Of its lines no key is kept there either.
    try await second.take(from: first)
    let source = Source(sender: "SIH", control: "1", text: "", instant: .night)
    try await second.say(.registered("patient/heard", "DURAND"), key: "", source: source)
    let path = "\(second.folder.path)/copy"
    _ = try second.register.snapshot(to: path)
    #expect(try Register.prove(snapshot: path, root: first.register.rootFingerprint()).failure == nil)
  }

  /// Where a conflict may be is compared with nothing: whoever restores looks through everything.
  @Test func conflictsThatASnapshotHidesAreFoundAnew() async throws {
    let station = try await Self.station()
    try await station.say(.stay("admitted", "stay/b", patient: "patient/b", key: "2", bed: "4EST|1|A"))
    #expect(try station.register.read { try $0.conflictsCount() } == 1)
    let path = "\(station.folder.path)/copy"
    _ = try station.register.snapshot(to: path)
    try Self.change(path, "DELETE FROM suspects")
    let restored = try Self.restored(path, of: station)
    #expect(try restored.register.read { try $0.conflictsCount() } == 0)
    try restored.register.noteSuspects()
    #expect(try restored.register.read { try $0.conflictsCount() } == 1)
  }

  /// The station that is made of a copy.
  private static func restored(_ path: String, of station: TestStation) throws -> TestStation {
    let folder = try TemporaryFolder()
    try Register.restore(
      snapshot: path, in: folder.path, station: "secours-1", root: try #require(try station.register.rootKey()),
      hospital: "Essai", unverified: "copy", environment: station.environment.environment)
    return try TestStation(folder, station.environment)
  }

  /// It keeps a row from whoever looks by it, which whoever reads the table has: of the ledger, its last line would be
  /// folded and not verified.
  @Test(arguments: [
    ("commits", "id", "commitsByPlace"), ("commits", "id", "commitsByCommand"), ("stays", "stay", "staysByPatient"),
  ])
  func anIndexThatLacksARowIsFound(table: String, key: String, index: String) async throws {
    let station = try await Self.station()
    let path = "\(station.folder.path)/copy"
    _ = try station.register.snapshot(to: path)
    let row = try Self.hideLast(of: table, key, from: index, path)
    let proof = try Register.prove(snapshot: path, root: station.register.rootFingerprint())
    #expect(proof.failure == "its file contradicts itself: row \(row) missing from index \(index)")
    #expect(proof.snapshot == nil)
  }

  /// Gives which row of the table that is, from 1.
  private static func hideLast(of table: String, _ key: String, from index: String, _ path: String) throws -> Int {
    try DatabaseQueue(path: path).write { db in
      let row = try #require(try Int.fetchOne(db, sql: "SELECT max(\(key)) FROM \(table)"))
      let honest = try #require(
        try String.fetchOne(db, sql: "SELECT sql FROM sqlite_master WHERE name = ?", arguments: [index]))
      try db.execute(
        sql: "DROP INDEX \(index); \(honest) WHERE \(key) <> \(row); PRAGMA writable_schema = ON")
      try db.execute(sql: "UPDATE sqlite_master SET sql = ? WHERE name = ?", arguments: [honest, index])
      return try #require(try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)"))
    }
  }

  /// However far a merge has come, and whoever was called otherwise meanwhile: an honest copy is what it says.
  @Test(arguments: [1, 3, 40]) func anIndexThatIsBeingMergedIsTheSame(steps: Int) async throws {
    let station = try TestStation(
      searchPace: SearchPace(rows: 4, stepsPerChange: 1, stepsMin: steps, caughtUpAtOnce: 200))
    for name in 1...40 {
      // One of them is called nothing, and later something again.
      try await station.say(
        .registered("patient/\(name % 7)", name % 5 == 0 ? "" : "N\(name % 11)", identifier: "\(name)"))
      let path = "\(station.folder.path)/copy-\(name)"
      _ = try station.register.snapshot(to: path)
      #expect(try Register.prove(snapshot: path, root: station.register.rootFingerprint()).failure == nil)
    }
  }

  /// A proof is folded in pieces: what one begins, the next goes on with.
  @Test func piecesMeet() async throws {
    let station = try await Self.station()
    for name in 1...70 { try await station.say(.registered("patient/\(name % 7)", "N\(name)", identifier: "\(name)")) }
    let path = "\(station.folder.path)/copy"
    _ = try station.register.snapshot(to: path)
    let proof = try Register.prove(snapshot: path, root: station.register.rootFingerprint(), batchRows: 1)
    #expect(proof.failure == nil)
  }

  /// A station that is made of it has its screens made again from the lines.
  @Test func screensOfAnEarlierProgramAreNotCompared() async throws {
    let station = try await Self.station()
    let path = "\(station.folder.path)/copy"
    _ = try station.register.snapshot(to: path)
    let earlier = "UPDATE meta SET value = value - 1 WHERE key = 'folds'; DROP TABLE saidBeside; DELETE FROM presences"
    try Self.change(path, earlier)
    let proof = try Register.prove(snapshot: path, root: station.register.rootFingerprint())
    #expect(proof.failure == nil && proof.isOfEarlierFolds)
    // The proof made them again, in that file.
    try Self.change(path, earlier)
    let folder = try TemporaryFolder()
    try Register.restore(
      snapshot: path, in: folder.path, station: "secours-1", root: try #require(try station.register.rootKey()),
      hospital: "Essai", unverified: "copy", environment: station.environment.environment)
    let restored = try Register(folder: folder.path, access: .writing, environment: station.environment.environment)
    #expect(try restored.read { try $0.digest() }.digest == station.register.read { try $0.digest() }.digest)
  }

  /// One word in two spellings of Unicode is two words to the store, whether they were said at once or one after the
  /// other.
  @Test(arguments: [true, false]) func wordsAreTheirBytes(isOfAPlace: Bool) async throws {
    let station = try await Self.station()
    for letter in ["\u{C9}", "E\u{301}"] {
      try await station.say(
        isOfAPlace
          ? .stay("admitted", "stay/e", patient: "patient/e", key: "e", bed: "4EST|1|\(letter)")
          : .registered("patient/e", "MARTIN", identifier: "1", authority: "H\(letter)"))
    }
    let path = "\(station.folder.path)/copy"
    _ = try station.register.snapshot(to: path)
    #expect(try Register.prove(snapshot: path, root: station.register.rootFingerprint()).failure == nil)
  }

  /// So are names, by which people are found: two at once, and one put right to the other.
  @Test(arguments: [true, false]) func namesAreTheirBytes(isRebuilt: Bool) async throws {
    var station = try await Self.station()
    let spellings = ["\u{AE40}", "\u{1100}\u{1175}\u{11B7}"]
    for (place, name) in spellings.enumerated() { try await station.say(.registered("patient/k\(place)", name)) }
    try await station.say(
      Fact(kind: "patient.corrected", subject: "patient/k0", at: .hours(1), data: ["birthName": .string(spellings[1])]))
    if isRebuilt { station = try TestStation(after: station, rebuilding: true) }
    let path = "\(station.folder.path)/copy"
    _ = try station.register.snapshot(to: path)
    #expect(try Register.prove(snapshot: path, root: station.register.rootFingerprint()).failure == nil)
  }

  /// Where it can still be read, and where it cannot.
  @Test(arguments: ["replace(line, 'MARTIN', 'DURAND')", "substr(line, 1, length(line) - 1)"])
  func aLineThatWasChangedIsFound(lie: String) async throws {
    let station = try await Self.station()
    let path = "\(station.folder.path)/copy"
    _ = try station.register.snapshot(to: path)
    try Self.change(path, "UPDATE commits SET line = \(lie) WHERE id = (SELECT max(id) - 1 FROM commits)")
    let proof = try Register.prove(snapshot: path, root: station.register.rootFingerprint())
    #expect(proof.failure != nil)
    #expect(proof.verification.failures.first?.station == station.register.station)
  }

  /// SQLite runs what a schema says, so another one than ours is never opened for writing; nor is a station's own store.
  @Test(arguments: [
    "CREATE TRIGGER t AFTER INSERT ON commits BEGIN DELETE FROM states; END", "CREATE VIEW v AS SELECT 1",
    "CREATE TABLE more(a)", "DROP INDEX commitsByPlace",
    // Nor what no line says, and stations believe all the same.
    "INSERT INTO beside(name, entry) VALUES ('carrier-key/0', '{}')", "INSERT INTO ends VALUES ('urg-1-00000000', 0)",
    "INSERT INTO peers VALUES ('10.0.0.1:8443')",
    // Nor lines that no rebuild would reach.
    "UPDATE commits SET id = -1 WHERE id = (SELECT max(id) FROM commits)",
    "UPDATE commits SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM commits)",
    "INSERT INTO meta(key, value) VALUES ('station', 'mal-1-00000000')",
  ])
  func anotherSchemaIsRefused(sql: String) async throws {
    let station = try await Self.station()
    let path = "\(station.folder.path)/copy"
    _ = try station.register.snapshot(to: path)
    try Self.change(path, sql)
    #expect(throws: RegisterFault.self) { try Register.contents(ofSnapshot: path) }
    let folder = try TemporaryFolder()
    let root = try #require(try station.register.rootKey())
    #expect(throws: RegisterFault.self) {
      try Register.restore(
        snapshot: path, in: folder.path, station: "secours-1", root: root, hospital: "", unverified: "",
        environment: station.environment.environment)
    }
  }

  @Test func theRootKeyGoesOnce() async throws {
    let station = try await Self.station()
    #expect(try station.register.rootKey()?.publicKey.fingerprint == station.register.rootFingerprint())
    try station.register.eraseRootKey()
    #expect(try station.register.rootKey() == nil)
    #expect(!station.register.holdsRootKey)
  }
}
