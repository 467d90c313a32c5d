import Foundation
import Hummingbird
import HummingbirdTesting
import Ledger
import Register
import Web

/// Another station of the site's hospital, which hears of it only when told to.
final class Neighbour: Sendable {
  let register: Register
  private let folder: URL

  init(of site: TestSite) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "permanence-web-\(UUID().uuidString)")
    let environment = site.clock.environment
    let key = try SigningKey(random: environment.randomBytes)
    let enrolment = try site.register.enrol(station: "urg-2", key: key.publicKey, environment: environment)
    try Register.join(folder: folder.path, key: key, enrolment: enrolment, environment: environment)
    register = try Register(folder: folder.path, access: .writing, environment: environment)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Its pages.
  func run(_ clock: TestClock, _ test: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
    let app = try WebApp(register: register, environment: clock.environment, isSecure: false)
    try await Application(router: app.router()).test(.router, test)
  }

  func exchange(with site: TestSite) async throws {
    try await Self.tell(site.register, to: register)
    try await Self.tell(register, to: site.register)
  }

  private static func tell(_ one: Register, to other: Register) async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "permanence-web-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: path) }
    for name in try one.exportLedger(to: path.path).stations {
      let bytes = try Data(contentsOf: path.appending(path: "\(name).ledger"))
      _ = try await other.takeIn(bytes.split(separator: UInt8(ascii: "\n")).map { [UInt8]($0) }, from: one.station)
    }
  }
}
