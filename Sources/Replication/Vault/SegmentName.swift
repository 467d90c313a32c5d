import Ledger

/// Where a sealed run of one chain's lines lies in a vault: `segments/<chain>/<first>-<last>-<hash of the last line>`.
///
/// The same lines have the same name, whoever seals them; runs may overlap.
public struct SegmentName: Sendable, Hashable {
  public var chain: String
  public var first: Int
  public var last: Int
  /// Of the last line.
  public var hash: LineHash

  public init(chain: String, first: Int, last: Int, hash: LineHash) {
    (self.chain, self.first, self.last, self.hash) = (chain, first, last, hash)
  }

  /// nil for what is not the name of a segment, in its one spelling.
  public init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "segments", StationName.isValid(String(parts[1])) else { return nil }
    let fields = parts[2].split(separator: "-", omittingEmptySubsequences: false)
    guard fields.count == 3, let first = Int(fields[0]), let last = Int(fields[1]), first >= 1, last >= first,
      let hash = LineHash(hex: String(fields[2]))
    else { return nil }
    self.init(chain: String(parts[1]), first: first, last: last, hash: hash)
    guard self.path.sameBytes(as: path) else { return nil }
  }

  public var path: String { "segments/\(chain)/\(first)-\(last)-\(hash)" }

  /// The last line.
  var head: VerificationReport.Head { VerificationReport.Head(sequence: last, hash: hash) }

  /// What the manifest of the segment says that it holds.
  public var range: SealedManifest.Range {
    SealedManifest.Range(chain: chain, first: first, last: last, hash: hash)
  }
}
