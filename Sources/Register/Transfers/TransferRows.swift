import GRDB
import Hospital
import Ledger

/// Transfers by their stay, and those that somebody must still do something about.
enum TransferRows {
  static let models = [
    Schema.Model(
      table: "transfers",
      columns: """
        transfer INTEGER PRIMARY KEY, stay INTEGER, open INTEGER NOT NULL, changed INTEGER NOT NULL, askedAt INTEGER,
        acceptedAt INTEGER, refusedAt INTEGER, leftAt INTEGER
        """,
      indexes: [
        "CREATE INDEX transfersByStay ON transfers(stay)", "CREATE INDEX transfersOpen ON transfers(open, changed)",
        "CREATE INDEX transfersByAsking ON transfers(askedAt)",
      ])
  ]

  static func update(_ rows: RowUpdate, _ transfer: PatientTransfer?) throws {
    try rows.db.prepared("DELETE FROM transfers WHERE transfer = ?").run(.integer(rows.id))
    guard let transfer, !transfer.stay.isEmpty else { return }
    func hour(_ step: PatientTransfer.Step) -> SQLValue { .integer(orNull: (transfer.steps[step]?.at).stored) }
    try rows.db.prepared(
      """
      INSERT INTO transfers(transfer, stay, open, changed, askedAt, acceptedAt, refusedAt, leftAt)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      .integer(rows.id), try rows.reference(transfer.stay), .integer(transfer.isOpen ? 1 : 0),
      .integer(transfer.changedAt.stored ?? 0), hour(.asked), hour(.accepted), hour(.refused), hour(.left))
  }

  /// Of one stay, in the order of their ids.
  static func all(ofStay id: String, _ db: Database) throws -> [PatientTransfer] {
    try all(ofStays: StayQueries(db).stays(continuedAs: id).map { ($0, id) } + [(id, id)], db)
  }

  /// Of several, by one read, in the order of their ids.
  static func all(ofStays ids: [String], _ db: Database) throws -> [PatientTransfer] {
    let names = try zip(ids, StayQueries(db).stays(continuedAs: ids)).flatMap { id, names in names.map { ($0, id) } }
    return try all(ofStays: names, db)
  }

  /// - Parameter names: what each of these stays goes on as.
  private static func all(ofStays names: [(String, String)], _ db: Database) throws -> [PatientTransfer] {
    let goesOn = Dictionary(names.map { (ExactText($0), $1) }, uniquingKeysWith: { first, _ in first })
    return try db.prepared(
      """
      SELECT subjects.name, states.stored FROM transfers JOIN subjects ON subjects.id = transfers.transfer
      JOIN states ON states.subject = transfers.transfer
      WHERE transfers.stay IN (SELECT id FROM subjects WHERE name IN (SELECT value FROM json_each(?)))
      ORDER BY subjects.name
      """
    ).all(.list(names.map { $0.0 })) { try FoldedKinds.state($0.text(0), stored: $0.bytes(1)) }.compactMap { state in
      guard var transfer = state as? PatientTransfer else { return nil }
      transfer.stay = goesOn[ExactText(transfer.stay)] ?? transfer.stay
      return transfer
    }
  }

  /// Those that are not over, in no order.
  static func open(_ db: Database) throws -> [PatientTransfer] {
    try db.prepared(
      "SELECT subjects.name FROM transfers JOIN subjects ON subjects.id = transfers.transfer WHERE open = 1"
    ).all { $0.text(0) }.compactMap { try States.one($0, db) as? PatientTransfer }
  }
}

extension Reading {
  public func transfer(_ id: String) throws -> PatientTransfer? {
    try (States.one(id, db) as? PatientTransfer).map { try goingOn($0) }
  }

  public func transfers(ofStay id: String) throws -> [PatientTransfer] { try TransferRows.all(ofStay: id, db) }

  /// Those that are not over, and those that ended since an instant; the longest waiting first.
  public func transfers(since instant: Instant) throws -> [PatientTransfer] {
    try db.prepared(
      """
      SELECT subjects.name FROM transfers JOIN subjects ON subjects.id = transfers.transfer WHERE open = 1
      UNION ALL
      SELECT subjects.name FROM transfers JOIN subjects ON subjects.id = transfers.transfer
      WHERE open = 0 AND changed > ?
      """
    ).all(.integer(Int(instant.milliseconds))) { $0.text(0) }.compactMap { try transfer($0) }.sorted { one, other in
      let (first, second) = (one.steps[.asked]?.at, other.steps[.asked]?.at)
      guard let first, let second, first != second else { return one.id.precedesInBytes(other.id) }
      return first < second
    }
  }

  public func partner(_ id: String) throws -> Partner? { try States.one(id, db) as? Partner }

  /// The directory, by name.
  public func partners() throws -> [Partner] {
    try States.all("partner", db).compactMap { $0 as? Partner }.filter { !$0.isWithdrawn && !$0.name.isEmpty }
      .sorted { one, other in
        one.name.sameBytes(as: other.name) ? one.id.precedesInBytes(other.id) : one.name.precedesInBytes(other.name)
      }
  }
}
