import Ledger

/// Where a vault is, as people write it.
public enum VaultAddress: Sendable, Equatable {
  /// A removable disk, a share.
  case folder(path: String)
  case bucket(name: String)

  private static let scheme = "s3://"

  /// nil for `s3://` with anything but a bucket's name: 3 to 63 of `a-z`, `0-9`, `-` and `.`.
  public init?(_ text: String) {
    guard text.hasPrefix(Self.scheme) else {
      if text.isEmpty { return nil }
      self = .folder(path: text)
      return
    }
    let name = text.dropFirst(Self.scheme.count)
    let bucket = name.hasSuffix("/") ? name.dropLast() : name
    let isName =
      (3...63).contains(bucket.utf8.count)
      && bucket.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
    guard isName else { return nil }
    self = .bucket(name: String(bucket))
  }

  /// - Parameter environment: of the process, for a bucket: see `S3Settings`.
  public func target(
    environment: [String: String], now: @escaping @Sendable () -> Instant
  ) throws(VaultFault)
    -> any VaultTarget
  {
    switch self {
    case .folder(let path): FolderTarget(path: path)
    case .bucket(let name): S3Target(bucket: name, settings: try S3Settings(environment: environment), now: now)
    }
  }
}
