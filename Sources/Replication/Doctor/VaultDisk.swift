import Glibc
import Ledger

extension Finding {
  /// The device that a folder lies on; nil where there is no such folder.
  public typealias Device = @Sendable (_ folder: String) -> UInt?

  /// What a vault in a folder does not hold against.
  /// - Parameters:
  ///   - vaults: addresses that this station seals to.
  ///   - folder: the data folder.
  public static func vaultDisks(
    _ vaults: [String], folder: String, device: Device = Finding.device
  ) -> [Finding] {
    let folders = vaults.filter { if case .folder = VaultAddress($0) { true } else { false } }
    let own = device(folder)
    let beside = folders.filter { own != nil && device($0) == own }
    var found: [Finding] = []
    if !beside.isEmpty {
      found.append(
        Finding(
          code: "vault-same-disk", severity: .unsafe,
          sentence: "The vault lies on the data folder's own disk and is lost with it "
            + "(\(beside.joined(separator: ", "))): seal to a folder on another disk or share, or to s3://BUCKET with "
            + "Object Lock, with permanence vault seal --to."))
    }
    if !folders.isEmpty, folders.count == vaults.count {
      found.append(
        Finding(
          code: "vault-unlocked", severity: .advice,
          sentence: "A folder locks nothing, so whoever can write there can erase the copies "
            + "(\(folders.joined(separator: ", "))): seal to s3://BUCKET with Object Lock too, or take the disk away "
            + "between two sealings."))
    }
    return found
  }

  public static let device: Device = { folder in
    var status = stat()
    return stat(folder, &status) == 0 ? UInt(status.st_dev) : nil
  }
}
