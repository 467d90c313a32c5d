import GRDB
import Hospital
import Ledger
import Synchronization

/// One station's data folder: the ledger and the read models, changed in one transaction.
public final class Register: Sendable {
  public enum Access: Sendable {
    /// Takes the folder's lock.
    case writing
    case reading
  }

  /// The name of this station, `urg-1-3fa9c2d1`.
  public let station: String
  /// This station's own key.
  public let publicKey: PublicKey
  let folder: StationFolder
  let pool: DatabasePool
  let structures = StructureCache()
  let states = StateCache()
  let versions = VersionCache()
  let conflicts = ConflictCache()
  let returning = ReturnCache()
  let searchMemory: SearchMemory
  let listeners = Changes()
  let pendingReads = PendingReads()
  let elsewhere = Elsewhere()
  private let lock: FolderLock?
  /// The enrolling key, once its passphrase was given.
  let unlocked = Mutex<SigningKey?>(nil)
  let writer: Writer?

  /// Opens a folder that `create` made. Rebuilds the read models when their version differs: `progress` hears how many
  /// commits of how many were folded.
  public convenience init(
    folder path: String, access: Access, environment: Environment,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(RegisterFault) {
    try self.init(folder: path, access: access, environment: environment, searchPace: .usual, progress: progress)
  }

  package init(
    folder path: String, access: Access, environment: Environment, searchPace: SearchPace,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(RegisterFault) {
    folder = StationFolder(path: path)
    searchMemory = SearchMemory(searchPace)
    guard folder.hasStore else { throw .noStation(folder: path) }
    lock = access == .writing ? try FolderLock(folder) : nil
    do {
      if access == .reading { try Rebuild.ifNeeded(folder, progress) }
      var pool = try Opening.pool(folder.store, writing: access == .writing)
      guard let station = try Register.station(pool) else { throw RegisterFault.noStation(folder: path) }
      self.station = station
      if access == .writing, try Rebuild.isNeeded(pool) {
        try Rebuild(pool, station: station).run(progress)
        try pool.close()
        pool = try Opening.pool(folder.store, writing: true)
      }
      self.pool = pool
      if access == .writing {
        folder.removePart()
        let key = try folder.key(of: station)
        let desk = try WriterDesk(pool, station: station, key: key, environment, searchPace)
        writer = Writer(desk, listeners, try Checkpointing(path: folder.store))
        publicKey = key.publicKey
        // Whoever searches first after a start does not wait for weeks of changes.
        try pool.reading { db in try searchMemory.read(db) }
      } else {
        writer = nil
        publicKey = try pool.read { try Register.publicKey(of: station, $0) }
      }
    } catch { throw RegisterFault(error) }
  }

  /// Makes keys, authority, store and the first commits (`station.opened`, structure, number ranges) in an empty or
  /// absent folder.
  public static func create(
    folder: String, station people: String, structure: Structure, environment: Environment
  ) throws(RegisterFault) {
    do {
      try Creating(
        folder: StationFolder(path: folder), people: people, structure: structure, environment: environment
      ).create()
    } catch { throw RegisterFault(error) }
  }

  /// Decides and keeps. Returns once the commit is fsynced; concurrent submissions share one fsync. One that is
  /// refused, or that our own bug makes fail, never takes its neighbours along. Where other stations lately were quick
  /// to take lines, it also waits, for a quarter of a second at most, until one says that it has this one.
  /// - Throws: `Refusal`, or `RegisterFault`.
  public func submit(_ submission: Submission) async throws -> Receipt {
    let receipt = try await opened().submit(submission)
    if receipt.station == station { await elsewhere.wait(for: receipt.sequence) }
    return receipt
  }

  /// Many at once, for imports: as few transactions as sensible. One refusal never takes its neighbours along.
  public func submit(_ submissions: [Submission]) async -> [Result<Receipt, any Error>] {
    do { return try await opened().submit(submissions) } catch {
      return submissions.map { _ in .failure(error) }
    }
  }

  /// Another station says how far it holds this one's chain.
  public func note(heldElsewhere sequence: Int) { elsewhere.hold(sequence) }

  /// Reads one consistent state, beside the writer.
  public func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
    try pool.reading { try body(Reading($0, of: self)) }
  }

  /// Until what is being written is written: whatever is not there by then bears a later hour than this one.
  public func waitForWriter() throws { try opened().between { _ in } }

  /// What changed, after each group commit: subjects (`stay/<uuid>`) and units (`unit:4EST`).
  public func changes() -> AsyncStream<Set<String>> {
    listeners.listen()
  }

  /// Before a station stops: writes what waits and empties the log into the store, so that the next start reads none.
  public func close() throws {
    try opened().finish()
    try flushReads()
    try opened().between { desk in
      try? desk.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }
  }

  /// The data folder.
  public var path: String { folder.path }

  /// Whether the hospital's root key still lies here: it belongs on paper, and whoever has it is the hospital.
  public var holdsRootKey: Bool { folder.hasRootKey }

  func opened() throws(RegisterFault) -> Writer {
    guard let writer else { throw .store("this folder was opened for reading") }
    return writer
  }

  private static func publicKey(of station: String, _ db: Database) throws -> PublicKey {
    do { return try Enrolment(checking: StoredCommits(db).first(of: station)).publicKey } catch {
      throw RegisterFault.store("the chain of \(station) does not begin as one does")
    }
  }

  private static func station(_ pool: DatabasePool) throws -> String? {
    try pool.read { db in try String.fetchOne(db, sql: Creating.stationQuery) }
  }
}

/// One consistent state of the read models. Each room adds its queries in its own folder.
public struct Reading {
  let db: Database
  /// This station's name.
  public let station: String
  let structures: StructureCache
  let states: StateCache
  let versions: VersionCache
  let conflictCache: ConflictCache
  let returning: ReturnCache
  let searchMemory: SearchMemory

  init(_ db: Database, of register: Register) {
    self.db = db
    station = register.station
    structures = register.structures
    states = register.states
    versions = register.versions
    conflictCache = register.conflicts
    returning = register.returning
    searchMemory = register.searchMemory
  }

  /// Of a copy that no register opened.
  init(_ db: Database, station: String) {
    self.db = db
    self.station = station
    structures = StructureCache()
    states = StateCache()
    versions = VersionCache()
    conflictCache = ConflictCache()
    returning = ReturnCache()
    searchMemory = SearchMemory(.usual)
  }
}
