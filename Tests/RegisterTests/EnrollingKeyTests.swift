import Foundation
import Hospital
import Ledger
import Register
import Testing

/// Where a station keeps the key that enrols, and what a crash or a person left of it.
struct EnrollingKeyTests {
  enum Start: CaseIterable { case opened, createdAgain }

  /// A key that was being written when the machine stopped lies there in the clear: the next start takes it away.
  @Test(arguments: Start.allCases) func whatWasCutShortIsTakenAway(start: Start) throws {
    let station = try TestStation()
    let copy = try TestStation.copy(of: station.folder)
    let part = "\(copy.path)/authority.part"
    try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
    for name in ["enrolling.key", "enrolling.crt"] { try Data("-".utf8).write(to: URL(filePath: "\(part)/\(name)")) }
    switch start {
    case .opened:
      let opened = try Register(folder: copy.path, access: .writing, environment: station.environment.environment)
      #expect(opened.canEnrol)
    case .createdAgain:
      try FileManager.default.removeItem(atPath: "\(copy.path)/store.sqlite")
      try Register.create(
        folder: copy.path, station: "urg-2", structure: .small, environment: station.environment.environment)
    }
    #expect(!FileManager.default.fileExists(atPath: part))
  }

  /// Somebody took the key off this station, and left its certificates: the paper makes another one.
  @Test func aKeyIsMadeBesideOldCertificates() throws {
    let station = try TestStation()
    let authority = "\(station.folder.path)/authority"
    try FileManager.default.removeItem(atPath: "\(authority)/enrolling.key")
    #expect(!station.register.canEnrol)
    let root = try #require(try station.register.rootKey())
    try station.register.makeEnrollingKey(root: root, environment: station.environment.environment)
    #expect(station.register.canEnrol)
    #expect(!FileManager.default.fileExists(atPath: "\(authority).part"))
  }
}
