import Foundation
import Hospital

/// What we are known by at a partner's server: `partners/<FINESS>.token` in the data folder, which never leaves it. Its
/// first line is the base address it is for. The directory's address is a fact that any station may say: it must not be
/// enough to have a secret sent there.
public enum PartnerSecret {
  /// - Parameter base: the directory's address, `https://host/fhir`.
  /// - Returns: nothing where there is no file; a token; or a client's name and its secret.
  /// - Throws: `refused` where the file is for another address, is for none, or cannot be read.
  public static func lines(ofFile path: String, for base: String) throws(PartnerProblem) -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let lines = text.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
    guard let own = lines.first, bare(own) == bare(base) else { throw .refused }
    return Array(lines.dropFirst())
  }

  private static func bare(_ address: String) -> String {
    address.hasSuffix("/") ? String(address.dropLast()) : address
  }
}
