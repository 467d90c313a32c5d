/// Where something listens, as people write it: `10.0.3.7`, `gam.hopital.fr:2575`, `[fe80::1]:8443`.
public struct HostAndPort: Sendable, Hashable {
  /// A name or an address, IPv6 without brackets.
  public var host: String
  /// nil where none is written.
  public var port: Int?

  /// nil for what is no address.
  public init?(_ text: String) {
    let written: Substring?
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      written = rest.isEmpty ? nil : rest.dropFirst()
    } else {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count <= 2 else { return nil }
      host = String(parts[0])
      written = parts.count == 2 ? parts[1] : nil
    }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
    guard let written else { return }
    guard let port = Int(written), (1...65_535).contains(port) else { return nil }
    self.port = port
  }

  /// Of a URL without a name, a secret, a question or a part of it; nil for any other.
  public init?(url: String, scheme: String) {
    let start = "\(scheme)://"
    guard url.hasPrefix(start), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      !url.contains(where: { "@?#\\\"<>".contains($0) })
    else { return nil }
    let authority = url.dropFirst(start.count).prefix { $0 != "/" }
    guard !authority.contains("%") else { return nil }
    self.init(String(authority))
  }

  /// As it stands in a URL.
  public static func text(_ host: String, _ port: Int) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
