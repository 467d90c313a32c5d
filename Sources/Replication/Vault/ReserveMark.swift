import Ledger

/// Says in a vault that a station took the numbers of a paper: `reserve/<paper>-<station>-<signature>`. All of it is in
/// the name, so that a list is enough, whatever else lies there. The root key signs, which the paper alone bears: who
/// has a station's credentials can make none.
public struct ReserveMark: Sendable, Equatable {
  /// The paper's name: `paper-3fa9c2d1`.
  public var paper: String
  /// Who took them.
  public var station: String

  public init(paper: String, station: String) { (self.paper, self.station) = (paper, station) }

  /// nil for what the holder of this root key never made.
  public init?(path: String, of paper: String, root: PublicKey) {
    let start = Self.start(of: paper)
    guard path.hasPrefix(start) else { return nil }
    let rest = path.dropFirst(start.count)
    guard let dash = rest.lastIndex(of: "-"), let signature = Hex.bytes(of: String(rest[dash...].dropFirst()))
    else { return nil }
    self.init(paper: paper, station: String(rest[..<dash]))
    // What it says is shown to people.
    guard StationName.isValid(station), root.isValid(signature: signature, for: body) else { return nil }
  }

  /// Of whichever paper: its name is two words.
  public init?(path: String, root: PublicKey) {
    guard path.hasPrefix(Self.folder) else { return nil }
    let paper = path.dropFirst(Self.folder.count).split(separator: "-", omittingEmptySubsequences: false).prefix(2)
    self.init(path: path, of: paper.joined(separator: "-"), root: root)
  }

  /// Where all marks lie.
  public static let folder = "reserve/"

  /// Where all marks of a paper lie.
  public static func start(of paper: String) -> String { "\(folder)\(paper)-" }

  public func path(signedBy root: SigningKey) throws(KeyFault) -> String {
    "\(Self.start(of: paper))\(station)-\(Hex.text(of: try root.signature(for: body)))"
  }

  private var body: [UInt8] { Array("permanence reserve mark 1\n\(paper)\n\(station)\n".utf8) }
}
