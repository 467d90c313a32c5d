import Glibc

/// A folder of `<station>.ledger` files, as `ledger export` writes it.
public enum LedgerFolder {
  /// The names of the `.ledger` files in `folder`, without that suffix, sorted.
  public static func chains(in folder: String) throws(FileFault) -> [String] {
    guard let handle = opendir(folder) else { throw FileFault(.list, folder) }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(LedgerFile.suffix) { names.append(String(name.dropLast(LedgerFile.suffix.utf8.count))) }
    }
    return names.sorted { $0.precedesInBytes($1) }
  }

  /// Verifies every ledger of `folder`. `progress` hears how many lines have been read so far.
  public static func verify(
    _ folder: String, root: String? = nil, progress: (Int) -> Void = { _ in }
  ) throws(FileFault) -> VerificationReport {
    var verification = Verification(root: root)
    var count = 0
    for chain in try chains(in: folder) {
      verification.begin(chain)
      guard StationName.isValid(chain) else {
        verification.fail(.fileName)
        continue
      }
      do throws(FileFault) {
        var file = try LedgerFile(path: "\(folder)/\(chain)\(LedgerFile.suffix)")
        while let lines = try file.next() {
          verification.take(lines)
          count += lines.count
          progress(count)
        }
        if file.isTorn { verification.fail(.torn) }
      } catch { verification.fail(.file(error)) }
    }
    return verification.finish()
  }
}
