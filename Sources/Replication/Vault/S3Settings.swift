import Hospital

/// How to reach a bucket: read from the process's environment under the names that every S3 tool knows, so that no
/// secret is an argument or lies in a data folder.
public struct S3Settings: Sendable {
  /// Without a slash at its end: `https://s3.example.org`.
  public var endpoint: String
  public var accessKey: String
  public var region: String
  let secretKey: String

  /// `AWS_ENDPOINT_URL` (or `S3_ENDPOINT`), `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION` (`us-east-1`).
  public init(environment: [String: String]) throws(VaultFault) {
    func value(_ names: String...) throws(VaultFault) -> String {
      for name in names { if let value = environment[name], !value.isEmpty { return value } }
      throw .refused("\(names[0]) is not set: an S3 vault is reached with what this process's environment says")
    }
    let endpoint = try value("AWS_ENDPOINT_URL", "S3_ENDPOINT")
    guard endpoint.hasPrefix("https://") || endpoint.hasPrefix("http://"),
      HostAndPort(endpoint.split(separator: "/").last.map(String.init) ?? "") != nil
    else {
      throw .refused("AWS_ENDPOINT_URL is no address: write https://s3.example.org")
    }
    self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
    accessKey = try value("AWS_ACCESS_KEY_ID")
    secretKey = try value("AWS_SECRET_ACCESS_KEY")
    region = environment["AWS_REGION"].flatMap { $0.isEmpty ? nil : $0 } ?? "us-east-1"
  }

  /// What a request's `host` header says.
  var host: String { endpoint.split(separator: "/").last.map(String.init) ?? endpoint }
}

extension S3Settings: CustomStringConvertible, CustomReflectable {
  /// Without the secret, whoever prints it.
  public var description: String { "\(accessKey) at \(endpoint)" }

  public var customMirror: Mirror { Mirror(self, children: ["accessKey": accessKey, "endpoint": endpoint]) }
}
