import AsyncHTTPClient
import Crypto
import FoundationEssentials
import Ledger
import NIOCore
import Register

/// A vault in a bucket with Object Lock, in compliance mode: what is put there stays for as long as it was locked,
/// whoever has the credentials.
public struct S3Target: VaultTarget {
  public let address: String
  private let client: S3Client

  public init(bucket: String, settings: S3Settings, now: @escaping @Sendable () -> Instant) {
    address = "s3://\(bucket)"
    client = S3Client(bucket: bucket, settings: settings, now: now)
  }

  public func check() async throws(VaultFault) {
    let answer = try await client.ask(
      "GET", query: [("object-lock", "")], accepting: ["ObjectLockConfigurationNotFoundError"])
    guard let answer, try S3Answer(answer).first("ObjectLockEnabled") == "Enabled" else {
      throw .refused(
        "\(address) has no Object Lock, so whoever has its credentials could erase the copies: "
          + "make a bucket with Object Lock and seal there")
    }
  }

  public func put(_ file: String, as path: String, until: Instant) async throws(VaultFault) -> KeptObject {
    let body = try S3Body(file: file)
    let kept = try await client.put(
      body, as: path,
      headers: [
        ("x-amz-object-lock-mode", "COMPLIANCE"), ("x-amz-object-lock-retain-until-date", Self.date(until)),
      ])
    guard let version = kept.version else {
      throw .refused("\(address) keeps no versions: make a bucket with Object Lock and seal there")
    }
    let length = try await client.length(of: path, version: version)
    guard length == body.count else { throw .changed(path: path) }
    let locked = try await retention(of: path, version: version)
    // Whole seconds are all that a retention has.
    guard let locked, locked.adding(seconds: 1) >= until else {
      throw .refused("\(address) does not lock what is put there for as long as asked: check the bucket's Object Lock")
    }
    return KeptObject(path: path, version: version, lockedUntil: locked)
  }

  public func lock(_ path: String, version: String?, until: Instant) async throws(VaultFault) {
    guard let version else { return }
    let text = """
      <Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Mode>COMPLIANCE</Mode>\
      <RetainUntilDate>\(Self.date(until))</RetainUntilDate></Retention>
      """
    _ = try await client.ask(
      "PUT", path, query: [("retention", ""), ("versionId", version)], body: Array(text.utf8))
    guard let locked = try await retention(of: path, version: version), locked.adding(seconds: 1) >= until else {
      throw .failed("\(address) did not lock \(path) for longer")
    }
  }

  public func list(_ prefix: String) async throws(VaultFault) -> [VaultObject] {
    var objects: [VaultObject] = []
    try await pages(prefix) { page in
      objects += page
      return true
    }
    return objects
  }

  public func gone(of objects: [SealedObject]) async throws(VaultFault) -> [SealedObject] {
    var join = ListingJoin(objects)
    guard let start = join.start else { return [] }
    try await pages(after: start) { join.takes($0) }
    return join.gone
  }

  /// Hands over page after page of every version, in the order of the bytes of paths, while `body` gives true.
  private func pages(
    _ prefix: String = "", after start: String = "", _ body: ([VaultObject]) -> Bool
  ) async throws(VaultFault) {
    var markers: [(name: String, value: String)] = start.isEmpty ? [] : [("key-marker", start)]
    while true {
      // Anybody may have named an object with what XML cannot hold.
      let query = [("versions", ""), ("encoding-type", "url"), ("prefix", prefix)] + markers
      guard let answer = try await client.ask("GET", query: query) else { return }
      let page = try S3Listing(answer)
      guard body(page.objects), let next = page.next else { return }
      guard next.map(\.value) != markers.map(\.value) else { throw .failed("\(address) lists one page without end") }
      markers = next
    }
  }

  public func get(_ object: VaultObject, first bytes: Int?, to file: String) async throws(VaultFault) {
    let query = object.version.map { [("versionId", $0)] } ?? []
    try await client.get(object.path, query: query, first: bytes.flatMap { $0 < object.bytes ? $0 : nil }, to: file)
  }

  private func retention(of path: String, version: String) async throws(VaultFault) -> Instant? {
    let answer = try await client.ask(
      "GET", path, query: [("retention", ""), ("versionId", version)],
      accepting: ["NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest"])
    guard let answer else { return nil }
    let page = try S3Answer(answer)
    guard page.first("Mode") == "COMPLIANCE" else { return nil }
    return page.first("RetainUntilDate").flatMap(Self.instant)
  }

  /// `2022-08-21T01:00:00Z`.
  private static func date(_ instant: Instant) -> String { "\(instant.text.prefix(19))Z" }

  private static func instant(_ text: String) -> Instant? { Instant("\(text.prefix(19)).000Z") }
}

/// A file as the body of a request, with what must be known of it before it is sent.
final class S3Body: Sendable {
  let file: String
  let count: Int
  /// 64 hex digits.
  let sha256: String
  /// Base64.
  let md5: String

  private static let pieceBytes = 1 << 18

  init(file: String) throws(VaultFault) {
    // What S3 asks of whoever locks an object; nothing here relies on it.
    var md5 = Insecure.MD5()
    do throws(FileFault) {
      let whole = try FileHash(of: file) { md5.update(data: $0) }
      (count, sha256) = (whole.count, Hex.text(of: whole.sha256))
    } catch { throw .file(error) }
    self.file = file
    self.md5 = Base64.standard(Array(md5.finalize()))
  }

  func pieces() throws(VaultFault) -> Pieces {
    do throws(FileFault) { return Pieces(disk: Disk(file: try DiskFile(reading: file))) } catch { throw .file(error) }
  }

  fileprivate final class Disk: Sendable {
    let file: DiskFile
    init(file: consuming DiskFile) { self.file = file }
  }

  struct Pieces: AsyncSequence, AsyncIteratorProtocol, Sendable {
    fileprivate let disk: Disk

    func makeAsyncIterator() -> Pieces { self }

    func next() async throws -> ByteBuffer? {
      let piece = try disk.file.read(atMost: S3Body.pieceBytes)
      return piece.isEmpty ? nil : ByteBuffer(bytes: piece)
    }
  }
}
