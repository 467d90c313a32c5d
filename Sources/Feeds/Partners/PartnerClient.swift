import AsyncHTTPClient
import Foundation
import Hospital
import Interop
import Ledger
import NIOCore
import NIOSSL

/// Why a partner's server could not be read.
public enum PartnerProblem: String, Error, CaseIterable {
  /// No answer in time, or no certificate that is trusted.
  case unreachable
  /// It refused the token, or asks for one; or the secret here is for another address, and it was not asked at all.
  case refused
  /// It answered, and not as a FHIR server does.
  case answer
  /// More than is read, or a next page on another host.
  case tooMuch = "too-much"
  /// It has no bed whose unit says which care is given there.
  case nothing
}

/// Asks one partner's FHIR server for its places. Answers are bounded in bytes, pages and time; no redirection is
/// followed, and no page on another host.
struct PartnerClient {
  private static let pageBytesMax = 4 << 20
  private static let pagesMax = 60
  private static let pageCount = 500
  private static let connectSeconds: Int64 = 10
  private static let answerSeconds: Int64 = 30
  private static let secondsMax = 180
  private static let port = 443

  /// `https://host/fhir`.
  let base: String
  /// Empty for none; a token; or a client's name and its secret, for `<base>/token` (RFC 6749 section 4.4).
  let secret: [String]
  /// PEM of an authority that is trusted beside the machine's own; nil for none.
  let authority: String?

  func capacity() async throws(PartnerProblem) -> [HearPartner.Said] {
    let answer = await withTaskGroup(of: Answer.self) { group in
      group.addTask { await attempt() }
      group.addTask {
        try? await Task.sleep(for: .seconds(Self.secondsMax))
        return .failure(.unreachable)
      }
      defer { group.cancelAll() }
      return await group.next() ?? .failure(.unreachable)
    }
    return try answer.get()
  }

  private typealias Answer = Result<[HearPartner.Said], PartnerProblem>

  private func attempt() async -> Answer {
    do { return .success(try await read()) } catch { return .failure(error as? PartnerProblem ?? .unreachable) }
  }

  private func read() async throws -> [HearPartner.Said] {
    let client = HTTPClient(configuration: try configuration())
    let read: Result<[HearPartner.Said], any Error>
    do { read = .success(try await pages(client)) } catch { read = .failure(error) }
    try? await client.shutdown()
    return try read.get()
  }

  private func configuration() throws -> HTTPClient.Configuration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    if let authority { tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(authority))] }
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.timeout = .init(connect: .seconds(Self.connectSeconds), read: .seconds(Self.answerSeconds))
    configuration.connectionPool.retryConnectionEstablishment = false
    return configuration
  }

  private func pages(_ client: HTTPClient) async throws -> [HearPartner.Said] {
    let token = try await token(client)
    var capacity = FHIRCapacity()
    var next: String? = "\(base)/Location?_count=\(Self.pageCount)"
    var count = 0
    while let address = next {
      guard count < Self.pagesMax, !capacity.isFull else { throw PartnerProblem.tooMuch }
      count += 1
      let bytes = try await answer(to: request(address, token), client)
      do { next = try capacity.take(bytes).map(onSameHost) } catch is DecodingError { throw PartnerProblem.answer }
    }
    guard !capacity.said.isEmpty else { throw PartnerProblem.nothing }
    return capacity.said
  }

  /// A page's address may be relative to the base. A secret goes to no other host.
  private func onSameHost(_ address: String) throws -> String {
    guard let own = URL(string: base), let url = URL(string: address, relativeTo: URL(string: "\(base)/"))?.absoluteURL
    else { throw PartnerProblem.answer }
    guard url.scheme == "https", url.host?.lowercased() == own.host?.lowercased(),
      url.port ?? Self.port == own.port ?? Self.port,
      url.user == nil
    else { throw PartnerProblem.tooMuch }
    return url.absoluteString
  }

  private func request(_ address: String, _ token: String?) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: address)
    request.headers.add(name: "Accept", value: "application/fhir+json")
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    return request
  }

  private func token(_ client: HTTPClient) async throws -> String? {
    guard secret.count == 2 else { return secret.first }
    struct Granted: Decodable {
      var token: String

      enum CodingKeys: String, CodingKey {
        case token = "access_token"
      }
    }
    var request = HTTPClientRequest(url: "\(base)/token")
    request.method = .POST
    let basic = Data("\(secret[0]):\(secret[1])".utf8).base64EncodedString()
    request.headers.add(name: "Authorization", value: "Basic \(basic)")
    request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
    request.headers.add(name: "Accept", value: "application/json")
    request.body = .bytes(ByteBuffer(string: "grant_type=client_credentials"))
    let bytes = try await answer(to: request, client)
    guard let granted = try? JSONDecoder().decode(Granted.self, from: Data(bytes)) else { throw PartnerProblem.answer }
    return granted.token
  }

  private func answer(to request: HTTPClientRequest, _ client: HTTPClient) async throws -> [UInt8] {
    let response = try await client.execute(request, timeout: .seconds(Self.answerSeconds))
    switch response.status {
    case .ok: break
    case .unauthorized, .forbidden: throw PartnerProblem.refused
    default: throw PartnerProblem.answer
    }
    do {
      return Array(try await response.body.collect(upTo: Self.pageBytesMax).readableBytesView)
    } catch is NIOTooManyBytesError { throw PartnerProblem.tooMuch }
  }
}
