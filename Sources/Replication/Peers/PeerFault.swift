import Ledger

/// Why a peer is left alone for a while.
public enum PeerFault: Error, Sendable, Equatable {
  /// What it sent is not what the protocol says.
  case garbage(String)
  /// It sent more than it announced, or more than anybody needs.
  case tooMuch
  /// Too little came for too long.
  case stalled
  /// It stopped before the end.
  case cut
  /// It does not have what it said it has.
  case lacks(LineHash)
  /// Lines of this chain were kept aside.
  case aside(chain: String, lines: Int)
  /// What came in this place of the chain is not the line of that place; the store has it, to keep aside.
  case noLine(chain: String, sequence: Int)
  /// It is not a station of this hospital, or a revoked one, or not the one that answered before.
  case stranger(String)
  /// Nothing is wrong with it: this station takes no more now.
  case paused(String)
  /// HTTP's answer, where it is neither success nor "not found".
  case answer(status: UInt)
}

extension PeerFault {
  /// Whether a network that was cut explains it: the peer may be well.
  var isOfTheNetwork: Bool { self == .cut || self == .stalled }
}

extension PeerFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .garbage(let what): "it sent what is not the protocol's: \(what)"
    case .tooMuch: "it sent more than it announced"
    case .stalled: "nothing came for too long"
    case .cut: "it stopped before the end"
    case .lacks(let hash): "it does not have the line \(hash) that it announced"
    case .aside(let chain, let lines): "\(lines) of its lines of \(chain) do not verify and were kept aside"
    case .noLine(let chain, let sequence): "it sent something else as line \(sequence) of \(chain)"
    case .stranger(let why): why
    case .paused(let why): why
    case .answer(status: 403): "it says that this station was revoked"
    case .answer(let status): "it answered \(status)"
    }
  }
}
