import GRDB

extension Register {
  /// Version of what is made from the ledger: digests compare only within one.
  public static var folds: Int { Schema.folds }

  /// Makes the read models of a folder again from its ledger, whatever their version: for someone who doubts them.
  /// - Throws: `.locked` while a station serves there.
  public static func rebuild(
    folder path: String, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(RegisterFault) {
    try rebuild(folder: path, batchRows: Rebuild.batchRows, progress)
  }

  package static func rebuild(
    folder path: String, batchRows: Int, _ progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(RegisterFault) {
    let folder = StationFolder(path: path)
    guard folder.hasStore else { throw .noStation(folder: path) }
    let lock = try FolderLock(folder)
    defer { withExtendedLifetime(lock) {} }
    do {
      let pool = try Opening.pool(folder.store, writing: true)
      guard let station = try pool.read({ try String.fetchOne($0, sql: Creating.stationQuery) }) else {
        throw RegisterFault.noStation(folder: path)
      }
      try Rebuild(pool, station: station, batchRows: batchRows).run(progress)
      try pool.close()
    } catch { throw RegisterFault(error) }
  }
}
