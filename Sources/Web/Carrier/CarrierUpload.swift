import Foundation
import Hummingbird
import Ledger
import Register

/// Files that somebody sent, in a folder of their own that goes with this value.
final class CarrierUpload: Sendable {
  static let filesMax = 1000

  let folder: String

  /// - Parameter folder: absent.
  init(folder: String) throws {
    self.folder = folder
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The path of the file that somebody calls so.
  func path(_ name: String) -> String {
    let last = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
    let plain = last.unicodeScalars.map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isPlain || "._-".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
    }
    return "\(folder)/\(String(plain.suffix(100)).drop { $0 == "." })"
  }

  /// Keeps a tenth of the disk for admissions.
  func requireRoom() throws {
    if let spare = DiskRoom.toSpare(folder), spare <= 0 { throw RegisterFault.diskFull }
  }
}

extension WebApp {
  /// Reads a form with files, as it comes, once its token has come before them.
  /// - Returns: the files, which lie on the disk as long as the upload lives.
  func upload(
    _ request: Request, _ context: PageContext, to folder: String
  ) async throws -> (upload: CarrierUpload, files: [String]) {
    guard let type = request.headers[.contentType], var parsing = MultipartParsing(contentType: type) else {
      throw Problem(.unsupportedMediaType)
    }
    let upload = try CarrierUpload(folder: folder)
    var receiving = Receiving(upload: upload)
    do {
      for try await piece in request.body {
        for event in try parsing.take(piece.readableBytesView) {
          switch event {
          case .part(let name, nil): receiving.field = name
          case .part(_, let file?):
            try requireOurs(receiving.fields, request, context)
            try receiving.begin(file)
          case .data(let bytes): try receiving.take(bytes)
          }
        }
      }
    } catch is MultipartParsing.Malformed { throw Problem(.badRequest, "problem.form") } catch let fault as FileFault {
      throw RegisterFault.store("\(fault)")
    }
    guard parsing.isAtEnd else { throw Problem(.badRequest, "problem.form") }
    return (upload, receiving.files)
  }
}

/// The parts of one form as they come.
private struct Receiving: ~Copyable {
  private static let fieldBytesMax = 4096

  let upload: CarrierUpload
  /// The field that comes now; nil inside a file.
  var field: String? {
    didSet { value = [] }
  }
  private(set) var files: [String] = []
  private var value: [UInt8] = []
  private var known: [(name: String, value: String)] = []
  private var file: DiskFile?

  init(upload: CarrierUpload) { self.upload = upload }

  /// Those that came before the first file.
  var fields: Fields { Fields(known) }

  mutating func begin(_ name: String) throws {
    field = nil
    file = nil
    // A form without a file sends one without a name.
    guard !name.isEmpty else { return }
    guard files.count < CarrierUpload.filesMax else { throw Problem(.contentTooLarge) }
    let path = upload.path(name)
    guard !files.contains(path) else { throw Problem(.badRequest, "problem.form") }
    file = try DiskFile(creating: path, mode: 0o600)
    files.append(path)
  }

  mutating func take(_ bytes: [UInt8]) throws {
    if let field {
      value += bytes
      guard value.count <= Self.fieldBytesMax else { throw Problem(.contentTooLarge) }
      known.removeAll { $0.name == field }
      known.append((field, String(decoding: value, as: UTF8.self)))
    } else if file != nil {
      try upload.requireRoom()
      try file?.write(bytes)
    }
  }
}
