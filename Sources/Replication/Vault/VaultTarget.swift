import Ledger
import Register

/// A place that keeps what is sealed: nothing is overwritten there, and a reader sees every version, whatever says that
/// it was deleted.
public protocol VaultTarget: Sendable {
  /// As people write it: a folder's path, or `s3://bucket`.
  var address: String { get }

  /// Whether what is put here stays: asked before anything is.
  /// - Throws: `VaultFault.refused` with the reason.
  func check() async throws(VaultFault)

  /// Keeps a file under a path such as `snapshots/…`, beside any of the same path that is there, and reads back what
  /// was kept.
  /// - Parameter until: locked until then, where the target can lock.
  func put(_ file: String, as path: String, until: Instant) async throws(VaultFault) -> KeptObject

  /// Locks what was put here for longer; never for shorter.
  func lock(_ path: String, version: String?, until: Instant) async throws(VaultFault)

  /// Every version of every object whose path begins so, in no order.
  func list(_ prefix: String) async throws(VaultFault) -> [VaultObject]

  /// Which of these are there no more, found without holding a list of what lies there.
  /// - Parameter objects: in the order of the bytes of their paths.
  func gone(of objects: [SealedObject]) async throws(VaultFault) -> [SealedObject]

  /// Writes an object to a file that is not there yet, or only its first `bytes`.
  /// - Throws: `VaultFault.unreadable` where others can be read, and this one cannot.
  func get(_ object: VaultObject, first bytes: Int?, to file: String) async throws(VaultFault)
}

/// What became of a file that was put into a vault.
public struct KeptObject: Sendable, Equatable {
  /// As it was kept, which is not the path asked for where that was taken.
  public var path: String
  public var version: String?
  /// As the target itself says; nil where it locks nothing.
  public var lockedUntil: Instant?

  public init(path: String, version: String?, lockedUntil: Instant?) {
    (self.path, self.version, self.lockedUntil) = (path, version, lockedUntil)
  }
}

/// One version of something in a vault.
public struct VaultObject: Sendable, Hashable {
  public var path: String
  public var version: String?
  public var bytes: Int
  /// When the target itself says that it was put there; nil where whoever writes may say so.
  public var writtenAt: Instant?

  public init(path: String, version: String?, bytes: Int, writtenAt: Instant? = nil) {
    (self.path, self.version, self.bytes, self.writtenAt) = (path, version, bytes, writtenAt)
  }
}

extension VaultObject {
  /// With its version, where there are any: whoever may write there puts another beside it under the same path.
  public var place: String { version.map { "\(path)?versionId=\($0)" } ?? path }

  /// Whether somebody who writes this means it: as `place`, or the path alone, which means each version.
  public func isNamed(_ text: String) -> Bool { text == place || text == path }
}

public enum VaultFault: Error, Sendable, Equatable {
  /// It is not a vault, or not a safe one: the reason, and what to do.
  case refused(String)
  /// It cannot be reached or did not do what was asked; it may later.
  case failed(String)
  /// What came back is not what was put.
  case changed(path: String)
  /// One object cannot be read, where the target itself answers.
  case unreadable(String)
  /// This machine's disk has not the room for one object: it says nothing of what was sealed, and others may be smaller.
  case noRoom
  /// It says that it was sealed in days to come, by the clock of whoever reads it.
  case toCome(Instant, now: Instant)
  case file(FileFault)
}

extension VaultFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .refused(let reason), .failed(let reason), .unreadable(let reason): reason
    case .changed(let path): "\(path) was not kept as it was written: do not trust this vault, and look at it"
    case .noRoom: "it is larger than what this disk has room for, less a tenth that is kept free"
    case .toCome(let sealedAt, let now):
      "it says that it was sealed on \(sealedAt.text.prefix(10)), a day to come by this machine's clock "
        + "(\(now.text.prefix(10)))"
    case .file(let fault): fault.description
    }
  }
}
