import Ledger

/// Where a snapshot lies in a vault: `snapshots/20220821T010000.000Z-0007-<station>`, which no file system refuses.
public struct SnapshotName: Sendable, Hashable {
  public static let folder = "snapshots/"

  /// Of the newest line that the station that sealed it had written.
  public var time: HybridTime
  public var station: String

  public init(time: HybridTime, station: String) { (self.time, self.station) = (time, station) }

  /// nil for what is not the name of a snapshot.
  public init?(path: String) {
    guard path.hasPrefix(Self.folder) else { return nil }
    let name = path.dropFirst(Self.folder.count)
    let fields = name.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, fields[0].utf8.count == 20, StationName.isValid(String(fields[2])) else { return nil }
    let day = fields[0].prefix(8)
    let hour = fields[0].dropFirst(9)
    let text =
      "\(day.prefix(4))-\(day.dropFirst(4).prefix(2))-\(day.suffix(2))T"
      + "\(hour.prefix(2)):\(hour.dropFirst(2).prefix(2)):\(hour.dropFirst(4))/\(fields[1])"
    guard let time = HybridTime(text) else { return nil }
    self.init(time: time, station: String(fields[2]))
    guard self.path.sameBytes(as: path) else { return nil }
  }

  public var path: String {
    let compact = time.text.filter { $0 != "-" && $0 != ":" }.split(separator: "/").joined(separator: "-")
    return "\(Self.folder)\(compact)-\(station)"
  }
}
