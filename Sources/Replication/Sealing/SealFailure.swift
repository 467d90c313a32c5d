import Ledger

/// Why a sealed file was not made or not opened.
public enum SealFailure: Error, Sendable, Equatable {
  /// It does not begin as a sealed file does.
  case notSealed
  /// Sealed in a format that this program does not know.
  case version(Int)
  /// Sealed to other keys: those named, by the first 16 hex digits of their fingerprints.
  case foreign(recipients: [String])
  /// It ends before its end.
  case truncated
  case alteredHeader
  /// A chunk, from 0, that is not the one sealed in its place: altered, moved, repeated or of another file.
  case altered(chunk: Int)
  /// Something follows its end.
  case extended
  /// Sealed to us by someone who did not follow the format.
  case malformed(String)
  /// What it holds is not what the station that it names has signed.
  case signature
  /// One of the parts that it was split into is not beside the others.
  case missingPart(path: String)
  /// The keys given cannot be sealed to.
  case cannotSeal(String)
  case file(FileFault)
}

extension SealFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notSealed: "this is not a sealed file of Permanence"
    case .version(let version): "sealed in format \(version), which this version does not read: use a newer one"
    case .foreign(let recipients): "sealed to other keys (\(recipients.joined(separator: ", "))): use one of those"
    case .truncated: "the file is cut short: copy it again, or take another copy"
    case .alteredHeader: "the beginning of the file was altered: take another copy"
    case .altered(let chunk): "the file was altered in its part \(chunk + 1) (1 MiB each): take another copy"
    case .extended: "something was added after the end of the file: take another copy"
    case .malformed(let reason): "the file is sealed, and not well made: \(reason)"
    case .signature: "what the file holds is not what the station it names has signed: do not use it"
    case .missingPart(let path): "\(path) is missing: put all parts in one folder"
    case .cannotSeal(let reason): "cannot seal: \(reason)"
    case .file(let fault): "\(fault): \(fault.isOfAFullDisk ? "make room" : "check the path and who owns it")"
    }
  }
}
