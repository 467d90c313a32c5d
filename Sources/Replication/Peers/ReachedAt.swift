import NIOCore

/// Where others reach a station that listens here.
public enum ReachedAt {
  private static let everywhere: Set<String> = ["0.0.0.0", "::"]

  /// - Parameters:
  ///   - host: that the station listens on; where that is every address of the machine, each that others may reach.
  ///   - hosts: the machine's own addresses.
  public static func addresses(host: String, port: Int, hosts: [String] = ownHosts()) -> [PeerAddress] {
    guard everywhere.contains(host) else { return [PeerAddress(host: host, port: port)] }
    return Set(hosts.filter(isReachable)).sorted().map { PeerAddress(host: $0, port: port) }
  }

  public static func ownHosts() -> [String] {
    ((try? System.enumerateDevices()) ?? []).compactMap { $0.address?.ipAddress }
  }

  /// Neither this machine's own address nor one of a link, which says nothing elsewhere.
  private static func isReachable(_ address: String) -> Bool {
    !address.hasPrefix("127.") && address != "::1" && !address.lowercased().hasPrefix("fe80:")
      && !address.hasPrefix("169.254.")
  }
}

extension PeerAddress {
  /// As a station says with its questions where it is.
  static func list(reading text: String) -> [PeerAddress] {
    text.split(separator: ",").prefix(listMax).compactMap {
      PeerAddress(String($0.drop { $0 == " " }))
    }
  }

  private static let listMax = 8
}
