import Glibc

/// How full the disk beneath a folder is, for whoever is not root.
public enum DiskRoom {
  /// See `toSpare`.
  public typealias Spare = @Sendable (_ folder: String) -> Int?

  /// The share that is free, 0...1; nil where the system does not say.
  public static func free(folder: String) -> Double? {
    status(folder).map { Double($0.f_bavail) / Double($0.f_blocks) }
  }

  /// Bytes that are free beyond the tenth of the disk that is kept for admissions, or how many of that are lacking,
  /// below zero; nil where the system does not say.
  public static let toSpare: Spare = { folder in
    DiskRoom.status(folder).map { (Int($0.f_bavail) - Int($0.f_blocks) / 10) * Int($0.f_frsize) }
  }

  private static func status(_ folder: String) -> statvfs? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0, status.f_blocks > 0 else { return nil }
    return status
  }
}
