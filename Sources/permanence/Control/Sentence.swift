import Foundation
import Hospital
import Ledger
import Register
import Web

/// What goes wrong, in one sentence that says what to do.
struct Sentence: Error {
  var text: String
  var code: Int32 = 1

  init(_ text: String, code: Int32 = 1) {
    self.text = text
    self.code = code
  }

  init(_ error: any Error) {
    switch error {
    case let sentence as Sentence: self = sentence
    case let fault as RegisterFault: self.init(Self.text(of: fault))
    case let fault as FileFault: self.init("\(fault): check the path and who owns it.")
    case let refusal as Refusal: self.init(Self.text(of: refusal))
    case let error as CocoaError: self.init("\(error.localizedDescription): check the path and who owns it.")
    default: self.init("\(error)")
    }
  }

  static func text(of refusal: Refusal) -> String {
    Texts.builtIn("refusal.\(refusal.code)", .en, refusal.arguments)
  }

  static func text(of warning: Warning) -> String {
    Texts.builtIn("warning.\(warning.code)", .en, warning.arguments)
  }

  private static func text(of fault: RegisterFault) -> String {
    switch fault {
    case .noStation(let folder): "There is no station in \(folder): make one with `permanence init --data \(folder)`."
    case .stationThere(let folder): "There is a station in \(folder) already: choose another folder with --data."
    case .locked(let folder):
      "Another process writes in \(folder): stop it, or wait for it to end."
    case .diskFull: "The disk is full and nothing was written: make room, then try again."
    case .notDurable(let level):
      "SQLite is set to synchronous=\(level), which a power cut does not survive: it must be 2, so nothing is served."
    case .store(let reason): "The store cannot be read or written (\(reason)): check the disk and who owns the folder."
    case .key(let reason): "The station's key cannot be used (\(reason)): check the folder's keys and their mode, 0600."
    case .writerStopped(let reason): "The writer stopped (\(reason)): start the station again; reading still works."
    }
  }
}
