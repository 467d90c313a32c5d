import Foundation
import Hospital
import Ledger
import Register
import Web

/// Makes the paper for when even the stations are off and puts it into a folder: one PDF for each document.
struct Packing: Sendable {
  let register: Register
  /// How many blank forms of each kind a new stack has; 0 for none.
  let blank: Int
  /// Until when what is made now is good.
  let goodSeconds: Int

  struct Made: Sendable {
    /// All that is in the folder now.
    var files: [String] = []
    /// Those that were not there before, or were made anew.
    var fresh: [String] = []
    /// How many pages no program made into a PDF: they are there as HTML, to print from any browser.
    var pages = 0

    /// A printer takes no web page.
    var toPrint: [String] { fresh.filter { $0.hasSuffix(".pdf") } }
  }

  /// - Parameter folder: there is such a folder.
  func make(into folder: String, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }) async throws -> Made {
    let now = Environment.live.now()
    let list = PackList(of: folder)
    let blocks = try await blocks(in: folder, list.id)
    let pack = try Pack(
      register, id: String(Environment.live.newID().suffix(8)).uppercased(),
      emergency: Station.settings("emergency", register.path, usual: .usual, EmergencySettings.init(yaml:)),
      language: .fr, at: now)
    let lists = try pack.lists()
    var made = Made()
    let work = "\(Self.work(register.path))/\(Environment.live.newID())"
    try FileManager.default.createDirectory(
      atPath: work, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: work) }
    for (index, document) in lists.enumerated() {
      progress(index, lists.count + blocks.count)
      try await make(document, in: work, &made)
    }
    for block in blocks {
      // A stack is printed once: what lies there already stays as it is.
      if let file = Self.file(of: block, in: folder) {
        made.files.append(file)
      } else {
        try await make(pack.forms(block), in: work, &made)
      }
    }
    try takeProcedures(into: work, &made)
    try put(made, from: work, into: folder, before: list)
    var record = PackRecord(folder: register.path)
    record.ages[folder] = PackRecord.Age(at: now, until: now.adding(seconds: goodSeconds))
    try record.write(folder: register.path)
    progress(lists.count + blocks.count, lists.count + blocks.count)
    return made
  }

  private func make(_ document: Pack.Document, in work: String, _ made: inout Made) async throws {
    let (page, pdf) = ("\(document.name).html", "\(document.name).pdf")
    try Self.write(Array(document.html.utf8), to: "\(work)/\(page)")
    let isMade = await Program.pdf("\(work)/\(pdf)", of: "\(work)/\(page)")
    if !isMade { made.pages += 1 }
    made.files.append(isMade ? pdf : page)
    made.fresh.append(isMade ? pdf : page)
  }

  /// The site's own sheets, `procedures/*.pdf` of the station's folder, go along as they are.
  private func takeProcedures(into work: String, _ made: inout Made) throws {
    let folder = "\(register.path)/procedures"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names.sorted() where name.hasSuffix(".pdf") {
      try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(work)/7-\(name)")
      made.files.append("7-\(name)")
      made.fresh.append("7-\(name)")
    }
  }

  /// Where documents are while they are made.
  private static func work(_ folder: String) -> String { "\(folder)/pack-work" }

  /// What a crash left there names patients.
  static func clean(_ folder: String) { try? FileManager.default.removeItem(atPath: work(folder)) }

  private static func file(of block: SheetBlock, in folder: String) -> String? {
    ["pdf", "html"].map { "\(Pack.name(of: block)).\($0)" }.first {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }
  }

  /// The stacks that lie in this folder, and a new one where less than half a stack is left. One whose file is gone was
  /// taken, and is not made again.
  private func blocks(in folder: String, _ id: String) async throws -> [SheetBlock] {
    guard blank > 0 else { return [] }
    var record = PackRecord(folder: register.path)
    var known = try register.read { reading in
      try (record.blocks[id] ?? []).compactMap { try reading.sheetBlock($0) }
    }.filter { $0.blankCount > 0 && Self.file(of: $0, in: folder) != nil }
    for form in SheetForm.allCases where known.filter({ $0.form == form }).map(\.blankCount).reduce(0, +) * 2 < blank {
      let receipt = try await register.submit(
        Submission(ReserveSheets(form: form, count: blank), key: Environment.live.newID(), author: "system"))
      let ids = receipt.facts.map(\.subject).filter { $0.hasPrefix("sheets/") }
      known += try register.read { reading in try ids.compactMap { try reading.sheetBlock($0) } }
    }
    record.blocks[id] = known.map(\.id)
    try record.write(folder: register.path)
    return known
  }

  /// Each file whole or not at all, the list of them last; then what an earlier pack put there and this one has no more
  /// is taken away.
  private func put(_ made: Made, from work: String, into folder: String, before: PackList) throws {
    for file in made.fresh {
      guard let bytes = FileManager.default.contents(atPath: "\(work)/\(file)") else { continue }
      try Self.write(Array(bytes), to: "\(folder)/\(file)")
    }
    try Self.write(PackList(id: before.id, files: made.files).bytes, to: PackList.path(folder))
    for old in before.files where !made.files.contains(old) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(old)")
    }
  }

  /// Patients' data, for the owner alone; on the disk, or the key, before it bears its name.
  private static func write(_ bytes: [UInt8], to path: String) throws {
    let part = "\(path).part"
    try? FileManager.default.removeItem(atPath: part)
    let file = try DiskFile(creating: part, mode: 0o600)
    try file.write(bytes)
    try file.sync()
    try file.rename(to: path)
  }
}

extension SheetBlock {
  fileprivate var blankCount: Int { sheets.count { $0.status == .blank } }
}

/// What a pack put into its folder, kept there: `pack.json`. Anybody may have written on a key, so what it says is taken
/// with care.
private struct PackList {
  /// Of the folder.
  var id: String
  var files: [String]

  static func path(_ folder: String) -> String { "\(folder)/pack.json" }

  init(id: String, files: [String]) { (self.id, self.files) = (id, files) }

  /// A new one where there is none that can be read.
  init(of folder: String) {
    let json = FileManager.default.contents(atPath: Self.path(folder)).flatMap { try? JSON(parsing: Array($0)) }
    id = json?["id"]?.string ?? Environment.live.newID()
    files = (json?["files"]?.array ?? []).compactMap(\.string).filter(Self.isOurs)
  }

  /// Names as `Pack` gives them, and no way out of the folder.
  private static func isOurs(_ name: String) -> Bool {
    name.wholeMatch(of: /[0-7]-[^\/]+\.(pdf|html)/) != nil
  }

  var bytes: [UInt8] {
    let json: JSON = ["id": .string(id), "files": .array(files.map { .string($0) })]
    return json.bytes
  }
}
