import GRDB

/// What the read models of a file hold, so that two of them, both looked at by this process, can be compared: of each
/// table the sum of its rows' hashes, in whichever order they lie. The hashes are keyed anew in each process, so that
/// nobody can make rows that sum up to the same.
struct ModelSums: Equatable {
  private var sums: [String: UInt64] = [:]

  init(_ db: Database) throws {
    for model in Schema.models {
      guard let columns = model.compared else { continue }
      var sum: UInt64 = 0
      try db.prepared("SELECT \(columns) FROM \(model.table) WHERE \(model.comparedWhere)").each { row in
        var hasher = Hasher()
        row.hash(into: &hasher)
        sum &+= UInt64(bitPattern: Int64(hasher.finalize()))
        return true
      }
      sums[model.table] = sum
    }
  }
}
