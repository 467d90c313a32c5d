import Foundation

/// How full the disk beneath a folder is.
enum DiskRoom {
  /// The share that is free for whoever is not root, 0...1; nil where the system does not say.
  static func free(folder: String) -> Double? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0, status.f_blocks > 0 else { return nil }
    return Double(status.f_bavail) / Double(status.f_blocks)
  }
}
