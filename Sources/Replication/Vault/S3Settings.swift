import Hospital

/// How to reach a bucket: read from the process's environment under the names that every S3 tool knows, so that no
/// secret is an argument or lies in a data folder.
public struct S3Settings: Sendable {
  /// Without a slash at its end: `https://s3.example.org`.
  public let endpoint: String
  public var accessKey: String
  public var region: String
  /// What a request's `host` header says.
  let host: String
  let secretKey: String

  /// `AWS_ENDPOINT_URL` (or `S3_ENDPOINT`), `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION` (`us-east-1`).
  public init(environment: [String: String]) throws(VaultFault) {
    func value(_ names: String...) throws(VaultFault) -> String {
      for name in names { if let value = environment[name], !value.isEmpty { return value } }
      throw .refused("\(names[0]) is not set: an S3 vault is reached with what this process's environment says")
    }
    let written = try value("AWS_ENDPOINT_URL", "S3_ENDPOINT")
    endpoint = written.hasSuffix("/") ? String(written.dropLast()) : written
    host = String(endpoint.drop { $0 != "/" }.dropFirst(2))
    // What is signed begins at the bucket: nothing may stand before it.
    guard ["https", "http"].contains(where: { HostAndPort(url: written, scheme: $0) != nil }), !host.contains("/")
    else {
      throw .refused("AWS_ENDPOINT_URL is no address: write https://s3.example.org")
    }
    accessKey = try value("AWS_ACCESS_KEY_ID")
    secretKey = try value("AWS_SECRET_ACCESS_KEY")
    region = environment["AWS_REGION"].flatMap { $0.isEmpty ? nil : $0 } ?? "us-east-1"
  }
}

extension S3Settings: CustomStringConvertible, CustomReflectable {
  /// Without the secret, whoever prints it.
  public var description: String { "\(accessKey) at \(endpoint)" }

  public var customMirror: Mirror { Mirror(self, children: ["accessKey": accessKey, "endpoint": endpoint]) }
}
