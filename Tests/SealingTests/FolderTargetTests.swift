import Foundation
import Ledger
import Register
import Replication
import Testing

/// A vault in a folder: nothing there is ever written over.
struct FolderTargetTests {
  private static func file(_ folder: TemporaryFolder, _ text: String) throws -> String {
    let path = "\(folder.path)/\(UUID().uuidString)"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  @Test func aNameThatIsTakenKeepsBoth() async throws {
    let (vault, work) = (try TemporaryFolder(), try TemporaryFolder())
    let target = FolderTarget(path: vault.path)
    let path = "segments/urg-1-3fa9c2d1/1-2-\(String(repeating: "a", count: 64))"
    var kept: [String] = []
    for text in ["first", "second", "third"] {
      kept.append(
        try await target.put(Self.file(work, text), as: path, until: Instant("2022-08-21T01:00:00.000Z")!).path)
    }
    #expect(kept == [path, "\(path)~2", "\(path)~3"])
    let objects = try await target.list("segments/").sorted { $0.path < $1.path }
    #expect(objects.map(\.path) == kept)
    // Each is the same segment, by its name.
    #expect(Set(objects.compactMap { SegmentName(path: $0.name) }).count == 1)
    var read: [String] = []
    for object in objects {
      let copy = "\(work.path)/\(UUID().uuidString)"
      try await target.get(object, first: nil, to: copy)
      read.append(try String(contentsOfFile: copy, encoding: .utf8))
    }
    #expect(read == ["first", "second", "third"])
    let beginning = "\(work.path)/beginning"
    try await target.get(objects[0], first: 2, to: beginning)
    #expect(try String(contentsOfFile: beginning, encoding: .utf8) == "fi")
  }

  /// A copy that was cut off is no object.
  @Test func whatIsHalfWrittenIsNotListed() async throws {
    let vault = try TemporaryFolder()
    let folder = "\(vault.path)/snapshots"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data([1]).write(to: URL(filePath: "\(folder)/x.part"))
    #expect(try await FolderTarget(path: vault.path).list("snapshots/") == [])
    #expect(try await FolderTarget(path: vault.path).list("enrolments/") == [])
  }

  /// What bears a name that is not UTF-8 is listed as it is shown, and cannot be read; folders above are not walked again.
  @Test func aNameThatIsNoTextIsListed() async throws {
    let (vault, work) = (try TemporaryFolder(), try TemporaryFolder())
    let folder = "\(vault.path)/snapshots"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let bytes = Array("\(folder)/a".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    let descriptor = bytes.withUnsafeBufferPointer { creat($0.baseAddress!, 0o600) }
    try #require(descriptor >= 0)
    close(descriptor)
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/above", withDestinationPath: vault.path)
    let target = FolderTarget(path: vault.path)
    let object = VaultObject(path: "snapshots/a\u{FFFD}", version: nil, bytes: 0)
    #expect(try await target.list("snapshots/") == [object])
    #expect(try await Self.isOfObject(target, object, to: "\(work.path)/1") == true)
  }

  @Test func whatIsGoneIsTold() async throws {
    let (vault, work) = (try TemporaryFolder(), try TemporaryFolder())
    let target = FolderTarget(path: vault.path)
    let until = try #require(Instant("2022-08-21T01:00:00.000Z"))
    let kept = try await target.put(Self.file(work, "a"), as: "segments/a/b", until: until).path
    let objects = ["segments/a/a", kept, "segments/a/b/c"].map { path in
      SealedObject(target: vault.path, path: path, version: nil, kind: .lines, at: until, bytes: 1, lockedUntil: nil)
    }
    #expect(try await target.gone(of: objects).map(\.path) == ["segments/a/a", "segments/a/b/c"])
    // Of a disk that was taken away, nothing is gone.
    let away = FolderTarget(path: "\(vault.path)/nowhere")
    await #expect(throws: VaultFault.self) { _ = try await away.gone(of: objects) }
  }

  /// Of a file that cannot be copied to its end nothing is left to fill the disk.
  @Test func whatCannotBePutLeavesNothing() async throws {
    let vault = try TemporaryFolder()
    await #expect(throws: VaultFault.self) {
      // Its first page can be read by nobody.
      _ = try await FolderTarget(path: vault.path)
        .put("/proc/self/mem", as: "snapshots/x", until: Instant("2022-08-21T01:00:00.000Z")!)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(vault.path)/snapshots") == [])
  }

  /// A bad sector is one object's own; a disk that was taken away, or one that takes no copy, is none's.
  @Test func whatCannotBeReadIsOneObjects() async throws {
    let (vault, work) = (try TemporaryFolder(), try TemporaryFolder())
    let target = FolderTarget(path: vault.path)
    let object = VaultObject(path: "snapshots/x", version: nil, bytes: 0)
    try FileManager.default.createDirectory(atPath: "\(vault.path)/snapshots", withIntermediateDirectories: true)
    // Its first page can be read by nobody.
    try FileManager.default.createSymbolicLink(
      atPath: "\(vault.path)/\(object.path)", withDestinationPath: "/proc/self/mem")
    #expect(try await target.list("snapshots/") == [object])
    #expect(try await Self.isOfObject(target, object, to: "\(work.path)/1") == true)
    #expect(try await Self.isOfObject(target, object, to: "\(work.path)/nowhere/2") == false)
    try FileManager.default.removeItem(atPath: "\(vault.path)/snapshots")
    #expect(try await Self.isOfObject(target, object, to: "\(work.path)/3") == false)
  }

  /// nil where it was read.
  private static func isOfObject(_ target: FolderTarget, _ object: VaultObject, to file: String) async throws -> Bool? {
    do { try await target.get(object, first: nil, to: file) } catch {
      switch error {
      case .unreadable: return true
      case .file: return false
      default: throw error
      }
    }
    return nil
  }

  @Test func aFolderThatIsNotThereIsRefused() async throws {
    await #expect(throws: VaultFault.self) { try await FolderTarget(path: "/nowhere").check() }
  }

  @Test(arguments: [
    ("s3://coffre", VaultAddress.bucket(name: "coffre")), ("s3://coffre/", .bucket(name: "coffre")),
    ("/media/x", .folder(path: "/media/x")), ("s3://", nil), ("s3://A", nil), ("s3://a/b", nil), ("", nil),
  ])
  func addresses(text: String, address: VaultAddress?) {
    #expect(VaultAddress(text) == address)
  }

  @Test func aSnapshotsNameHasOneSpelling() throws {
    let path = "snapshots/20220821T010000.000Z-0007-urg-1-3fa9c2d1"
    let name = try #require(SnapshotName(path: path))
    #expect(name.time.text == "2022-08-21T01:00:00.000Z/0007")
    #expect(name.station == "urg-1-3fa9c2d1")
    #expect(name.path == path)
    for other in ["20220821T010000.000Z-7-urg-1", "20221321T010000.000Z-0007-urg-1", "20220821T010000.000Z-0007-"] {
      #expect(SnapshotName(path: "snapshots/\(other)") == nil)
    }
  }

  @Test(arguments: ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
  func whatABucketNeedsIsNamed(missing: String) throws {
    var environment = [
      "AWS_ENDPOINT_URL": "https://s3.example.org/", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "secret",
    ]
    #expect(try S3Settings(environment: environment).endpoint == "https://s3.example.org")
    #expect(try !"\(S3Settings(environment: environment))".contains("secret"))
    environment[missing] = nil
    #expect(throws: VaultFault.self) { try S3Settings(environment: environment) }
  }

  /// Scheme, host and port, and nothing that a request would sign otherwise than it is sent.
  @Test(
    arguments: [
      ("https://s3.example.org", "https://s3.example.org"), ("http://127.0.0.1:7480/", "http://127.0.0.1:7480"),
      ("https://[::1]:9000", "https://[::1]:9000"), ("https://s3.example.org/minio", nil),
      ("https://:1/s3.example.org", nil),
      ("https://s3.example.org//", nil), ("https://", nil), ("https:///", nil), ("s3.example.org", nil),
      ("ftp://s3.example.org", nil), ("https://a:b@s3.example.org", nil), ("https://s3.example.org?x=1", nil),
      ("https://s3.example.org:84433", nil),
    ] as [(String, String?)])
  func whereABucketAnswers(written: String, kept: String?) {
    let settings = try? S3Settings(
      environment: ["AWS_ENDPOINT_URL": written, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "secret"])
    #expect(settings?.endpoint == kept)
  }
}
