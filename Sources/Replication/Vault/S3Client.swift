import AsyncHTTPClient
import Crypto
import FoundationEssentials
import Ledger
import NIOCore

/// Asks one bucket, each request signed; sends and receives files piece by piece.
struct S3Client: Sendable {
  private static let answerBytesMax = 8 << 20
  private static let shortLimit = TimeAmount.seconds(60)
  /// Of a snapshot over a slow line.
  private static let longLimit = TimeAmount.hours(6)

  private let bucket: String
  private let settings: S3Settings
  private let signing: SignatureV4
  private let now: @Sendable () -> Instant

  init(bucket: String, settings: S3Settings, now: @escaping @Sendable () -> Instant) {
    self.bucket = bucket
    self.settings = settings
    self.now = now
    signing = SignatureV4(
      accessKey: settings.accessKey, secretKey: settings.secretKey, region: settings.region)
  }

  /// The body of the answer; nil for a refusal whose code is in `accepting`.
  func ask(
    _ method: String, _ path: String = "", query: [(name: String, value: String)], body: [UInt8] = [],
    accepting: Set<String> = []
  ) async throws(VaultFault) -> [UInt8]? {
    let md5 = Base64.standard(Array(Insecure.MD5.hash(data: body)))
    let headers = body.isEmpty ? [] : [(name: "content-md5", value: md5)]
    var request = self.request(method, path, query, headers, payloadHash: SignatureV4.payloadHash(body))
    if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
    let response = try await send(request, Self.shortLimit)
    guard let code = try await Self.refusal(response) else { return try await Self.collect(response) }
    if accepting.contains(code) { return nil }
    throw refused(method, path, code)
  }

  func put(
    _ body: S3Body, as path: String, headers: [(name: String, value: String)]
  ) async throws(VaultFault) -> (version: String?, etag: String?) {
    var request = self.request("PUT", path, [], headers + [("content-md5", body.md5)], payloadHash: body.sha256)
    request.body = .stream(try body.pieces(), length: .known(Int64(body.count)))
    let response = try await good(try await send(request, Self.longLimit), "PUT", path)
    _ = try await Self.collect(response)
    return (response.headers.first(name: "x-amz-version-id"), response.headers.first(name: "etag"))
  }

  func length(of path: String, version: String) async throws(VaultFault) -> Int? {
    let request = self.request("HEAD", path, [("versionId", version)], [], payloadHash: SignatureV4.payloadHash([]))
    let response = try await good(try await send(request, Self.shortLimit), "HEAD", path)
    return response.headers.first(name: "content-length").flatMap { Int($0) }
  }

  func get(
    _ path: String, query: [(name: String, value: String)], first bytes: Int?, to file: String
  ) async throws(VaultFault) {
    let range = bytes.map { [(name: "range", value: "bytes=0-\(max(0, $0 - 1))")] } ?? []
    let request = self.request("GET", path, query, range, payloadHash: SignatureV4.payloadHash([]))
    let response = try await send(request, Self.longLimit)
    if let code = try await Self.refusal(response) {
      guard (400..<500).contains(response.status.code), ![408, 429].contains(response.status.code) else {
        throw refused("GET", path, code)
      }
      // In another class, under another key, withheld: where the bucket still answers, it is this one alone.
      _ = try await ask("GET", query: [("versions", ""), ("max-keys", "1")])
      throw .unreadable("the bucket refuses to give it (\(code))")
    }
    do {
      let disk = try DiskFile(creating: file, mode: 0o600)
      for try await piece in response.body { try disk.write(Array(piece.readableBytesView)) }
    } catch let fault as FileFault { throw .file(fault) } catch { throw Self.failed("GET", path, error) }
  }

  private func request(
    _ method: String, _ path: String, _ query: [(name: String, value: String)],
    _ headers: [(name: String, value: String)], payloadHash: String
  ) -> HTTPClientRequest {
    let instant = now()
    let full = path.isEmpty ? "/\(bucket)" : "/\(bucket)/\(path)"
    let signed =
      [
        (name: "host", value: settings.host), (name: "x-amz-date", value: SignatureV4.date(instant)),
        (name: "x-amz-content-sha256", value: payloadHash),
      ] + headers
    let authorization = signing.authorization(
      method: method, path: full, query: query, headers: signed, payloadHash: payloadHash, at: instant)
    let asked = query.isEmpty ? "" : "?\(SignatureV4.canonical(query))"
    var request = HTTPClientRequest(
      url: "\(settings.endpoint)\(SignatureV4.encoded(full, keepingSlashes: true))\(asked)")
    request.method = .RAW(value: method)
    for (name, value) in signed where name != "host" { request.headers.add(name: name, value: value) }
    request.headers.add(name: "authorization", value: authorization)
    return request
  }

  private func send(_ request: HTTPClientRequest, _ limit: TimeAmount) async throws(VaultFault) -> HTTPClientResponse {
    do { return try await HTTPClient.shared.execute(request, timeout: limit) } catch {
      throw .failed("\(settings.endpoint) does not answer (\(error)): check the address and the network")
    }
  }

  private func good(
    _ response: HTTPClientResponse, _ method: String, _ path: String
  ) async throws(VaultFault) -> HTTPClientResponse {
    guard let code = try await Self.refusal(response) else { return response }
    throw refused(method, path, code)
  }

  private func refused(_ method: String, _ path: String, _ code: String) -> VaultFault {
    switch code {
    case "NoSuchBucket": .refused("there is no bucket \(bucket) at \(settings.endpoint): make it, with Object Lock")
    case "RequestTimeTooSkewed": .failed("the bucket refuses this machine's clock: set it")
    default: .failed("the bucket refuses \(method) \(path) (\(code)): check its credentials and what they may do")
    }
  }

  /// S3's own code of what it refused; nil where it did not.
  private static func refusal(_ response: HTTPClientResponse) async throws(VaultFault) -> String? {
    if (200..<300).contains(response.status.code) { return nil }
    let said = try? S3Answer(try await collect(response))
    return said?.first("Code") ?? "\(response.status.code)"
  }

  private static func collect(_ response: HTTPClientResponse) async throws(VaultFault) -> [UInt8] {
    do { return Array(try await response.body.collect(upTo: answerBytesMax).readableBytesView) } catch {
      throw failed("the answer to", "", error)
    }
  }

  private static func failed(_ method: String, _ path: String, _ error: any Error) -> VaultFault {
    .failed("\(method) \(path) broke off (\(error)): try again")
  }
}
