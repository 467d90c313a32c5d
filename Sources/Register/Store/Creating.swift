import GRDB
import Glibc
import Hospital
import Ledger

/// Makes a station: keys, the hospital's authority, the store, and the commit that opens the chain.
struct Creating {
  let folder: StationFolder
  let people: String
  /// nil for a station that joins a hospital.
  let structure: Structure?
  let environment: Environment

  func create() throws {
    let lock = try begin()
    defer { withExtendedLifetime(lock) {} }
    let key = try SigningKey(random: environment.randomBytes)
    let (authority, root) = try Authority.create(hospital: structure?.name ?? "", random: environment.randomBytes)
    let (station, enrolment) = try keep(key, authority)
    try root.write(to: folder.rootKey)
    try open(station, key, enrolment)
  }

  /// Writes the station's own key and the enrolling one, under which it is certified.
  private func keep(_ key: SigningKey, _ authority: Authority) throws -> (station: String, enrolment: Enrolment) {
    guard let station = StationName.make(people: people, key: key.publicKey) else {
      throw RegisterFault.key(Self.nameRule(people))
    }
    try folder.makeAuthority()
    try key.write(to: folder.stationKey)
    try authority.write(to: folder.authority)
    return (station, try authority.enrol(station: station, key: key.publicKey, random: environment.randomBytes))
  }

  /// Makes the store of a station that another one of the hospital has certified. It says no more than that it is
  /// there: everything else comes from the others.
  static func join(
    _ folder: StationFolder, _ key: SigningKey, _ enrolment: Enrolment, _ environment: Environment
  ) throws {
    let creating = Creating(folder: folder, people: "", structure: nil, environment: environment)
    let lock = try creating.begin()
    defer { withExtendedLifetime(lock) {} }
    guard let station = enrolment.station else { throw RegisterFault.key("the certificate names no station") }
    try key.write(to: folder.stationKey)
    try creating.open(station, key, enrolment)
  }

  /// Makes a station of a snapshot, whose file becomes its store. It says that it is there; what the hospital said is
  /// in the snapshot.
  static func restore(
    _ snapshot: String?, _ folder: StationFolder, station people: String, root: SigningKey, hospital: String,
    unverified: String, _ environment: Environment
  ) throws {
    let creating = Creating(folder: folder, people: people, structure: nil, environment: environment)
    let lock = try creating.begin()
    defer { withExtendedLifetime(lock) {} }
    let authority = try Authority(root: root, hospital: hospital, random: environment.randomBytes)
    let key = try SigningKey(random: environment.randomBytes)
    let (station, enrolment) = try creating.keep(key, authority)
    if let snapshot {
      guard rename(snapshot, folder.store) == 0 else { throw RegisterFault(FileFault(.rename, folder.store)) }
    } else {
      try folder.makeStore()
    }
    let pool = try Opening.pool(folder.store, writing: true)
    try pool.write { db in
      if snapshot == nil {
        try makeTables(db)
      } else {
        try Schema.makeMissingModels(db)
        try OtherTables.make(db)
      }
      // Whatever the snapshot holds came now.
      try HoursTaken.make(db)
      if snapshot != nil { try HoursTaken(db).note(from: 0, at: environment.now()) }
      try db.execute(
        sql: "INSERT INTO meta(key, value) VALUES ('station', ?), ('unverified', ?), ('unprepared', 1)",
        arguments: [station, unverified])
      try creating.say(db, station, key, enrolment)
    }
    try pool.close()
  }

  static func nameRule(_ people: String) -> String {
    "\(people) is no station's name: use 1 to 17 of a-z, 0-9 and -, not beginning with reads-"
  }

  /// Takes an empty or absent folder, and gives the lock that holds it.
  private func begin() throws -> FolderLock {
    if try Self.isThere(folder) { throw RegisterFault.stationThere(folder: folder.path) }
    try folder.make()
    let lock = try FolderLock(folder)
    // The store comes last and its first transaction makes the station: without one, whatever is here was cut short.
    if try Self.isThere(folder) { throw RegisterFault.stationThere(folder: folder.path) }
    folder.removeUnfinished()
    return lock
  }

  static func isThere(_ folder: StationFolder) throws -> Bool {
    guard folder.hasStore else { return false }
    let queue = try DatabaseQueue(path: folder.store)
    defer { try? queue.close() }
    return try queue.read { db in try db.tableExists("meta") && String.fetchOne(db, sql: stationQuery) != nil }
  }

  static let stationQuery = "SELECT value FROM meta WHERE key = 'station'"

  private func open(_ station: String, _ key: SigningKey, _ enrolment: Enrolment) throws {
    try folder.makeStore()
    let pool = try Opening.pool(folder.store, writing: true)
    try pool.write { db in
      try Self.makeTables(db)
      try db.execute(sql: "INSERT INTO meta(key, value) VALUES ('station', ?)", arguments: [station])
      try say(db, station, key, enrolment)
    }
    try pool.close()
  }

  private static func makeTables(_ db: Database) throws {
    try Schema.makeLedger(db)
    try Schema.makeLedgerIndexes(db)
    try Schema.makeModels(db)
    try Schema.makeIndexes(db)
    try SearchIndex.begin(db)
    try OtherTables.make(db)
    try db.execute(sql: "INSERT INTO meta(key, value) VALUES ('folds', ?)", arguments: [Schema.folds])
  }

  /// The first commits: the station; then, where it is the hospital's first, the map and the numbers that it may give.
  private func say(_ db: Database, _ station: String, _ key: SigningKey, _ enrolment: Enrolment) throws {
    var chain = Chain(station: station, key: key)
    var clock = HybridClock()
    // What a snapshot holds came before.
    for chain in try db.prepared("SELECT name FROM chains").all(body: { $0.text(0) }) {
      if let last = try StoredCommits(db).last(of: chain) { clock.observe(last.time, wall: environment.now()) }
    }
    let commits = StoredCommits(db)
    let number = try commits.chain(station)
    let subjects = Subjects(station: station)
    let now = environment.now()
    var said = [[enrolment.opened(chain: station, at: now)]]
    if let structure { said.append(structure.facts(at: now) + granted(structure, to: station, at: now)) }
    for facts in said {
      let commit = try chain.append(
        author: "system", command: environment.newID(), time: clock.next(wall: now), facts: facts)
      let id = try commits.insert(commit, chain: number)
      try SaidHere.keep(commit, row: id, db)
      var applying = Applying(db, subjects)
      try applying.take(commit, id: id)
      if applying.structureChanged { try StructureCache.changed(at: id, db) }
    }
    try subjects.tally.write(db)
  }

  private func granted(_ structure: Structure, to station: String, at now: Instant) -> [Fact] {
    let slices = structure.numbers.sorted { $0.key.rawValue < $1.key.rawValue }
      .filter { $0.key != .unknown }
      .map { NumberSlices.Slice(kind: $0.key, first: $0.value.first, last: $0.value.last) }
    return (slices + [.firstUnknown]).map { $0.granted(to: station, at: now) }
  }
}
