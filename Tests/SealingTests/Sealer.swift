import Foundation
import Ledger
import Replication
import Seeded

/// A station with a key, an opening key and content, all from one seed.
struct Sealer {
  let key: SigningKey
  let station: String
  let opening: OpeningKey
  var random: Seeded

  init(seed: UInt64 = 1) {
    random = Seeded(seed: seed)
    key = SigningKey(seed: random.bytes(32))!
    station = StationName.make(people: "urg-1", key: key.publicKey)!
    opening = OpeningKey(seed: random.bytes(32))!
  }

  func manifest(_ kind: SealedManifest.Kind = .lines) -> SealedManifest {
    SealedManifest(
      kind: kind, station: station, publicKey: key.publicKey, certificates: [[1, 2], [3], []],
      sealedAt: Instant("2022-08-21T01:00:00.000Z")!,
      ranges: [SealedManifest.Range(chain: station, first: 1, last: 9, hash: LineHash(of: [7]))],
      heads: [SealedManifest.Head(chain: station, sequence: 9, hash: LineHash(of: [7]))],
      counts: ["patients": 612_408, "beds": 1012], digest: "d1")
  }

  func sealing(to recipients: [RecipientKey]? = nil) throws -> Sealing {
    var random = random
    return try Sealing(
      manifest(), to: recipients ?? [opening.recipient], key: key, random: { random.bytes($0) })
  }

  /// A whole sealed file.
  func seal(_ content: [UInt8], to recipients: [RecipientKey]? = nil, piece: Int = 1 << 16) throws -> [UInt8] {
    var sealing = try sealing(to: recipients)
    var sealed: [UInt8] = []
    for start in stride(from: 0, to: content.count, by: piece) {
      sealed += try sealing.append(Array(content[start..<min(start + piece, content.count)]))
    }
    return sealed + (try sealing.finish())
  }
}

/// The content of a sealed file, given to the opener in pieces of this size.
func open(_ sealed: [UInt8], with keys: [OpeningKey], piece: Int = 100_003) throws(SealFailure) -> [UInt8] {
  var opening = try Opening(with: keys)
  var content: [UInt8] = []
  for start in stride(from: 0, to: sealed.count, by: piece) {
    opening.take(sealed[start..<min(start + piece, sealed.count)])
    while let bytes = try opening.next() { content += bytes }
  }
  _ = try opening.finish()
  return content
}

/// Why a file does not open; nil if it does.
func failure(_ sealed: [UInt8], with keys: [OpeningKey]) -> SealFailure? {
  do throws(SealFailure) {
    _ = try open(sealed, with: keys, piece: 1 << 22)
    return nil
  } catch { return error }
}

/// A folder that goes with the test that made it.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "sealing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}
