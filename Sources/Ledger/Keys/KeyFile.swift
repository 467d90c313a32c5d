import X509

/// Private keys on disk: PKCS #8 as PEM, which any tool can read, in a file that only its owner can.
extension SigningKey {
  /// Creates the file with mode 0600 and syncs it. Fails where there is a file already.
  public func write(to path: String) throws(KeyFault) {
    let pem = try pem()
    do throws(FileFault) {
      let file = try DiskFile(creating: path, mode: 0o600)
      try file.write(Array("\(pem)\n".utf8))
      try file.sync()
      try DiskFile.syncFolder(of: path)
    } catch { throw .file(error) }
  }

  /// PKCS #8 as PEM. It is the secret itself: for this key's file, and for the library that speaks TLS with it.
  package func pem() throws(KeyFault) -> String {
    do { return try Certificate.PrivateKey(key).serializeAsPEM().pemString } catch { throw .cannotSign }
  }

  /// Refuses a file that others may read.
  public init(contentsOf path: String) throws(KeyFault) {
    let (text, mode): (String, UInt32)
    do throws(FileFault) {
      let file = try DiskFile(reading: path)
      mode = try file.mode()
      text = String(decoding: try file.read(atMost: 4096), as: UTF8.self)
    } catch { throw .file(error) }
    guard mode & 0o077 == 0 else { throw .readableByOthers(path: path) }
    guard let key = try? Certificate.PrivateKey(pemEncoded: text), let seed = SigningKey.seed(of: key),
      let signingKey = SigningKey(seed: seed)
    else { throw .malformed(path: path) }
    self = signingKey
  }

  /// The last 32 bytes of an Ed25519 key's PKCS #8 (RFC 8410 section 7).
  private static func seed(of key: Certificate.PrivateKey) -> [UInt8]? {
    guard PublicKey(key.publicKey) != nil, let pem = try? key.serializeAsPEM() else { return nil }
    return Array(pem.derBytes.suffix(seedBytes))
  }
}
