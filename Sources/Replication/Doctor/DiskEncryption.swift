import Foundation

/// Whether the disk beneath a folder is encrypted, as Linux tells it: a device-mapper target of cryptsetup, or one that
/// rests on such targets alone (LVM on LUKS).
public enum DiskEncryption {
  public static func isEncrypted(folder: String) -> Bool {
    var status = stat()
    guard stat(folder, &status) == 0 else { return false }
    let device = status.st_dev
    // glibc's gnu_dev_major and gnu_dev_minor, which Swift does not see.
    let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
    let minor = device & 0xFF | (device >> 12) & ~0xFF
    return isEncrypted(block: "/sys/dev/block/\(major):\(minor)")
  }

  /// - Parameter block: what Linux tells of a disk, `/sys/dev/block/8:1`.
  public static func isEncrypted(block: String, levels: Int = 8) -> Bool {
    guard levels > 0 else { return false }
    if let uuid = try? String(contentsOfFile: "\(block)/dm/uuid", encoding: .utf8), uuid.hasPrefix("CRYPT-") {
      return true
    }
    let beneath = (try? FileManager.default.contentsOfDirectory(atPath: "\(block)/slaves")) ?? []
    return !beneath.isEmpty
      && beneath.allSatisfy { isEncrypted(block: "\(block)/slaves/\($0)", levels: levels - 1) }
  }
}
