import Feeds
import Foundation
import Testing

/// Which files of the data folder a hand-back is encrypted with, and which of them are no use.
@Suite struct HandbackTLSTests {
  static let folders: [([String], Bool)] = [
    ([], true), (["handback-authority.pem"], false), (["handback-certificate.pem"], false),
    (["handback-certificate-key.pem"], false), (["handback-certificate.pem", "handback-certificate-key.pem"], false),
    (["peers.pem"], true),
  ]

  @Test(arguments: folders)
  func whatIsThere(files: [String], isUsable: Bool) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "permanence-tls-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in files { try Data("no certificate".utf8).write(to: folder.appending(path: file)) }
    let tls = HandbackTLS(folder: folder.path)
    #expect(tls.isPrepared == !isUsable)
    var isMade = true
    do { _ = try tls.configuration() } catch { isMade = false }
    #expect(isMade == isUsable)
  }
}
