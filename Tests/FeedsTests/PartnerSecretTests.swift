import Feeds
import Foundation
import Testing

/// A secret goes to the server that it was written for, and to no other.
@Suite struct PartnerSecretTests {
  private static let base = "https://val.example/fhir"

  static let files: [(String, [String]?)] = [
    ("https://val.example/fhir\njeton\n", ["jeton"]),
    ("https://val.example/fhir/\n nom \n\nsecret", ["nom", "secret"]),
    ("https://val.example/fhir\n", []),
    // Somebody changed the directory's address, or its path alone.
    ("https://evil.example/fhir\njeton\n", nil), ("https://val.example/fhir/other\njeton\n", nil),
    ("https://val.example\njeton\n", nil), ("http://val.example/fhir\njeton\n", nil),
    ("https://val.example:8443/fhir\njeton\n", nil),
    // For nobody.
    ("jeton\n", nil), ("nom\nsecret\n", nil), ("", nil), ("jeton\nhttps://val.example/fhir\n", nil),
  ]

  @Test(arguments: files)
  func isForOneServer(text: String, lines: [String]?) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).token").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(filePath: path))
    let read: [String]?
    do throws(PartnerProblem) { read = try PartnerSecret.lines(ofFile: path, for: Self.base) } catch {
      #expect(error == .refused)
      read = nil
    }
    #expect(read == lines)
  }

  @Test func withoutAFileTheServerIsAskedAsAnybody() throws {
    #expect(try PartnerSecret.lines(ofFile: "/nowhere/990000001.token", for: Self.base).isEmpty)
  }
}
