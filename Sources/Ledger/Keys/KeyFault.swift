/// What can be wrong with a key, its file or the authority's certificates.
public enum KeyFault: Error, Sendable, Equatable {
  case notAKey
  case cannotSign
  /// X.509 refused to make a certificate.
  case cannotCertify(String)
  /// Others may read the file: its mode must be 0600.
  case readableByOthers(path: String)
  /// The file holds no Ed25519 private key, or no certificate, as PEM.
  case malformed(path: String)
  /// The enrolling key lies here under a passphrase, which nobody gave.
  case locked
  /// Not the passphrase that it was locked with.
  case passphrase
  case file(FileFault)
}

extension KeyFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notAKey: "a key needs exactly \(SigningKey.seedBytes) random bytes"
    case .cannotSign: "the key cannot sign"
    case .cannotCertify(let reason): "cannot make the certificate: \(reason)"
    case .readableByOthers(let path): "others may read \(path): run chmod 600 on it"
    case .malformed(let path): "\(path) does not hold what it should, as PEM"
    case .locked: "the enrolling key is locked: give its passphrase with --passphrase-file"
    case .passphrase: "this is not the passphrase that the enrolling key was locked with"
    case .file(let fault): fault.description
    }
  }
}
