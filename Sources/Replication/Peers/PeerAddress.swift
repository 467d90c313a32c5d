/// An address of another station, `10.0.3.7`, `10.0.3.7:8443` or `[fe80::1]:8443`.
public struct PeerAddress: Sendable, Hashable {
  public static let usualPort = 8443

  public var host: String
  public var port: Int

  /// - Parameter host: a name or an address, IPv6 without brackets.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// As people write it; nil for what is no address. Without a port, it is the usual one.
  public init?(_ text: String) {
    let end = text.hasPrefix("[") ? text.firstIndex(of: "]") : nil
    if let end {
      host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      guard let port = rest.isEmpty ? Self.usualPort : Int(rest.dropFirst()) else { return nil }
      self.port = port
    } else {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count <= 2, let port = parts.count == 2 ? Int(parts[1]) : Self.usualPort else { return nil }
      host = String(parts[0])
      self.port = port
    }
    guard !host.isEmpty, (1...65_535).contains(port) else { return nil }
  }

  /// Where the same station lets new ones ask to join.
  public var joining: PeerAddress { PeerAddress(host: host, port: port + 1) }

  /// As it stands in a URL.
  public var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
