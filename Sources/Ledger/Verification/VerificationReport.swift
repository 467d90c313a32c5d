/// What a verification found.
public struct VerificationReport: Sendable, Equatable {
  /// Lines that count: well signed, or vouched for by a later line of their chain, by an enrolled key.
  public var commits = 0
  /// Facts of those lines.
  public var facts = 0
  /// Every chain that was read, chains of reads included, by name.
  public var chains: [String] = []
  /// Fingerprint of the root of all enrolments; nil where there is none, or more than one.
  public var root: String?
  public var forks: [Fork] = []
  public var failures: [VerificationFailure] = []
  /// The ends of each chain that was read: one, or more where it forked.
  public var heads: [String: [Head]] = [:]

  public init() {}

  /// The last line of a branch.
  public struct Head: Sendable, Hashable {
    public var sequence: Int
    public var hash: LineHash

    public init(sequence: Int, hash: LineHash) {
      self.sequence = sequence
      self.hash = hash
    }
  }
}

/// Well-signed lines of one chain that follow the same line: a machine put back to yesterday's snapshot, a disk
/// cloned. Each counts; a person is shown them.
public struct Fork: Sendable, Equatable {
  public var station: String
  /// Of the first lines that differ.
  public var sequence: Int
  /// Of those lines, in order.
  public var hashes: [LineHash]

  public init(station: String, sequence: Int, hashes: [LineHash]) {
    self.station = station
    self.sequence = sequence
    self.hashes = hashes
  }
}

/// One line that does not hold, by its place in its chain.
public struct VerificationFailure: Error, Sendable, Equatable {
  public var station: String
  /// The line's, or, where it cannot be read or trusted, the one that belongs in its place.
  public var sequence: Int
  public var reason: Reason

  public enum Reason: Sendable, Equatable {
    case line(LineFailure)
    /// Lines up to `through` are not there.
    case missing(through: Int)
    case repeated
    /// It stands after a line that it should precede.
    case outOfOrder(after: Int)
    case enrolment(EnrolmentFailure)
    /// Not the root that was expected, or not the only one.
    case anotherRoot(String)
    /// The file ends without a newline: its last line was not written to its end.
    case torn
    /// A file that is not named after a chain.
    case fileName
    case file(FileFault)
  }
}

extension VerificationFailure.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .line(let failure): failure.description
    case .missing(let through): "missing, up to \(through)"
    case .repeated: "it stands here a second time"
    case .outOfOrder(let after): "it stands after line \(after): repeated, or out of order"
    case .enrolment(let failure): failure.rawValue
    case .anotherRoot(let fingerprint): "its root is \(fingerprint): there must be one root, and the same for all"
    case .torn: "the file ends in the middle of it"
    case .fileName: "the file is not named <station>.ledger"
    case .file(let fault): fault.description
    }
  }
}

extension VerificationFailure: CustomStringConvertible {
  public var description: String { "\(station) \(sequence): \(reason)" }
}
