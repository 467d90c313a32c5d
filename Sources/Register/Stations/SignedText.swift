import Ledger

extension Register {
  /// `text` as this station vouches for it: a last line `signed <station> <signature>`, Ed25519 over all bytes before
  /// that line, base64url. Nobody mistakes it for a commit: those are one line of JSON.
  public func signed(_ text: String) throws(RegisterFault) -> String {
    let body = text.hasSuffix("\n") ? text : text + "\n"
    return body + "signed \(station) \(Base64.url(try signature(of: Array(body.utf8))))\n"
  }

  /// Ed25519 by this station's key, 64 bytes, to lie beside what it vouches for.
  /// - Parameter document: ends with a newline, which no commit's body has: nobody mistakes it for one.
  public func signature(of document: [UInt8]) throws(RegisterFault) -> [UInt8] {
    do { return try folder.key(of: station).signature(for: document) } catch { throw RegisterFault(error) }
  }
}
