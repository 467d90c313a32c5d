import Foundation
import NIOSSL

/// How the line to the main system is encrypted: files on this station, so that no secret is typed anywhere.
public struct HandbackTLS: Sendable {
  /// Authorities that vouch for the receiver, PEM; those of this machine, if nil.
  public var authority: String?
  /// What this station shows a receiver that asks, a chain, and its private key, PEM: both or none.
  public var certificate: String?
  public var key: String?

  /// `handback-authority.pem`, `handback-certificate.pem` and `handback-certificate-key.pem`, those that are in the data
  /// folder.
  public init(folder: String) {
    func file(_ name: String) -> String? {
      let path = "\(folder)/handback-\(name).pem"
      return FileManager.default.fileExists(atPath: path) ? path : nil
    }
    (authority, certificate, key) = (file("authority"), file("certificate"), file("certificate-key"))
  }

  /// Whether the site has put any of them there.
  public var isPrepared: Bool { authority != nil || certificate != nil || key != nil }

  /// - Throws: where a file cannot be read, or the certificate and its key do not belong together.
  public func configuration() throws -> TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    if let authority { tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority)) }
    guard (certificate == nil) == (key == nil) else { throw HandbackTLSFault.half }
    if let certificate, let key {
      tls.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
      tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
    }
    // Found now, not at each connection.
    _ = try NIOSSLContext(configuration: tls)
    return tls
  }
}

enum HandbackTLSFault: Error, CustomStringConvertible {
  case half

  var description: String { "the certificate and its key go together, and one of them is not there" }
}
