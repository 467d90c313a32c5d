/// Why nobody joins, and what to do.
public enum JoinRefusal: String, Error, Sendable, Equatable {
  /// No invitation is open: none was made, it was used, 15 minutes have passed, or too many guessed.
  case notInvited
  /// The code is another, or somebody stands between the two.
  case proof
  case malformed
  /// What the host gave is not certificates for this key and name.
  case certificates
  /// A station of the hospital, dead or living, has that name.
  case nameTaken
  /// The host has no numbers left to give: each new station gets half of what its host has.
  case numbersUsedUp
}

extension JoinRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notInvited: "no invitation is open on that station: run station invite there again"
    case .proof: "the code does not fit: check it, then run station invite again and use the new one"
    case .malformed: "this is not how a station asks to join"
    case .certificates: "that station gave certificates that are not for this one: ask whoever keeps it"
    case .nameTaken:
      "a station of this hospital has that name or had it, and a name is never given twice: choose another with "
        + "--station, by the same code while it is open (three tries in all)"
    case .numbersUsedUp: "it has no numbers left to give: run station invite on another station that enrols"
    }
  }
}
