import GRDB
import Ledger

/// How a station becomes one of a hospital that has others.
extension Register {
  /// Certifies a new station with the enrolling key that this one holds.
  /// - Parameters:
  ///   - people: what people will call it, 1 to 17 of `a-z`, `0-9` and `-`.
  ///   - key: made on the new station, which alone has its private half.
  /// - Throws: `RegisterFault.key` where the name is none, or this station holds no enrolling key.
  public func enrol(
    station people: String, key: PublicKey, environment: Environment
  ) throws(RegisterFault) -> Enrolment {
    guard let name = StationName.make(people: people, key: key) else { throw .key(Creating.nameRule(people)) }
    do {
      return try authority().enrol(station: name, key: key, random: environment.randomBytes)
    } catch { throw RegisterFault(error) }
  }

  /// Whether a folder has a station: no other can be made there.
  public static func isThere(folder: String) throws(RegisterFault) -> Bool {
    do { return try Creating.isThere(StationFolder(path: folder)) } catch { throw RegisterFault(error) }
  }

  /// Makes the folder of a station that was certified so, in an empty or absent folder. What the hospital has said
  /// comes from the others, through `takeIn`.
  public static func join(
    folder: String, key: SigningKey, enrolment: Enrolment, environment: Environment
  ) throws(RegisterFault) {
    do { try Creating.join(StationFolder(path: folder), key, enrolment, environment) } catch {
      throw RegisterFault(error)
    }
  }

  /// Takes a whole hospital in sooner, until it is closed: what is said here from now on may be lost in a power cut. For a
  /// station that joins, which answers nobody yet.
  public func hasten() throws {
    try opened().between { desk in try desk.pool.writeWithoutTransaction(Opening.hasten) }
  }

  /// With what this station shows the others who it is: its certificates, and the key that signs its lines too.
  public func identity() throws -> (enrolment: Enrolment, key: SigningKey) {
    do {
      let opening = try pool.reading { try StoredCommits($0).first(of: station) }
      return (try Enrolment(checking: opening), try folder.key(of: station))
    } catch { throw RegisterFault(error) }
  }

  /// Addresses of other stations, as people wrote them: `10.0.3.7:8443`.
  public func peers() throws -> [String] {
    try readTables { db in
      guard try db.tableExists("peers") else { return [] }
      return try db.prepared("SELECT address FROM peers ORDER BY address").all { $0.text(0) }
    }
  }

  /// Keeps the address of another station, to be asked at each start.
  public func addPeer(_ address: String) throws {
    try writeTables { db in try db.prepared("INSERT OR IGNORE INTO peers(address) VALUES (?)").run(.text(address)) }
  }
}

/// The hospital's root key, which belongs on paper.
extension Register {
  /// nil where it is no longer here.
  public func rootKey() throws(RegisterFault) -> SigningKey? {
    guard folder.hasRootKey else { return nil }
    do { return try SigningKey(contentsOf: folder.rootKey) } catch { throw RegisterFault(error) }
  }

  /// Takes the root key off this disk, once the paper holds it: written over, then removed.
  public func eraseRootKey() throws(RegisterFault) {
    do throws(FileFault) { try DiskFile.erase(folder.rootKey) } catch { throw RegisterFault(error) }
  }

  /// Of the root's public key, as the paper bears it.
  public func rootFingerprint() throws -> String { try identity().enrolment.rootFingerprint }
}

extension Register {
  /// Every line that speaks of stations, the first of each chain among them: who is enrolled and who is not any more.
  public func linesOfStations() throws -> [[UInt8]] {
    try pool.reading { db in
      try db.prepared(
        """
        SELECT DISTINCT commits.id, commits.line FROM subjects JOIN facts ON facts.subject = subjects.id
        JOIN commits ON commits.id = facts.commitID WHERE subjects.name >= 'station/' AND subjects.name < 'station0'
        ORDER BY commits.id
        """
      ).all { $0.blob(1) }
    }
  }
}
