import Foundation
import Hospital
import Ledger
import Register
import Web

/// Makes the paper for when even the stations are off and puts it into a folder: one PDF for each document.
struct Packing: Sendable {
  let register: Register
  /// How many blank forms of each kind a stack has; 0 for none.
  let blank: Int
  /// Until when what is made now is good.
  let goodSeconds: Int

  struct Made: Sendable {
    /// All that is in the folder now.
    var files: [String] = []
    /// Those that were made now.
    var fresh: [String] = []
    /// How many pages no program made into a PDF: they are there as HTML, to print from any browser.
    var pages: Int { fresh.count { $0.hasSuffix(".html") } }
    /// A printer takes no web page, and no stack of forms: it lies in the folder too, and there would be two of it.
    private var toPrint: [String] { fresh.filter { $0.hasSuffix(".pdf") && !Pack.isStack($0) } }

    /// false where the printer did not take it.
    func print(from folder: String, on printer: String) async -> Bool {
      if toPrint.isEmpty { return true }
      return await Program.print(toPrint.map { "\(folder)/\($0)" }, on: printer)
    }
  }

  /// One at a time: the timer's and a command's would forget each other's stacks. Lists are made once for all folders, and
  /// what goes wrong in one folder is its own.
  /// - Parameter folders: there are such folders.
  func make(
    into folders: [String], progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws -> [String: Result<Made, any Error>] {
    try await PackTurn.shared.next {
      Self.clean(register.path)
      let work = Self.work(register.path)
      try FileManager.default.createDirectory(
        atPath: work, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      defer { Self.clean(register.path) }
      let pack = try Pack(
        register, id: String(Environment.live.newID().suffix(8)).uppercased(),
        emergency: Station.settings("emergency", register.path, usual: .usual, EmergencySettings.init(yaml:)),
        language: .fr, at: Environment.live.now())
      let documents = try pack.lists()
      var lists = Made()
      for (index, document) in documents.enumerated() {
        progress(index, documents.count)
        try await make(document, in: work, &lists)
      }
      try takeProcedures(into: work, &lists)
      var made: [String: Result<Made, any Error>] = [:]
      for folder in folders {
        do { made[folder] = .success(try await fill(folder, lists, pack, work)) } catch let error as CancellationError {
          throw error
        } catch { made[folder] = .failure(error) }
      }
      progress(documents.count, documents.count)
      return made
    }
  }

  private func fill(_ folder: String, _ lists: Made, _ pack: Pack, _ work: String) async throws -> Made {
    let list = PackList(of: folder)
    // Before numbers are reserved for it: a folder that takes nothing shows here.
    try Self.write(list.bytes, to: PackList.path(folder))
    let stacks = try PackStacks(in: folder, register)
    var made = lists
    made.files += stacks.kept
    let blocks = try await blocks(for: list.id, besides: stacks)
    for block in blocks { try await make(pack.forms(block), in: work, &made) }
    let before = PackList(id: list.id, files: list.files + stacks.gone)
    if let wrong = put(made, blocks, from: work, into: folder, before: before) { throw wrong }
    try PackRecord.change(folder: register.path) {
      $0.note(PackRecord.Age(at: pack.at, until: pack.at.adding(seconds: goodSeconds)), of: folder)
    }
    return made
  }

  private func make(_ document: Pack.Document, in work: String, _ made: inout Made) async throws {
    let (page, pdf) = ("\(document.name).html", "\(document.name).pdf")
    try Self.write(Array(document.html.utf8), to: "\(work)/\(page)")
    let isMade = await Program.pdf("\(work)/\(pdf)", of: "\(work)/\(page)")
    // A station that stops leaves the folder as it was.
    try Task.checkCancellation()
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

  /// Those whose stacks the folder has not: of each form that none is there of, and what did not reach it the last time.
  /// - Parameter id: of the folder.
  private func blocks(for id: String, besides stacks: PackStacks) async throws -> [SheetBlock] {
    guard blank > 0 else { return [] }
    func known(_ ids: [String]) throws -> [SheetBlock] {
      try register.read { reading in try ids.compactMap { try reading.sheetBlock($0) } }.filter(\.isBlank)
    }
    let waiting = PackRecord(folder: register.path).waiting[id] ?? []
    let unnamed = stacks.unnamed.filter { !waiting.contains($0) }
    var blocks = try known((waiting + unnamed).filter { !stacks.blocks.contains($0) })
    try wait(blocks, for: id)
    for form in SheetForm.allCases where !stacks.forms.contains(form) && !blocks.contains(where: { $0.form == form }) {
      let receipt = try await register.submit(
        Submission(ReserveSheets(form: form, count: blank), key: Environment.live.newID(), author: "system"))
      blocks += try known(receipt.facts.map(\.subject).filter { $0.hasPrefix("sheets/") })
      // What never reaches the folder is put there the next time.
      try wait(blocks, for: id)
    }
    return blocks
  }

  private func wait(_ blocks: [SheetBlock], for id: String) throws {
    try PackRecord.change(folder: register.path) { $0.wait(blocks.map(\.id), for: id) }
  }

  /// Each file whole or not at all, the list of them last; then what an earlier pack put there and this one has no more
  /// is taken away. One that cannot be put there, open at somebody's screen, keeps none of the others away.
  /// - Returns: What went wrong first; all others are there.
  private func put(
    _ made: Made, _ blocks: [SheetBlock], from work: String, into folder: String, before: PackList
  ) -> (any Error)? {
    var wrong: (any Error)?
    for file in made.fresh {
      guard let data = FileManager.default.contents(atPath: "\(work)/\(file)") else { continue }
      let (bytes, path) = (Array(data), "\(folder)/\(file)")
      do {
        if let block = blocks.first(where: { Pack.isStack(file, of: $0) }) {
          try hand(bytes, of: block, to: path, part: "\(folder)/\(PackStacks.part(of: block))", for: before.id)
        } else {
          try Self.write(bytes, to: path)
        }
      } catch { wrong = wrong ?? error }
    }
    let list = PackList(id: before.id, files: made.files)
    do { try Self.write(list.bytes, to: PackList.path(folder)) } catch { return wrong ?? error }
    for old in before.files where !made.files.contains(old) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(old)")
    }
    return wrong
  }

  /// A stack may be taken once it bears its name: it stops waiting before that, and until then its part, whole in the
  /// folder, says that it is to be made, so that a stop at any moment loses no stack and makes none twice.
  /// - Parameter id: of the folder.
  private func hand(_ bytes: [UInt8], of block: SheetBlock, to path: String, part: String, for id: String) throws {
    let part = try Self.whole(bytes, at: part)
    try DiskFile.syncFolder(of: path)
    try PackRecord.change(folder: register.path) { record in
      record.wait(record.waiting[id]?.filter { $0 != block.id } ?? [], for: id)
    }
    try part.rename(to: path)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let part = try whole(bytes, at: "\(path).part")
    do { try part.rename(to: path) } catch {
      try? FileManager.default.removeItem(atPath: part.path)
      throw error
    }
  }

  /// Patients' data, for the owner alone; on the disk, or the key, before it bears its name.
  private static func whole(_ bytes: [UInt8], at part: String) throws -> DiskFile {
    try? FileManager.default.removeItem(atPath: part)
    do {
      let file = try DiskFile(creating: part, mode: 0o600)
      try file.write(bytes)
      try file.sync()
      return file
    } catch {
      // On a full disk it would keep the next from being made.
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
  }
}

private actor PackTurn {
  static let shared = PackTurn()
  private var last: Task<Void, Never>?

  func next<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let before = last
    let task = Task {
      await before?.value
      return try await body()
    }
    last = Task { _ = try? await task.value }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }
}

/// What a pack put into its folder, kept there: `pack.json`. Anybody may have written on a key, so what it says is taken
/// with care.
private struct PackList {
  /// Of the folder.
  var id: String
  var files: [String]

  private static let bytesMax = 1 << 20

  static func path(_ folder: String) -> String { "\(folder)/pack.json" }

  init(id: String, files: [String]) { (self.id, self.files) = (id, files) }

  /// A new one where there is none that can be read.
  init(of folder: String) {
    let path = Self.path(folder)
    let about = try? FileManager.default.attributesOfItem(atPath: path)
    let isList = about?[.type] as? FileAttributeType == .typeRegular && (about?[.size] as? Int ?? .max) <= Self.bytesMax
    let json = (isList ? FileManager.default.contents(atPath: path) : nil).flatMap { try? JSON(parsing: Array($0)) }
    let known = json?["id"]?.string.flatMap { UUID(uuidString: $0)?.uuidString.lowercased() }
    id = known ?? Environment.live.newID()
    files = (json?["files"]?.array ?? []).compactMap(\.string).filter(Self.isOurs)
  }

  /// Names as `Pack` gives them, and no way out of the folder: whatever else lies there is somebody's own.
  private static func isOurs(_ name: String) -> Bool { Pack.isName(name) }

  var bytes: [UInt8] {
    let json: JSON = ["id": .string(id), "files": .array(files.map { .string($0) })]
    return json.bytes
  }
}
