import Glibc
import Ledger

/// The key of the station that proves the vault: one more that it is sealed to, in a file that only its owner reads
/// (mode 0600). Whoever takes it reads the vault, as whoever takes that station reads the hospital.
public enum ProvingKey {
  /// nil where this station does not prove.
  public static func read(folder: String) throws(SealFailure) -> OpeningKey? {
    let path = path(folder)
    guard access(path, F_OK) == 0 else { return nil }
    let bytes: [UInt8]
    do throws(FileFault) { bytes = try DiskFile(reading: path).read(atMost: 4096) } catch { throw .file(error) }
    let text = bytes.filter { $0 > UInt8(ascii: " ") }
    guard let seed = Base64.bytes(url: text), let key = OpeningKey(seed: seed) else {
      throw .cannotSeal("\(path) holds no key: remove it, and make another one with permanence key new")
    }
    return key
  }

  public static func make(folder: String, random: (Int) -> [UInt8]) throws(SealFailure) -> OpeningKey {
    guard let key = OpeningKey(seed: random(OpeningKey.seedBytes)) else {
      throw .cannotSeal("a key needs 32 random bytes")
    }
    do throws(FileFault) {
      let file = try DiskFile(creating: path(folder), mode: 0o600)
      try file.write(Array("\(Base64.url(key.seed))\n".utf8))
      try file.sync()
      try DiskFile.syncFolder(of: path(folder))
    } catch { throw .file(error) }
    return key
  }

  private static func path(_ folder: String) -> String { "\(folder)/proving.key" }
}
