import Hospital

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
    guard let written = HostAndPort(text) else { return nil }
    self.init(host: written.host, port: written.port ?? Self.usualPort)
  }

  /// Where the same station lets new ones ask to join.
  public var joining: PeerAddress { PeerAddress(host: host, port: port + 1) }

  /// As it stands in a URL.
  public var text: String { HostAndPort.text(host, port) }
}
