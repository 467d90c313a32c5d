import GRDB
import Hospital
import Ledger

/// One station's data folder: the ledger and the read models, changed in one transaction.
public final class Register: Sendable {
  public enum Access: Sendable {
    /// Takes the folder's lock.
    case writing
    case reading
  }

  /// Opens a folder that `create` made. Rebuilds the read models when their version differs.
  public init(folder: String, access: Access, environment: Environment) throws(RegisterFault) {
    preconditionFailure("not there yet")
  }

  /// Makes keys, authority, store and the first commits (`station.opened`, structure, number ranges) in an empty or
  /// absent folder.
  public static func create(
    folder: String, station people: String, structure: Structure, environment: Environment
  ) throws(RegisterFault) {
    preconditionFailure("not there yet")
  }

  /// The name of this station, `urg-1-3fa9c2d1`.
  public var station: String { preconditionFailure("not there yet") }

  /// Decides and keeps. Returns once the commit is fsynced; concurrent submissions share one fsync, each with its own
  /// savepoint.
  /// - Throws: `Refusal`, or `RegisterFault`.
  public func submit(_ submission: Submission) async throws -> Receipt {
    preconditionFailure("not there yet")
  }

  /// Many at once, for imports: as few transactions as sensible. One refusal never takes its neighbours along.
  public func submit(_ submissions: [Submission]) async -> [Result<Receipt, any Error>] {
    preconditionFailure("not there yet")
  }

  /// Reads one consistent state, beside the writer.
  public func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
    preconditionFailure("not there yet")
  }

  /// What changed, after each group commit: subjects (`stay/<uuid>`) and units (`unit:4EST`).
  public func changes() -> AsyncStream<Set<String>> {
    preconditionFailure("not there yet")
  }
}

/// One consistent state of the read models. Each room adds its queries in its own folder.
public struct Reading {
  let db: Database
}
