import GRDB
import Ledger

extension RegisterFault {
  /// What a thrown error means to whoever asked. SQLite's message names tables and files, never a value.
  init(_ error: any Error) {
    self =
      switch error {
      case let fault as RegisterFault: fault
      case let error as DatabaseError: RegisterFault(sqlite: error)
      case let fault as KeyFault: .key("\(fault)")
      case let fault as FileFault: RegisterFault(file: fault)
      default: .store("\(type(of: error)): \(error)")
      }
  }

  private init(sqlite error: DatabaseError) {
    switch error.extendedResultCode {
    // A file that cannot grow says so in its own words: the shared index of the WAL among them.
    case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE: self = .diskFull
    default: self = .store("SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "")")
    }
  }

  private init(file fault: FileFault) {
    self = fault.isOfAFullDisk ? .diskFull : .store("\(fault)")
  }
}

extension RegisterFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noStation(let folder): "there is no station in \(folder): make one with permanence init"
    case .stationThere(let folder): "\(folder) is not empty: choose another folder for the new station"
    case .locked(let folder): "another process writes in \(folder): stop it first"
    case .diskFull: "the disk is full: nothing was written; make room and try again"
    case .notDurable(let synchronous): "SQLite would not sync what it keeps (synchronous is \(synchronous), not 2)"
    case .store(let reason): "the store failed: \(reason)"
    case .key(let reason): reason
    case .writerStopped(let reason): "the writer stopped, reading goes on: \(reason)"
    }
  }
}
